public import Accounts

/// A password that the server made for a program which can keep one and cannot ask for more.
public struct AppPassword: Sendable, Hashable {
    /// What names it; never used again.
    public let number: Int64
    /// The owner's name.
    public let owner: UserName
    /// Its first letters, which are no secret.
    public let prefix: String
    /// The keyed digest of it all, 32 bytes.
    public let digest: [UInt8]
    /// The services that it is for.
    public let services: Set<String>
    /// The networks that it may come from, in CIDR notation; empty for any.
    public let networks: [String]
    /// The owner's name for it.
    public let label: String
    /// When it ends.
    public let expiresAt: Timestamp?
    /// When it was made.
    public let createdAt: Timestamp
    /// When it last signed in.
    public let lastUsedAt: Timestamp?
    /// The address that it last came from.
    public let lastUsedFrom: String?
}

/// An app password that is about to be stored.
public struct NewAppPassword: Sendable {
    /// The owner's name.
    public var owner: UserName
    /// Its first letters.
    public var prefix: String
    /// The keyed digest of it all, 32 bytes.
    public var digest: [UInt8]
    /// The services that it is for: words without spaces.
    public var services: Set<String>
    /// The networks that it may come from, in CIDR notation; empty for any.
    public var networks: [String]
    /// The owner's name for it.
    public var label: String
    /// When it ends.
    public var expiresAt: Timestamp?
    /// When it is made.
    public var createdAt: Timestamp

    /// A password from its parts.
    public init(
        owner: UserName, prefix: String, digest: [UInt8], services: Set<String>,
        networks: [String], label: String, expiresAt: Timestamp?, createdAt: Timestamp
    ) {
        self.owner = owner
        self.prefix = prefix
        self.digest = digest
        self.services = services
        self.networks = networks
        self.label = label
        self.expiresAt = expiresAt
        self.createdAt = createdAt
    }
}
