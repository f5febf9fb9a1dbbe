/// What an act was done to.
public struct AuditTarget: Sendable, Hashable {
    /// The kinds of target.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// A user, by user name.
        case user
        /// A group, by name.
        case group
        /// An administrator role, by its kebab-case name.
        case role
        /// An application, by name.
        case application
        /// A named location, by name.
        case location
        /// A policy, by its id; a set of policies, by its digest or its file.
        case policy
        /// A security key, a card's key or a phone, by its id in base64url.
        case credential
        /// A token, by its id in base64url or its serial number.
        case token
        /// An app password, by its number.
        case appPassword = "app-password"
        /// A key of the server's, by its name or number.
        case key
        /// The server or one of its parts, by name.
        case server
    }

    /// What kind of thing it is.
    public var kind: Kind
    /// Which one.
    public var name: String

    /// A target of this kind and name.
    public init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// One word for it, to search by: the kind, a colon, and the name, such as `user:alice`.
    public var word: String { "\(kind.rawValue):\(name)" }
}

/// A property that an act changed. No secrets: neither a code nor a password nor a key belongs into it.
public struct AuditChange: Sendable, Hashable {
    /// What was changed.
    public var property: String
    /// What it was before, or `nil` where it was not there.
    public var old: String?
    /// What it is now, or `nil` where it is gone.
    public var new: String?

    /// The change of `property` from `old` to `new`.
    public init(_ property: String, from old: String? = nil, to new: String? = nil) {
        self.property = property
        self.old = old
        self.new = new
    }
}

/// How an act came out.
public enum AuditOutcome: Sendable, Hashable {
    /// It was done.
    case success
    /// It was not done; the code says why, in the words of the line protocol.
    case failure(code: String)
}

/// What was done, to what, and how it came out.
public struct AuditEntry: Sendable, Hashable {
    /// What was done.
    public var activity: AuditActivity
    /// What it was done to, the main one first.
    public var targets: [AuditTarget]
    /// What it changed.
    public var changes: [AuditChange]
    /// How it came out.
    public var outcome: AuditOutcome
    /// Why, in the words of whoever acted, or what else is worth knowing; mostly empty.
    public var reason: String

    /// An entry of these parts.
    public init(
        _ activity: AuditActivity, _ targets: [AuditTarget] = [], changes: [AuditChange] = [],
        outcome: AuditOutcome = .success, reason: String = ""
    ) {
        self.activity = activity
        self.targets = targets
        self.changes = changes
        self.outcome = outcome
        self.reason = reason
    }
}
