public import WebAuthn

/// Why a ceremony failed: the first check that did not hold. The peer learns none of it; the sign-in record keeps the
/// code.
public enum CeremonyFailure: Error, Hashable, Sendable {
    /// A part of the response could not be decoded.
    case malformed(MalformedWebAuthn)
    /// The client data is of another ceremony.
    case wrongType(ClientData.CeremonyType)
    /// The client answered another challenge.
    case wrongChallenge
    /// The ceremony ran on an origin that is not the relying party's.
    case wrongOrigin(String)
    /// The ceremony ran in a frame of another origin, which the relying party does not expect.
    case unexpectedCrossOrigin
    /// The topmost origin is not one that may embed the relying party.
    case wrongTopOrigin(String)
    /// The authenticator answered for another relying party.
    case wrongRelyingParty
    /// Nobody touched the authenticator.
    case userNotPresent
    /// The person was to be verified and was not.
    case userNotVerified
    /// The credential claims to be backed up though it cannot be.
    case backupStateWithoutEligibility
    /// Backup eligibility differs from what was registered; it never changes.
    case backupEligibilityChanged
    /// The registration carries no credential.
    case noAttestedCredential
    /// The credential identifier beside the response is not the one that was attested.
    case credentialIDMismatch
    /// The new key's algorithm was not offered.
    case algorithmNotOffered(COSEAlgorithm)
    /// The public key is not a point on its curve.
    case invalidPublicKey
    /// The attestation format is not verified here.
    case unsupportedAttestationFormat(String)
    /// The attestation's signature does not verify.
    case invalidAttestationSignature
    /// The attestation names an algorithm that is not its key's.
    case attestationAlgorithmMismatch
    /// The attestation certificate breaks a rule of §8.2.1.
    case invalidAttestationCertificate(CertificateFault)
    /// Policy wants attestation that leads to a known root.
    case attestationNotTrusted
    /// The credential is not registered, or not for this user and relying party.
    case credentialNotAllowed
    /// The user handle is another user's.
    case userHandleMismatch
    /// The assertion's signature does not verify.
    case invalidSignature

    /// What is wrong with an attestation certificate.
    public enum CertificateFault: String, Hashable, Sendable {
        /// It is not one DER certificate.
        case malformed
        /// It is not of version 3.
        case version
        /// The subject lacks country, organisation, common name, or the unit "Authenticator Attestation".
        case subject
        /// The basic constraints are absent or say that it is an authority's.
        case basicConstraints = "basic-constraints"
        /// The AAGUID extension is malformed, critical, or of another model.
        case aaguid
    }

    /// A stable name for the sign-in record and for clients that may know reasons.
    public var code: String {
        switch self {
        case .malformed(let error): error.code
        case .wrongType: "wrong-type"
        case .wrongChallenge: "wrong-challenge"
        case .wrongOrigin: "wrong-origin"
        case .unexpectedCrossOrigin: "unexpected-cross-origin"
        case .wrongTopOrigin: "wrong-top-origin"
        case .wrongRelyingParty: "wrong-relying-party"
        case .userNotPresent: "user-not-present"
        case .userNotVerified: "user-not-verified"
        case .backupStateWithoutEligibility: "backup-state-without-eligibility"
        case .backupEligibilityChanged: "backup-eligibility-changed"
        case .noAttestedCredential: "no-attested-credential"
        case .credentialIDMismatch: "credential-id-mismatch"
        case .algorithmNotOffered: "algorithm-not-offered"
        case .invalidPublicKey: "invalid-public-key"
        case .unsupportedAttestationFormat: "unsupported-attestation-format"
        case .invalidAttestationSignature: "invalid-attestation-signature"
        case .attestationAlgorithmMismatch: "attestation-algorithm-mismatch"
        case .invalidAttestationCertificate: "invalid-attestation-certificate"
        case .attestationNotTrusted: "attestation-not-trusted"
        case .credentialNotAllowed: "credential-not-allowed"
        case .userHandleMismatch: "user-handle-mismatch"
        case .invalidSignature: "invalid-signature"
        }
    }
}
