import Encoding

/// What the client says about a ceremony, whose hash the authenticator signs (WebAuthn Level 3 §5.8.1).
public struct ClientData: Sendable, Hashable {
    /// Which ceremony: the member `type`.
    public struct CeremonyType: RawRepresentable, Sendable, Hashable {
        /// The word on the wire.
        public let rawValue: String

        /// Any word; unknown ones are kept, and verify as nothing.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A registration (`webauthn.create`).
        public static let create = CeremonyType(rawValue: "webauthn.create")
        /// An authentication (`webauthn.get`).
        public static let get = CeremonyType(rawValue: "webauthn.get")
    }

    /// Which ceremony.
    public let type: CeremonyType
    /// The challenge that was answered, decoded from base64url.
    public let challenge: [UInt8]
    /// The origin of the page or application, as the client wrote it.
    public let origin: String
    /// Whether the ceremony ran in a frame of another origin than its ancestors; `false` where it is absent.
    public let crossOrigin: Bool
    /// The origin of the topmost frame, where the ceremony ran in a frame of another origin.
    public let topOrigin: String?

    /// Client data from its parts.
    public init(
        type: CeremonyType, challenge: [UInt8], origin: String, crossOrigin: Bool = false,
        topOrigin: String? = nil
    ) {
        self.type = type
        self.challenge = challenge
        self.origin = origin
        self.crossOrigin = crossOrigin
        self.topOrigin = topOrigin
    }

    /// Decodes UTF-8 JSON. Members that are not known are ignored, as the specification asks; those that are known
    /// must have their type, and none may occur twice.
    public init(decoding json: [UInt8]) throws(MalformedWebAuthn) {
        let value: JSON
        do throws(MalformedEncoding) {
            value = try JSON.decode(json)
        } catch {
            throw .clientDataEncoding(error)
        }
        guard let type = value["type"]?.stringValue else { throw .clientDataMember("type") }
        guard let origin = value["origin"]?.stringValue else { throw .clientDataMember("origin") }
        guard let encoded = value["challenge"]?.stringValue else {
            throw .clientDataMember("challenge")
        }
        do throws(MalformedEncoding) {
            challenge = try Base64URL.decode(encoded)
        } catch {
            throw .clientDataMember("challenge")
        }
        self.type = CeremonyType(rawValue: type)
        self.origin = origin
        switch value["crossOrigin"] {
        case nil: crossOrigin = false
        case .bool(let flag): crossOrigin = flag
        default: throw .clientDataMember("crossOrigin")
        }
        switch value["topOrigin"] {
        case nil: topOrigin = nil
        case .string(let text): topOrigin = text
        default: throw .clientDataMember("topOrigin")
        }
        try Self.checkTokenBinding(value["tokenBinding"])
    }

    /// Client data as a client serialises it (§5.8.1.1): `type`, `challenge`, `origin`, `crossOrigin` in this order.
    public func encoded() -> [UInt8] {
        var members = [
            "\"type\":\(JSON.string(type.rawValue).encoded())",
            "\"challenge\":\"\(Base64URL.encode(challenge))\"",
            "\"origin\":\(JSON.string(origin).encoded())",
            "\"crossOrigin\":\(crossOrigin)",
        ]
        if let topOrigin { members.append("\"topOrigin\":\(JSON.string(topOrigin).encoded())") }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }

    /// Token binding is reserved in Level 3 (§5.8.1); where an older client sends it, it must be what Level 1 said.
    private static func checkTokenBinding(_ value: JSON?) throws(MalformedWebAuthn) {
        guard let value else { return }
        guard
            let status = value["status"]?.stringValue,
            ["supported", "present"].contains(status)
        else { throw .clientDataMember("tokenBinding") }
    }
}
