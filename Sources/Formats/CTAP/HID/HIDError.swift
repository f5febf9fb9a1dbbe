/// The payload of a CTAPHID_ERROR message (CTAP 2.1 §11.2.9.1.6). Unknown values are kept.
public struct HIDError: RawRepresentable, Hashable, Sendable {
    /// The error's number.
    public let rawValue: UInt8

    /// The error with this number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// ERR_INVALID_CMD: the command is unknown.
    public static let invalidCommand = HIDError(rawValue: 0x01)
    /// ERR_INVALID_PAR: a parameter of the command is wrong.
    public static let invalidParameter = HIDError(rawValue: 0x02)
    /// ERR_INVALID_LEN: the message has a length that the command does not allow.
    public static let invalidLength = HIDError(rawValue: 0x03)
    /// ERR_INVALID_SEQ: a packet of the message is missing or out of order.
    public static let invalidSequence = HIDError(rawValue: 0x04)
    /// ERR_MSG_TIMEOUT: the rest of the message did not come in time.
    public static let messageTimeout = HIDError(rawValue: 0x05)
    /// ERR_CHANNEL_BUSY: another channel is being served.
    public static let channelBusy = HIDError(rawValue: 0x06)
    /// ERR_LOCK_REQUIRED: the command needs the channel to be locked.
    public static let lockRequired = HIDError(rawValue: 0x0A)
    /// ERR_INVALID_CHANNEL: the channel was never allocated.
    public static let invalidChannel = HIDError(rawValue: 0x0B)
    /// ERR_OTHER: any other failure.
    public static let other = HIDError(rawValue: 0x7F)
}
