/// Who acted, and from where.
public struct AuditOrigin: Sendable, Hashable {
    /// Who acted.
    public enum Who: Sendable, Hashable {
        /// A user who signed in to administer, by user name.
        case administrator(String)
        /// The front end or the operator itself, as ``AuditOrigin/client`` names it.
        case client
        /// A part of the server that acted by itself, such as `sweeper`.
        case system(String)
    }

    /// Who acted.
    public var who: Who
    /// The name of the front end that the act came through; empty where the server acted by itself.
    public var client: String
    /// Where the connection came from, such as `uid 1000` or `127.0.0.1:4711`; empty where there was none.
    public var from: String

    /// An origin of these parts. Any text is taken; a record bounds and cleans what it keeps
    /// (``AuditRecord/init(number:at:entry:origin:)``).
    public init(who: Who, client: String, from: String) {
        self.who = who
        self.client = client
        self.from = from
    }

    /// The server itself, in the person of one of its parts.
    public static func system(_ part: String) -> AuditOrigin {
        AuditOrigin(who: .system(part), client: "", from: "")
    }

    /// One word for who acted, to search by: the kind, a colon, and the name. `administrator:alice`, `client:console`,
    /// `system:sweeper`.
    public var actor: String {
        switch who {
        case .administrator(let name): "administrator:\(name)"
        case .client: "client:\(client)"
        case .system(let part): "system:\(part)"
        }
    }
}
