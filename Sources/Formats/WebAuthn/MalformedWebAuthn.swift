public import Encoding

/// Why a WebAuthn structure could not be decoded.
public enum MalformedWebAuthn: Error, Hashable, Sendable {
    /// The authenticator data is not laid out as its flags say (§6.1).
    case authenticatorData(MalformedEncoding)
    /// The attestation object is not the CBOR map of §6.5.4.
    case attestationObject
    /// The attestation object is not canonical CBOR.
    case attestationObjectEncoding(MalformedEncoding)
    /// The attestation statement has not the members that its format defines (§8).
    case attestationStatement(format: String)
    /// The credential public key is not the COSE_Key that its algorithm defines (RFC 9053).
    case credentialPublicKey
    /// The credential public key names an algorithm that is not known here.
    case unsupportedAlgorithm(COSEAlgorithm)
    /// The client data is not a JSON object (§5.8.1).
    case clientDataEncoding(MalformedEncoding)
    /// A member of the client data is missing or of another type.
    case clientDataMember(String)
    /// A JSON message is not JSON.
    case messageEncoding(MalformedEncoding)
    /// A member of a JSON message is missing, of another type, or not what it should be (§5.1).
    case messageMember(String)
    /// An identifier has a length that the specification does not allow.
    case identifierLength(Int)
    /// A relying party identifier is not a valid domain string.
    case relyingPartyID

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .authenticatorData: "malformed-authenticator-data"
        case .attestationObject, .attestationObjectEncoding: "malformed-attestation-object"
        case .attestationStatement: "malformed-attestation-statement"
        case .credentialPublicKey: "malformed-credential-public-key"
        case .unsupportedAlgorithm: "unsupported-algorithm"
        case .clientDataEncoding, .clientDataMember: "malformed-client-data"
        case .messageEncoding, .messageMember: "malformed-message"
        case .identifierLength: "malformed-identifier"
        case .relyingPartyID: "malformed-relying-party-id"
        }
    }
}
