import Encoding

/// What a server says of itself: `{"version":1,"name":…,"push":…}`.
public struct ServerIntroduction: Sendable, Hashable {
    /// The version of what server and phone speak.
    public static let version = 1

    /// The server's name for people: 1 to 64 bytes.
    public let name: String
    /// The push key, which signs prompts and, as VAPID key, Web Push messages: an uncompressed point of P-256, 65 bytes.
    public let pushKey: [UInt8]

    /// An introduction from its parts.
    public init(name: String, pushKey: [UInt8]) throws(MalformedPush) {
        try ShownText.check(name, "name", lengths: 1...64)
        guard pushKey.count == 65, pushKey.first == 0x04 else { throw .value("push") }
        self.name = name
        self.pushKey = pushKey
    }

    /// Decodes the JSON body.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        let members = try JSONMembers(bytes, allowing: ["version", "name", "push"])
        _ = try members.integer("version", in: Self.version...Self.version)
        try self.init(name: members.text("name"), pushKey: members.bytes("push", count: 65))
    }

    /// The JSON body.
    public func encoded() -> [UInt8] {
        JSON.object([
            "version": .integer(Self.version), "name": .string(name), "push": .base64URL(pushKey),
        ]).bytes
    }
}

/// The reply to a registration: `{"phone":…,"user":…,"server":…}`.
public struct RegistrationReply: Sendable, Hashable {
    /// The phone's identifier from now on.
    public let phone: PhoneID
    /// The user's name: 1 to 128 bytes.
    public let user: String
    /// The server's name: 1 to 64 bytes.
    public let server: String

    /// A reply from its parts.
    public init(phone: PhoneID, user: String, server: String) throws(MalformedPush) {
        try ShownText.check(user, "user", lengths: 1...128)
        try ShownText.check(server, "server", lengths: 1...64)
        self.phone = phone
        self.user = user
        self.server = server
    }

    /// Decodes the JSON body.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        let members = try JSONMembers(bytes, allowing: ["phone", "user", "server"])
        try self.init(
            phone: PhoneID(members.text("phone")), user: members.text("user"),
            server: members.text("server"))
    }

    /// The JSON body.
    public func encoded() -> [UInt8] {
        JSON.object([
            "phone": .string(phone.text), "user": .string(user), "server": .string(server),
        ]).bytes
    }
}

/// The reply to a decision: `{"state":"accepted"}`, or `{"state":"refused","code":…}`.
public enum DecisionReply: Sendable, Hashable {
    /// The decision counts, whatever it was.
    case accepted
    /// It does not, for the reason of this code.
    case refused(code: String)

    /// Decodes the JSON body.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        let members = try JSONMembers(bytes, allowing: ["state", "code"])
        switch try members.text("state") {
        case "accepted":
            guard members.optional("code") == nil else { throw .unknown("code") }
            self = .accepted
        case "refused": self = .refused(code: try members.code("code"))
        default: throw .value("state")
        }
    }

    /// The JSON body.
    public func encoded() -> [UInt8] {
        switch self {
        case .accepted: JSON.object(["state": "accepted"]).bytes
        case .refused(let code):
            JSON.object(["state": "refused", "code": .string(code)]).bytes
        }
    }
}

/// The body of a reply that is an error: `{"code":…}`, with `message` and `time` where they help.
public struct ErrorReply: Sendable, Hashable {
    /// Why: 1 to 64 lower-case letters, digits and hyphens.
    public let code: String
    /// The same for people, 1 to 255 bytes.
    public let message: String?
    /// The server's clock, in ms since 1970, for a phone whose own is wrong.
    public let time: Int64?

    /// A reply from its parts, which are the server's own.
    public init(code: String, message: String? = nil, time: Int64? = nil) {
        self.code = code
        self.message = message
        self.time = time
    }

    /// Decodes the JSON body.
    public init(decoding bytes: [UInt8]) throws(MalformedPush) {
        let members = try JSONMembers(bytes, allowing: ["code", "message", "time"])
        code = try members.code("code")
        message =
            members.optional("message") == nil
            ? nil : try members.shownText("message", lengths: 1...255)
        time =
            members.optional("time") == nil
            ? nil : try Int64(members.integer("time", in: 0...Int.max))
    }

    /// The JSON body.
    public func encoded() -> [UInt8] {
        var members: [String: JSON] = ["code": .string(code)]
        members["message"] = message.map(JSON.string)
        members["time"] = time.map { .integer($0) }
        return JSON.object(members).bytes
    }
}
