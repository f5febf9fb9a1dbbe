import Accounts
public import CredentialStore
public import DeviceModels
import PIV
import VerificationCore
import WebAuthn

extension CardKeyRecord {
    /// What verification showed of a key, and what the client claims beside it.
    ///
    /// What an attestation states is kept only where it leads to a known root: else it is anybody's word.
    init(_ verified: VerifiedCardRegistration, claims: CardClaims) {
        let certificates: [[UInt8]]
        switch (verified.basis, verified.evidence) {
        case (_, .attested(let attestation, let intermediates)):
            certificates = [attestation] + intermediates
        case (.certificate, .issued(let certificate, _, let intermediates, _)):
            certificates = [certificate] + intermediates
        case (.attestation, .issued(_, let attestation, let intermediates, _)):
            certificates = [attestation].compactMap(\.self) + intermediates
        }
        self.init(
            publicKey: verified.key.subjectPublicKeyInfo, slot: verified.slot,
            evidence: verified.basis == .attestation ? .attested : .issued,
            isTrusted: verified.isTrusted, isPINRequired: verified.isPINRequired,
            certificates: certificates)
        answerToReset = claims.answerToReset
        if let attestation = verified.attestation, let root = verified.attestationRoot {
            attestationRoot = root
            serialNumber = attestation.serialNumber
            firmware = attestation.firmware
            pinPolicy = attestation.pinPolicy
            touchPolicy = attestation.touchPolicy
            formFactor = attestation.formFactor
        }
    }
}

extension CardKeyRecord {
    /// The models that the card may be: by what is attested, else by the answer to reset that the client claims.
    public func models(in catalogue: Catalogue) -> [DeviceModel] {
        catalogue.models(
            forCard: answerToReset.isEmpty ? nil : answerToReset, attested: attestedFacts)
    }

    /// Whether the key is known to live in a card and never to leave it: by an attestation of a maker whose cards are
    /// known and no programs, or by the word of an authority that the operator chose for issuing to cards alone. What the
    /// client claims counts for nothing.
    func isHardwareBound(_ catalogue: Catalogue) -> Bool {
        guard isTrusted else { return false }
        switch evidence {
        case .issued: return true
        case .attested:
            let models = catalogue.models(forCard: nil, attested: attestedFacts)
            return !models.isEmpty && models.allSatisfy { !$0.isSoftware }
        }
    }

    /// By what means the card verifies its person before it uses the key; none where it is not known to.
    public var verificationMeans: Set<UserVerificationMeans> {
        guard isPINRequired else { return [] }
        switch pinPolicy {
        case .matchOnce, .matchAlways: return [.fingerprint, .pin]
        case .defaultPolicy, .never, .once, .always, nil: return [.pin]
        }
    }

    /// What the advisories say of the key.
    func findings(in catalogue: Catalogue, algorithm: COSEAlgorithm) -> [Finding] {
        let family: KeyAlgorithmFamily? =
            switch algorithm {
            case .es256, .es384: .ecdsa
            case .ps256, .rs256: .rsa
            default: nil
            }
        return catalogue.advisories(
            forCard: models(in: catalogue), firmware: attestedFacts?.firmware, algorithm: family)
    }

    private var attestedFacts: AttestedCardFacts? {
        guard let attestationRoot else { return nil }
        let version = firmware.map {
            FirmwareVersion(UInt16($0.major), UInt16($0.minor), UInt16($0.patch))
        }
        return AttestedCardFacts(
            formFactor: formFactor, firmware: version, root: attestationRoot)
    }
}
