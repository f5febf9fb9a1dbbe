public import Encoding

/// The parameters of authenticatorGetAssertion (CTAP 2.1 §6.2).
public struct GetAssertionRequest: Hashable, Sendable {
    /// The relying party identifier.
    public var relyingPartyID: String
    /// The SHA-256 of the client data: 32 bytes.
    public var clientDataHash: [UInt8]
    /// The credentials that may answer; absent for any discoverable one.
    public var allowList: [CredentialDescriptor]?
    /// The extensions' inputs by their identifiers.
    public var extensions: [String: CBOR]
    /// `up`, `uv` and `rk`, where given.
    public var options: [String: Bool]
    /// Proof of a PIN/UV auth token.
    public var authorization: PINUVAuthorization

    /// A request from its parts.
    public init(
        relyingPartyID: String,
        clientDataHash: [UInt8],
        allowList: [CredentialDescriptor]? = nil,
        extensions: [String: CBOR] = [:],
        options: [String: Bool] = [:],
        authorization: PINUVAuthorization = .absent
    ) {
        self.relyingPartyID = relyingPartyID
        self.clientDataHash = clientDataHash
        self.allowList = allowList
        self.extensions = extensions
        self.options = options
        self.authorization = authorization
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        relyingPartyID = try parameters.required(0x01, \.textValue)
        clientDataHash = try parameters.required(0x02, length: 32)
        allowList = try CredentialDescriptor.list(parameters.nestedArray(0x03))
        extensions = try parameters.extensionInputs(0x04)
        options = try parameters.optional(0x05, \.optionsValue) ?? [:]
        authorization = try PINUVAuthorization(
            parameters, protocolKey: 0x07, parameterKey: 0x06)
    }

    var cbor: CBOR {
        .map(present: [
            0x01: .text(relyingPartyID),
            0x02: .bytes(clientDataHash),
            0x03: allowList.map { .array($0.map(\.cbor)) },
            0x04: CBOR.extensionInputs(extensions),
            0x05: CBOR.options(options),
            0x06: authorization.parameterItem,
            0x07: authorization.protocolItem,
        ])
    }
}

/// The response to authenticatorGetAssertion and authenticatorGetNextAssertion (CTAP 2.1 §6.2, §6.3).
public struct GetAssertionResponse: Hashable, Sendable {
    /// The credential that answers.
    public let credential: CredentialDescriptor?
    /// The authenticator data, as it was signed.
    public let authenticatorData: [UInt8]
    /// The signature over authenticator data and client data hash.
    public let signature: [UInt8]
    /// The account, for a discoverable credential.
    public let user: UserEntity?
    /// How many credentials can answer, where it is more than one and the client chooses.
    public let numberOfCredentials: Int?
    /// The key for the credential's large blob: 32 bytes.
    public let largeBlobKey: [UInt8]?

    /// A response from its parts.
    public init(
        credential: CredentialDescriptor?, authenticatorData: [UInt8], signature: [UInt8],
        user: UserEntity? = nil, numberOfCredentials: Int? = nil, largeBlobKey: [UInt8]? = nil
    ) {
        self.credential = credential
        self.authenticatorData = authenticatorData
        self.signature = signature
        self.user = user
        self.numberOfCredentials = numberOfCredentials
        self.largeBlobKey = largeBlobKey
    }

    /// Decodes the map that follows the status.
    public init(decoding bytes: [UInt8]) throws(MalformedMessage) {
        let parameters = try Parameters(decoding: bytes)
        if let descriptor = try parameters.nested(0x01) {
            credential = try CredentialDescriptor(descriptor)
        } else {
            credential = nil
        }
        authenticatorData = try parameters.required(0x02, \.bytesValue)
        signature = try parameters.required(0x03, \.bytesValue)
        if let account = try parameters.nested(0x04) {
            user = try UserEntity(account)
        } else {
            user = nil
        }
        numberOfCredentials = try parameters.optional(0x05, \.intValue)
        largeBlobKey = try parameters.optional(0x07, \.bytesValue)
    }

    /// The map that follows the status.
    public var cbor: CBOR {
        .map(present: [
            0x01: credential?.cbor,
            0x02: .bytes(authenticatorData),
            0x03: .bytes(signature),
            0x04: user?.cbor,
            0x05: numberOfCredentials.map { CBOR($0) },
            0x07: largeBlobKey.map(CBOR.bytes),
        ])
    }
}
