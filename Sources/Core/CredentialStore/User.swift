public import Accounts
public import WebAuthn

/// A user account.
public struct User: Sendable, Hashable {
    /// The name that front ends use.
    public let name: UserName
    /// The name for people.
    public let displayName: String
    /// The handle that authenticators keep: 16 random bytes.
    public let handle: UserHandle
    /// When the account was made.
    public let createdAt: Timestamp

    /// An account from its parts.
    public init(name: UserName, displayName: String, handle: UserHandle, createdAt: Timestamp) {
        self.name = name
        self.displayName = displayName
        self.handle = handle
        self.createdAt = createdAt
    }
}
