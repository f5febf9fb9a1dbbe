public import PIV
public import WebAuthn

/// Why a card's enrolment or answer was refused: the first check that did not hold. The peer learns none of it; the
/// sign-in record keeps the code.
public enum CardFailure: Error, Hashable, Sendable {
    /// The relying party takes no keys of this slot.
    case slotNotAllowed(PIVSlot)
    /// The signature's algorithm was not offered.
    case algorithmNotOffered(COSEAlgorithm)
    /// What the client says was signed is no message of ours, or none can be made for this user.
    case malformedMessage
    /// The message was signed for another purpose.
    case wrongPurpose(CardSignedMessage.Purpose)
    /// The message answers another challenge.
    case wrongChallenge
    /// The message is for another relying party.
    case wrongRelyingParty(String)
    /// The message is another user's.
    case wrongUser(String)
    /// The message names another key, or the certificate on record is another key's.
    case wrongKey
    /// The key is none that a card may have here: P-256, P-384, or RSA of 2048 to 4096 bits.
    case unsupportedKey
    /// The key cannot make signatures of the algorithm.
    case algorithmMismatch
    /// The card's key, or one above it, is RSA with the fingerprint of a generator whose keys can be factored.
    case weakKey
    /// The attestation cannot be decoded: its certificates, or what its extensions state.
    case malformedAttestation
    /// The attestation is for another slot, or for none; `nil` where it names none.
    case attestationSlotMismatch(PIVSlot?)
    /// None of the certificates beside the attestation, and no anchor, has signed it.
    case invalidAttestationSignature
    /// Policy wants an attestation that leads to a known root.
    case attestationNotTrusted
    /// The certificate, or one that it came with, cannot be decoded.
    case malformedCertificate
    /// The discovery object cannot be decoded.
    case malformedDiscovery
    /// The certificate is not for signing in.
    case certificateNotForAuthentication(CertificateFault)
    /// No rule says which certificate is whose.
    case noSubjectRule
    /// The certificate is not the user's.
    case wrongSubject
    /// The certificate, or one above it, has expired.
    case certificateExpired
    /// The certificate, or one above it, is not valid yet.
    case certificateNotYetValid
    /// The certificate, or one above it, is revoked.
    case certificateRevoked
    /// A revocation list that is needed is missing, out of date, or not its issuer's.
    case revocationUnknown
    /// A key of the path is below 112 bits of strength, or a signature's hash is.
    case certificateTooWeak
    /// The certificate does not lead to an issuer that is trusted.
    case certificateNotTrusted
    /// The person was to be verified, and nothing shows that the card asks for the PIN.
    case userNotVerified
    /// The signature does not verify.
    case invalidSignature

    /// What a certificate says that rules it out.
    ///
    /// Where an extension cannot be read, whichever it is, the basic constraints are to blame if there are any, and the key
    /// usage if there are none: a certificate is then good for nothing.
    public enum CertificateFault: String, Hashable, Sendable {
        /// The basic constraints say that it is an authority's.
        case basicConstraints = "basic-constraints"
        /// The key usage lacks digitalSignature.
        case keyUsage = "key-usage"
        /// The extended key usage lacks every one that allows signing in.
        case extendedKeyUsage = "extended-key-usage"
    }

    /// A stable name for the sign-in record and for clients that may know reasons.
    public var code: String {
        switch self {
        case .slotNotAllowed: "slot-not-allowed"
        case .algorithmNotOffered: "algorithm-not-offered"
        case .malformedMessage: "malformed-card-message"
        case .wrongPurpose: "wrong-purpose"
        case .wrongChallenge: "wrong-challenge"
        case .wrongRelyingParty: "wrong-relying-party"
        case .wrongUser: "wrong-user"
        case .wrongKey: "wrong-key"
        case .unsupportedKey: "unsupported-key"
        case .algorithmMismatch: "algorithm-mismatch"
        case .weakKey: "weak-key"
        case .malformedAttestation: "malformed-attestation"
        case .attestationSlotMismatch: "attestation-slot-mismatch"
        case .invalidAttestationSignature: "invalid-attestation-signature"
        case .attestationNotTrusted: "attestation-not-trusted"
        case .malformedCertificate: "malformed-certificate"
        case .malformedDiscovery: "malformed-discovery"
        case .certificateNotForAuthentication: "certificate-not-for-authentication"
        case .noSubjectRule: "no-subject-rule"
        case .wrongSubject: "wrong-subject"
        case .certificateExpired: "certificate-expired"
        case .certificateNotYetValid: "certificate-not-yet-valid"
        case .certificateRevoked: "certificate-revoked"
        case .revocationUnknown: "revocation-unknown"
        case .certificateTooWeak: "certificate-too-weak"
        case .certificateNotTrusted: "certificate-not-trusted"
        case .userNotVerified: "user-not-verified"
        case .invalidSignature: "invalid-signature"
        }
    }
}
