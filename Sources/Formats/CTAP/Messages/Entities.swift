public import Encoding

/// The relying party of a credential (PublicKeyCredentialRpEntity).
public struct RelyingPartyEntity: Hashable, Sendable {
    /// The relying party identifier as the client sent it.
    public let id: String
    /// Its name for people.
    public let name: String?

    /// A relying party.
    public init(id: String, name: String? = nil) {
        self.id = id
        self.name = name
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        id = try parameters.required("id", \.textValue)
        name = try parameters.optional("name", \.textValue)
    }

    /// The map on the wire.
    public var cbor: CBOR { .map(present: ["id": .text(id), "name": name.map(CBOR.text)]) }
}

/// The user account of a credential (PublicKeyCredentialUserEntity).
public struct UserEntity: Hashable, Sendable {
    /// The user handle: at most 64 bytes.
    public let id: [UInt8]
    /// The account's name.
    public let name: String?
    /// The person's name.
    public let displayName: String?

    /// A user account.
    public init(id: [UInt8], name: String? = nil, displayName: String? = nil) {
        self.id = id
        self.name = name
        self.displayName = displayName
    }

    /// Decodes the map on the wire. Refuses user handles of more than 64 bytes.
    public init(_ value: CBOR) throws(MalformedMessage) {
        try self.init(Parameters(value, path: "user"))
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        id = try parameters.required("id", \.bytesValue)
        guard id.count <= 64 else { throw .invalidParameter(parameters.name(of: "id")) }
        name = try parameters.optional("name", \.textValue)
        displayName = try parameters.optional("displayName", \.textValue)
    }

    /// The map on the wire.
    public var cbor: CBOR {
        .map(present: [
            "id": .bytes(id), "name": name.map(CBOR.text),
            "displayName": displayName.map(CBOR.text),
        ])
    }

    /// The entity as an authenticator gives it out when the person was not verified: the handle alone.
    public var anonymous: UserEntity { UserEntity(id: id) }
}

/// A reference to a credential (PublicKeyCredentialDescriptor).
public struct CredentialDescriptor: Hashable, Sendable {
    /// The credential's identifier.
    public let id: [UInt8]
    /// `public-key`; a credential of another type fits nothing.
    public let type: String
    /// How the authenticator may be reached, as hints.
    public let transports: [String]?

    /// The one type that there is.
    public static let publicKey = "public-key"

    /// A reference to a public-key credential.
    public init(id: [UInt8], transports: [String]? = nil) {
        self.id = id
        self.type = Self.publicKey
        self.transports = transports
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        id = try parameters.required("id", \.bytesValue)
        type = try parameters.required("type", \.textValue)
        transports = try parameters.optional("transports", \.textArrayValue)
    }

    /// The map on the wire.
    public var cbor: CBOR {
        .map(present: [
            "id": .bytes(id), "type": .text(type),
            "transports": transports.map { .array($0.map(CBOR.text)) },
        ])
    }

    static func list(
        _ items: [Parameters]?
    ) throws(MalformedMessage) -> [CredentialDescriptor]? {
        guard let items else { return nil }
        var list: [CredentialDescriptor] = []
        for item in items { list.append(try CredentialDescriptor(item)) }
        return list
    }
}

/// An algorithm that a relying party takes (PublicKeyCredentialParameters).
public struct CredentialParameters: Hashable, Sendable {
    /// The COSE algorithm's number.
    public let algorithm: Int
    /// `public-key`; another type fits nothing.
    public let type: String

    /// An algorithm for public-key credentials.
    public init(algorithm: Int) {
        self.algorithm = algorithm
        type = CredentialDescriptor.publicKey
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        algorithm = try parameters.required("alg", \.intValue)
        type = try parameters.required("type", \.textValue)
    }

    /// The map on the wire.
    public var cbor: CBOR { ["alg": CBOR(algorithm), "type": .text(type)] }
}
