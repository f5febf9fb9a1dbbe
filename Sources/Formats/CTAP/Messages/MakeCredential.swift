public import Encoding

/// The parameters of authenticatorMakeCredential (CTAP 2.1 §6.1).
public struct MakeCredentialRequest: Hashable, Sendable {
    /// The SHA-256 of the client data: 32 bytes.
    public var clientDataHash: [UInt8]
    /// For whom the credential is.
    public var relyingParty: RelyingPartyEntity
    /// The account at the relying party.
    public var user: UserEntity
    /// The algorithms that the relying party takes, the best first.
    public var algorithms: [CredentialParameters]
    /// Credentials of which the authenticator must hold none.
    public var excludeList: [CredentialDescriptor]?
    /// The extensions' inputs by their identifiers.
    public var extensions: [String: CBOR]
    /// `rk`, `uv` and `up`, where given.
    public var options: [String: Bool]
    /// Proof of a PIN/UV auth token.
    public var authorization: PINUVAuthorization
    /// 1 for vendor-facilitated enterprise attestation, 2 for platform-managed.
    public var enterpriseAttestation: Int?

    /// A request from its parts.
    public init(
        clientDataHash: [UInt8],
        relyingParty: RelyingPartyEntity,
        user: UserEntity,
        algorithms: [CredentialParameters],
        excludeList: [CredentialDescriptor]? = nil,
        extensions: [String: CBOR] = [:],
        options: [String: Bool] = [:],
        authorization: PINUVAuthorization = .absent,
        enterpriseAttestation: Int? = nil
    ) {
        self.clientDataHash = clientDataHash
        self.relyingParty = relyingParty
        self.user = user
        self.algorithms = algorithms
        self.excludeList = excludeList
        self.extensions = extensions
        self.options = options
        self.authorization = authorization
        self.enterpriseAttestation = enterpriseAttestation
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        clientDataHash = try parameters.required(0x01, length: 32)
        relyingParty = try RelyingPartyEntity(parameters.requiredNested(0x02))
        user = try UserEntity(parameters.requiredNested(0x03))
        guard let items = try parameters.nestedArray(0x04) else {
            throw .missingParameter(parameters.name(of: 0x04))
        }
        algorithms = []
        for item in items { algorithms.append(try CredentialParameters(item)) }
        excludeList = try CredentialDescriptor.list(parameters.nestedArray(0x05))
        extensions = try parameters.extensionInputs(0x06)
        options = try parameters.optional(0x07, \.optionsValue) ?? [:]
        authorization = try PINUVAuthorization(
            parameters, protocolKey: 0x09, parameterKey: 0x08)
        enterpriseAttestation = try parameters.optional(0x0A, \.intValue)
    }

    var cbor: CBOR {
        .map(present: [
            0x01: .bytes(clientDataHash),
            0x02: relyingParty.cbor,
            0x03: user.cbor,
            0x04: .array(algorithms.map(\.cbor)),
            0x05: excludeList.map { .array($0.map(\.cbor)) },
            0x06: CBOR.extensionInputs(extensions),
            0x07: CBOR.options(options),
            0x08: authorization.parameterItem,
            0x09: authorization.protocolItem,
            0x0A: enterpriseAttestation.map { CBOR($0) },
        ])
    }
}

/// The response to authenticatorMakeCredential (CTAP 2.1 §6.1): an attestation object under integer keys.
public struct MakeCredentialResponse: Hashable, Sendable {
    /// The attestation statement's format.
    public let format: String
    /// The authenticator data, as it was signed.
    public let authenticatorData: [UInt8]
    /// The attestation statement: a map.
    public let statement: CBOR
    /// Whether the attestation names the single device.
    public let isEnterpriseAttestation: Bool?
    /// The key for the credential's large blob: 32 bytes.
    public let largeBlobKey: [UInt8]?

    /// A response from its parts.
    public init(
        format: String, authenticatorData: [UInt8], statement: CBOR,
        isEnterpriseAttestation: Bool? = nil, largeBlobKey: [UInt8]? = nil
    ) {
        self.format = format
        self.authenticatorData = authenticatorData
        self.statement = statement
        self.isEnterpriseAttestation = isEnterpriseAttestation
        self.largeBlobKey = largeBlobKey
    }

    /// Decodes the map that follows the status.
    public init(decoding bytes: [UInt8]) throws(MalformedMessage) {
        let parameters = try Parameters(decoding: bytes)
        format = try parameters.required(0x01, \.textValue)
        authenticatorData = try parameters.required(0x02, \.bytesValue)
        statement = try .map(parameters.required(0x03, \.mapValue))
        isEnterpriseAttestation = try parameters.optional(0x04, \.boolValue)
        largeBlobKey = try parameters.optional(0x05, \.bytesValue)
    }

    /// The map that follows the status.
    public var cbor: CBOR {
        .map(present: [
            0x01: .text(format),
            0x02: .bytes(authenticatorData),
            0x03: statement,
            0x04: isEnterpriseAttestation.map(CBOR.bool),
            0x05: largeBlobKey.map(CBOR.bytes),
        ])
    }
}

extension Parameters {
    /// A map from extension identifiers to their inputs; empty where it is absent.
    func extensionInputs(_ key: CBOR) throws(MalformedMessage) -> [String: CBOR] {
        var inputs: [String: CBOR] = [:]
        for (identifier, input) in try optional(key, \.mapValue) ?? [:] {
            guard let identifier = identifier.textValue else {
                throw .unexpectedType(parameter: name(of: key))
            }
            inputs[identifier] = input
        }
        return inputs
    }
}

extension CBOR {
    static func extensionInputs(_ inputs: [String: CBOR]) -> CBOR? {
        guard !inputs.isEmpty else { return nil }
        return .map(Dictionary(uniqueKeysWithValues: inputs.map { (.text($0.key), $0.value) }))
    }

    static func options(_ options: [String: Bool]) -> CBOR? {
        guard !options.isEmpty else { return nil }
        return .map(
            Dictionary(uniqueKeysWithValues: options.map { (.text($0.key), .bool($0.value)) }))
    }
}
