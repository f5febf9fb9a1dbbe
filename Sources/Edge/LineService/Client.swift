/// A right to use verbs. The set of capabilities is open: verbs name the one that they need.
public struct Capability: RawRepresentable, Sendable, Hashable {
    /// The name, as `-NOPERM need=…` and the configuration have it.
    public let rawValue: String

    /// A capability of that name.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Be told why an authentication was refused.
    public static let reasons = Capability(rawValue: "reasons")
    /// Administer for those who signed in and have a ticket that says so.
    public static let act = Capability(rawValue: "act")
    /// Read the logs and the reports.
    public static let audit = Capability(rawValue: "audit")
}

/// A program that asks: a front end, the command, a load test.
public struct Client: Sendable, Hashable {
    /// The name in the configuration and the records.
    public let name: String
    /// What it may do.
    public let capabilities: Set<Capability>
    /// The values that it may give to an option, for the options that are restricted: `svc` →
    /// `imap`, `smtp`. Verbs that know a restricted option demand it of this client.
    public let scopes: [String: Set<String>]

    /// A client of that name and those rights.
    public init(
        name: String, capabilities: Set<Capability>, scopes: [String: Set<String>] = [:]
    ) {
        self.name = name
        self.capabilities = capabilities
        self.scopes = scopes
    }
}
