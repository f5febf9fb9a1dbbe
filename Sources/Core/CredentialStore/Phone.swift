public import Accounts
public import PushMessages
public import WebAuthn

/// A phone that a user approves sign-ins with.
public struct Phone: Sendable, Hashable {
    /// The identifier: 16 random bytes, those of its ``PushMessages/PhoneID``.
    public let id: CredentialID
    /// The owner.
    public let owner: User
    /// The public key: an uncompressed point of P-256, 65 bytes.
    public let publicKey: [UInt8]
    /// How the phone said at registration that it guards the key.
    public let keyGuard: KeyGuard
    /// The phone's name as it said it.
    public let name: String
    /// How it takes Web Push messages; `nil` where it only polls.
    public let subscription: StoredSubscription?
    /// The time of the last poll or change of subscription that was let through, by the phone's clock. What is not later
    /// is a replay.
    public let lastMessageAt: Timestamp
    /// The owner's name for it.
    public let label: String
    /// When it was registered.
    public let createdAt: Timestamp
    /// When it last signed in.
    public let lastUsedAt: Timestamp?

    /// The identifier as messages have it; there, unless the row is not ours.
    public var phoneID: PhoneID? { PhoneID(bytes: id.bytes) }
}

/// A Web Push subscription at rest.
public struct StoredSubscription: Sendable, Hashable {
    /// The URL that messages are posted to.
    public var endpoint: String
    /// The phone's key for these messages: 65 bytes.
    public var publicKey: [UInt8]
    /// The authentication secret as the vault sealed it, for this phone and its owner.
    public var sealedSecret: [UInt8]

    /// A subscription from its parts.
    public init(endpoint: String, publicKey: [UInt8], sealedSecret: [UInt8]) {
        self.endpoint = endpoint
        self.publicKey = publicKey
        self.sealedSecret = sealedSecret
    }
}

/// A phone that is about to be stored.
public struct NewPhone: Sendable {
    /// The identifier: 16 random bytes.
    public var id: CredentialID
    /// The owner's name.
    public var owner: UserName
    /// The public key: an uncompressed point of P-256, 65 bytes.
    public var publicKey: [UInt8]
    /// How the phone says that it guards the key.
    public var keyGuard: KeyGuard
    /// The phone's name.
    public var name: String
    /// How it takes Web Push messages; `nil` where it only polls.
    public var subscription: StoredSubscription?
    /// When it is registered.
    public var createdAt: Timestamp

    /// A phone from its parts.
    public init(
        id: CredentialID, owner: UserName, publicKey: [UInt8], keyGuard: KeyGuard, name: String,
        subscription: StoredSubscription?, createdAt: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.publicKey = publicKey
        self.keyGuard = keyGuard
        self.name = name
        self.subscription = subscription
        self.createdAt = createdAt
    }
}

/// Whom a push to a user would go to.
public struct PushAudience: Sendable, Hashable {
    /// The user's phones, the oldest first; none for a user that does not exist.
    public var phones: [Phone]
    /// Since when the user gets no pushes, where that is so.
    public var stoppedAt: Timestamp?
}
