/// Where a secret lies in the database. It opens there alone.
public struct SecretPlace: Sendable, Hashable {
    /// What the secret is for.
    public enum Use: UInt8, Sendable, CaseIterable {
        /// The seed or key of a token.
        case token = 1
        /// The authentication secret of a phone's push subscription.
        case phoneSubscription = 2
        /// A secret of the server's own, by its name.
        case server = 3
    }

    /// What the secret is for.
    public let use: Use
    /// What identifies the row: 1…255 bytes.
    public let row: [UInt8]
    /// The handle of the user whom the row is of; empty where it is nobody's.
    public let user: [UInt8]

    /// A place from its parts.
    public init(use: Use, row: [UInt8], user: [UInt8]) {
        self.use = use
        self.row = row
        self.user = user
    }

    /// The place of a secret of the server's own.
    public static func server(_ name: String) -> SecretPlace {
        SecretPlace(use: .server, row: Array(name.utf8), user: [])
    }

    /// What a seal authenticates beside the secret. No two places have the same.
    var associatedData: [UInt8] {
        Array("countersign secret 1".utf8) + [use.rawValue]
            + [UInt8(clamping: row.count)] + row + [UInt8(clamping: user.count)] + user
    }
}
