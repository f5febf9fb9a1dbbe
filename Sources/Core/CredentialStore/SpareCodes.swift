public import Accounts

/// A recovery code that has not been used.
public struct RecoveryCode: Sendable, Hashable {
    /// What names it.
    public let number: Int64
    /// Its keyed digest, 32 bytes.
    public let digest: [UInt8]

    /// A code from its parts.
    public init(number: Int64, digest: [UInt8]) {
        self.number = number
        self.digest = digest
    }
}

/// A Temporary Access Pass: a code that somebody else gave to a user for a while.
public struct AccessPass: Sendable, Hashable {
    /// Its keyed digest, 32 bytes.
    public var digest: [UInt8]
    /// From when it is accepted.
    public var startsAt: Timestamp
    /// Until when.
    public var expiresAt: Timestamp
    /// Whether it is accepted once alone.
    public var isOneTime: Bool
    /// The name of who issued it.
    public var issuer: UserName
    /// When it was issued.
    public var createdAt: Timestamp
    /// When it was last used.
    public var lastUsedAt: Timestamp?

    /// A pass from its parts.
    public init(
        digest: [UInt8], startsAt: Timestamp, expiresAt: Timestamp, isOneTime: Bool,
        issuer: UserName, createdAt: Timestamp, lastUsedAt: Timestamp? = nil
    ) {
        self.digest = digest
        self.startsAt = startsAt
        self.expiresAt = expiresAt
        self.isOneTime = isOneTime
        self.issuer = issuer
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
    }
}
