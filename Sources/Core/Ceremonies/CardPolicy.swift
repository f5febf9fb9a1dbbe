public import Cryptography
public import PIV
public import VerificationCore
public import WebAuthn

/// What the operator has decided about cards.
public struct CardPolicy: Sendable {
    /// Which attestations will do for a key that a card makes when it is enrolled.
    public var attestation: AttestationVerifier.Policy
    /// The vendors' roots that attestations of cards may lead to.
    public var attestationAnchors: [Certificate]
    /// The authorities whose certificates are accepted. Each must issue to keys in cards alone.
    public var issuers: [Certificate]
    /// How the subject of such a certificate names its user; without a rule none is accepted.
    public var subject: SubjectRule?
    /// Whether revocation of such certificates is checked, and against which lists; asked for each batch, so that lists
    /// can be renewed while the server runs.
    public var revocation: @Sendable () -> RevocationPolicy
    /// The slots whose keys may be enrolled.
    public var slots: Set<PIVSlot>
    /// The algorithms that are accepted, the best first.
    public var algorithms: [COSEAlgorithm]
    /// Whether a card may keep the management key that everybody knows.
    public var allowsDefaultManagementKey: Bool

    /// A policy for keys in slot 9A that are attested by a known vendor, of which it knows none yet.
    public init() {
        attestation = .trusted
        attestationAnchors = []
        issuers = []
        subject = nil
        revocation = { .off }
        slots = [.authentication]
        algorithms = [.es256, .es384, .ps256, .rs256]
        allowsDefaultManagementKey = false
    }

    var trust: CardTrust {
        CardTrust(
            attestationAnchors: attestationAnchors, attestation: attestation, issuers: issuers,
            revocation: revocation(), subject: subject)
    }
}
