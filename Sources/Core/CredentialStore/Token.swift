public import Accounts
public import OATH
public import WebAuthn

/// A token that makes one-time codes or answers challenges with an HMAC, and whose it is.
public struct Token: Sendable, Hashable {
    /// The identifier: 16 random bytes.
    public let id: CredentialID
    /// The owner; `nil` for a token in stock.
    public let owner: User?
    /// What it computes.
    public let parameters: TokenParameters
    /// Its secret as the vault sealed it, for this identifier and this owner.
    public let sealedSecret: [UInt8]
    /// The lowest moving factor that is still accepted: the next counter, or the time step after the last that was used.
    public let nextFactor: UInt64
    /// By how many time steps its clock is ahead of ours.
    public let drift: Int
    /// What is known of the device.
    public let device: TokenDevice
    /// The owner's name for it.
    public let label: String
    /// When it was added.
    public let createdAt: Timestamp
    /// When it last signed in.
    public let lastUsedAt: Timestamp?
}

/// What is known of a token as a device.
public struct TokenDevice: Sendable, Hashable {
    /// The serial number, which no other token of the same maker has; `nil` for one that was made here.
    public var serial: String?
    /// Who made it; empty where unknown.
    public var manufacturer: String
    /// Its model; empty where unknown.
    public var model: String
    /// The slot of the device that answers challenges.
    public var slot: Int?

    /// A device from its parts.
    public init(
        serial: String? = nil, manufacturer: String = "", model: String = "", slot: Int? = nil
    ) {
        self.serial = serial
        self.manufacturer = manufacturer
        self.model = model
        self.slot = slot
    }
}

/// A token that is about to be stored.
public struct NewToken: Sendable {
    /// The identifier: 16 random bytes.
    public var id: CredentialID
    /// The owner's name; `nil` for stock.
    public var owner: UserName?
    /// What it computes.
    public var parameters: TokenParameters
    /// Its secret as the vault sealed it, for this identifier and this owner.
    public var sealedSecret: [UInt8]
    /// The lowest moving factor that is accepted, up to 2^63 - 1.
    public var nextFactor: UInt64
    /// By how many time steps its clock is ahead of ours.
    public var drift: Int
    /// What is known of the device.
    public var device: TokenDevice
    /// The owner's name for it.
    public var label: String
    /// When it is added.
    public var createdAt: Timestamp

    /// A token from its parts.
    public init(
        id: CredentialID, owner: UserName?, parameters: TokenParameters, sealedSecret: [UInt8],
        nextFactor: UInt64, drift: Int, device: TokenDevice, label: String, createdAt: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.parameters = parameters
        self.sealedSecret = sealedSecret
        self.nextFactor = nextFactor
        self.drift = drift
        self.device = device
        self.label = label
        self.createdAt = createdAt
    }
}
