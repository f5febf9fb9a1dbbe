public import Cryptography

/// Whom the verifier believes about cards.
public struct CardTrust: Sendable {
    /// The card makers' roots, or authorities below them, that attestations must lead to.
    public let attestationAnchors: [Certificate]
    /// Which attestations will do.
    public let attestation: AttestationVerifier.Policy
    /// The authorities whose certificates cards may bring.
    public let issuers: [Certificate]
    /// Whether, and by which lists, certificates are checked for revocation.
    public let revocation: RevocationPolicy
    /// Which certificate is whose. `nil`: no issued certificate is accepted.
    public let subject: SubjectRule?

    /// Trust from its parts.
    public init(
        attestationAnchors: [Certificate], attestation: AttestationVerifier.Policy,
        issuers: [Certificate], revocation: RevocationPolicy, subject: SubjectRule?
    ) {
        self.attestationAnchors = attestationAnchors
        self.attestation = attestation
        self.issuers = issuers
        self.revocation = revocation
        self.subject = subject
    }
}

/// Whether certificates are checked for revocation.
public enum RevocationPolicy: Sendable {
    /// They are not.
    case off
    /// Each certificate below the anchor needs a list of its issuer's, among these and in date, that does not name it.
    case required(lists: [RevocationList])

    /// The lists to check against, or `nil` for no check.
    var lists: [RevocationList]? {
        switch self {
        case .off: nil
        case .required(let lists): lists
        }
    }
}
