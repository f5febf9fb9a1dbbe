public import Encoding

/// The response to authenticatorCredentialManagement (CTAP 2.1 §6.8); which members it has depends on the
/// subcommand.
public struct CredentialManagementResponse: Hashable, Sendable {
    /// How many discoverable credentials there are.
    public var existingCredentials: Int?
    /// How many more there is room for, at least.
    public var remainingCredentials: Int?
    /// A relying party with credentials here.
    public var relyingParty: RelyingPartyEntity?
    /// The SHA-256 of its identifier.
    public var rpIDHash: [UInt8]?
    /// How many relying parties the enumeration has.
    public var totalRelyingParties: Int?
    /// The account of a credential.
    public var user: UserEntity?
    /// The credential.
    public var credential: CredentialDescriptor?
    /// Its public key: a COSE_Key.
    public var publicKey: CBOR?
    /// How many credentials the enumeration has.
    public var totalCredentials: Int?
    /// The credential's protection level, 1 to 3.
    public var credentialProtection: Int?
    /// The key for the credential's large blob.
    public var largeBlobKey: [UInt8]?

    /// A response without members.
    public init() {}

    /// Decodes the map that follows the status.
    public init(decoding bytes: [UInt8]) throws(MalformedMessage) {
        let parameters = try Parameters(decoding: bytes)
        existingCredentials = try parameters.optional(0x01, \.intValue)
        remainingCredentials = try parameters.optional(0x02, \.intValue)
        if let entity = try parameters.nested(0x03) {
            relyingParty = try RelyingPartyEntity(entity)
        }
        rpIDHash = try parameters.optional(0x04, \.bytesValue)
        totalRelyingParties = try parameters.optional(0x05, \.intValue)
        if let entity = try parameters.nested(0x06) { user = try UserEntity(entity) }
        if let descriptor = try parameters.nested(0x07) {
            credential = try CredentialDescriptor(descriptor)
        }
        publicKey = try parameters.optional(0x08, \.mapValue).map(CBOR.map)
        totalCredentials = try parameters.optional(0x09, \.intValue)
        credentialProtection = try parameters.optional(0x0A, \.intValue)
        largeBlobKey = try parameters.optional(0x0B, \.bytesValue)
    }

    /// The map that follows the status.
    public var cbor: CBOR {
        .map(present: [
            0x01: existingCredentials.map { CBOR($0) },
            0x02: remainingCredentials.map { CBOR($0) },
            0x03: relyingParty?.cbor,
            0x04: rpIDHash.map(CBOR.bytes),
            0x05: totalRelyingParties.map { CBOR($0) },
            0x06: user?.cbor,
            0x07: credential?.cbor,
            0x08: publicKey,
            0x09: totalCredentials.map { CBOR($0) },
            0x0A: credentialProtection.map { CBOR($0) },
            0x0B: largeBlobKey.map(CBOR.bytes),
        ])
    }
}
