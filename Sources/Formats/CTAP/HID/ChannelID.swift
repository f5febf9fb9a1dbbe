/// A logical channel between one client and an authenticator (CTAP 2.1 §11.2.3).
public struct ChannelID: RawRepresentable, Hashable, Sendable {
    /// The four bytes that every report begins with, as a big-endian integer.
    public let rawValue: UInt32

    /// The channel with this number.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Where a client that has no channel yet asks for one; only INIT may use it.
    public static let broadcast = ChannelID(rawValue: 0xFFFF_FFFF)

    /// Reserved: no report may carry it.
    public static let reserved = ChannelID(rawValue: 0)
}
