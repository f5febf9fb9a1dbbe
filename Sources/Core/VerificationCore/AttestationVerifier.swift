public import Cryptography
import Encoding
import WebAuthn

/// What an attestation amounts to.
public struct AttestationResult: Sendable, Hashable {
    /// How the authenticator attested (WebAuthn Level 3 §6.5.3).
    public enum Kind: String, Sendable, Hashable {
        /// Not at all: the AAGUID is anybody's claim.
        case none
        /// With the credential's own key: the key signed, nothing is known of the device.
        case selfAttestation = "self"
        /// With a certificate.
        case certificate
    }

    /// The statement's format.
    public let format: String
    /// How the authenticator attested.
    public let kind: Kind
    /// Whether the certificate leads to an anchor of the verifier's.
    public let isTrusted: Bool
}

/// Verifies attestation statements (WebAuthn Level 3 §7.1 steps 22 to 24, §8).
public struct AttestationVerifier: Sendable {
    /// Which attestations will do.
    public enum Policy: String, Sendable, Hashable, CaseIterable {
        /// Any that verifies, none among them. What it was is recorded.
        case any
        /// Only certificates that lead to a known root.
        case trusted
    }

    private let anchors: [Certificate]
    private let policy: Policy
    private let time: Int64

    /// A verifier that trusts `anchors`, at `time` in seconds since 1970.
    public init(anchors: [Certificate], policy: Policy, time: Int64) {
        self.anchors = anchors
        self.policy = policy
        self.time = time
    }

    func verify(
        _ object: AttestationObject, credential: AttestedCredentialData, key: CredentialKey,
        clientDataHash: [UInt8]
    ) throws(CeremonyFailure) -> AttestationResult {
        let message = object.authenticatorDataBytes + clientDataHash
        let result: AttestationResult
        switch object.statement {
        case .none:
            result = AttestationResult(format: "none", kind: .none, isTrusted: false)
        case .packed(let statement) where statement.certificates.isEmpty:
            try verifySelf(statement, key: key, message: message)
            result = AttestationResult(format: "packed", kind: .selfAttestation, isTrusted: false)
        case .packed(let statement):
            let chain = try verifyPacked(statement, credential: credential, message: message)
            result = AttestationResult(
                format: "packed", kind: .certificate, isTrusted: isTrusted(chain))
        case .unknown(let format, _):
            throw .unsupportedAttestationFormat(format)
        }
        guard policy == .any || result.isTrusted else { throw .attestationNotTrusted }
        return result
    }

    /// §8.2, the verification procedure without `x5c`.
    private func verifySelf(
        _ statement: PackedAttestation, key: CredentialKey, message: [UInt8]
    ) throws(CeremonyFailure) {
        guard statement.algorithm == key.coseKey.algorithm else {
            throw .attestationAlgorithmMismatch
        }
        guard key.isValidSignature(statement.signature, for: message) else {
            throw .invalidAttestationSignature
        }
    }

    /// §8.2, the verification procedure with `x5c`. The structure is checked before the signature.
    private func verifyPacked(
        _ statement: PackedAttestation, credential: AttestedCredentialData, message: [UInt8]
    ) throws(CeremonyFailure) -> [Certificate] {
        var chain: [Certificate] = []
        for der in statement.certificates {
            do throws(CryptographyError) {
                chain.append(try Certificate(derRepresentation: der))
            } catch {
                throw .invalidAttestationCertificate(.malformed)
            }
        }
        guard let leaf = chain.first else { throw .invalidAttestationCertificate(.malformed) }
        try Self.checkRequirements(of: leaf, aaguid: credential.aaguid)
        guard
            statement.algorithm == .es256, let key = leaf.publicKey, key.p256Point != nil
        else { throw .attestationAlgorithmMismatch }
        guard key.isValidSignature(statement.signature, for: message, scheme: .ecdsaSHA256) else {
            throw .invalidAttestationSignature
        }
        return chain
    }

    /// §8.2.1, the requirements on certificates for packed attestation statements.
    private static func checkRequirements(
        of certificate: Certificate, aaguid: AAGUID
    ) throws(CeremonyFailure) {
        guard certificate.version == 3 else { throw .invalidAttestationCertificate(.version) }
        let country = certificate.subjectValues("C")
        guard
            country.count == 1, country.allSatisfy({ $0.utf8.count == 2 }),
            certificate.subjectValues("O").contains(where: { !$0.isEmpty }),
            certificate.subjectValues("OU") == ["Authenticator Attestation"],
            certificate.subjectValues("CN").contains(where: { !$0.isEmpty })
        else { throw .invalidAttestationCertificate(.subject) }
        guard certificate.isCertificateAuthority == false else {
            throw .invalidAttestationCertificate(.basicConstraints)
        }
        let identifier = "1.3.6.1.4.1.45724.1.1.4"
        if certificate.hasExtension(identifier) {
            guard
                certificate.extensionValue(identifier) == [0x04, 0x10] + aaguid.bytes,
                !certificate.isCritical(identifier)
            else { throw .invalidAttestationCertificate(.aaguid) }
        }
    }

    private func isTrusted(_ chain: [Certificate]) -> Bool {
        guard let leaf = chain.first, !anchors.isEmpty else { return false }
        return leaf.chains(to: anchors, through: Array(chain.dropFirst()), at: time)
    }
}
