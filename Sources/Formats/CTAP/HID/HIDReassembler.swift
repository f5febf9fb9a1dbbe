/// Puts the packets of one message on one channel together again (CTAP 2.1 §11.2.4).
///
/// It knows nothing of time, and of other channels only that their packets are not its own.
public struct HIDReassembler: Hashable, Sendable {
    /// What a packet led to.
    public enum Progress: Hashable, Sendable {
        /// The message goes on.
        case incomplete
        /// The message is whole.
        case complete(HIDMessage)
    }

    /// The channel of the message.
    public let channel: ChannelID
    /// The command of the message.
    public let command: HIDCommand
    private let length: Int
    private var payload: [UInt8]
    private var nextSequence: UInt8 = 0

    /// Starts with the first packet of a message; `nil` for a continuation packet. Refuses lengths that no message
    /// can have.
    public init?(first packet: HIDPacket) throws(MalformedMessage) {
        guard case .initialization(let channel, let command, let length, let data) = packet else {
            return nil
        }
        guard Int(length) <= HIDMessage.maximumLength else {
            throw .messageTooLong(Int(length))
        }
        self.channel = channel
        self.command = command
        self.length = Int(length)
        payload = Array(data.prefix(Int(length)))
    }

    /// Where the message stands.
    public var progress: Progress {
        get throws(MalformedMessage) {
            guard payload.count == length else { return .incomplete }
            return .complete(
                try HIDMessage(channel: channel, command: command, payload: payload))
        }
    }

    /// Takes the next packet. One of another channel, out of order, or that begins a message is refused and changes
    /// nothing.
    public mutating func append(_ packet: HIDPacket) throws(MalformedMessage) -> Progress {
        guard
            case .continuation(let packetChannel, let sequence, let data) = packet,
            packetChannel == channel, sequence == nextSequence, payload.count < length
        else { throw .packetOutOfSequence }
        payload.append(contentsOf: data.prefix(length - payload.count))
        nextSequence += 1
        return try progress
    }
}
