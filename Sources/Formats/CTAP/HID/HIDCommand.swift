/// A CTAPHID command (CTAP 2.1 §11.2.9), without the bit that marks an initialization packet. Unknown values are kept.
public struct HIDCommand: RawRepresentable, Hashable, Sendable {
    /// The command's number; the high bit is always clear.
    public let rawValue: UInt8

    /// The command with this number. The high bit, which marks the packet and not the command, is dropped.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x7F
    }

    /// CTAPHID_PING: the authenticator sends the message back.
    public static let ping = HIDCommand(rawValue: 0x01)
    /// CTAPHID_MSG: a CTAP1/U2F message.
    public static let message = HIDCommand(rawValue: 0x03)
    /// CTAPHID_LOCK: keeps the other channels out for some seconds.
    public static let lock = HIDCommand(rawValue: 0x04)
    /// CTAPHID_INIT: allocates a channel, or brings one back into step.
    public static let initialize = HIDCommand(rawValue: 0x06)
    /// CTAPHID_WINK: the authenticator shows which one it is.
    public static let wink = HIDCommand(rawValue: 0x08)
    /// CTAPHID_CBOR: a CTAP2 message.
    public static let cbor = HIDCommand(rawValue: 0x10)
    /// CTAPHID_CANCEL: ends the request that the channel waits for.
    public static let cancel = HIDCommand(rawValue: 0x11)
    /// CTAPHID_KEEPALIVE: the request is still being worked on.
    public static let keepalive = HIDCommand(rawValue: 0x3B)
    /// CTAPHID_ERROR: the message could not be taken.
    public static let error = HIDCommand(rawValue: 0x3F)
}
