/// A whole CTAPHID message: a command and its payload on a channel (CTAP 2.1 §11.2.4).
public struct HIDMessage: Hashable, Sendable {
    /// The channel that it travels on.
    public let channel: ChannelID
    /// What it asks for or answers.
    public let command: HIDCommand
    /// At most ``maximumLength`` bytes.
    public let payload: [UInt8]

    /// What an initialization packet and 128 continuation packets hold: 7609 bytes.
    public static let maximumLength =
        HIDPacket.initializationCapacity + 128 * HIDPacket.continuationCapacity

    /// A message. Its payload must not be longer than ``maximumLength``.
    public init(
        channel: ChannelID, command: HIDCommand, payload: [UInt8]
    ) throws(MalformedMessage) {
        guard payload.count <= Self.maximumLength else { throw .messageTooLong(payload.count) }
        self.channel = channel
        self.command = command
        self.payload = payload
    }

    /// A message that needs no check, for its payload has a length that its maker knows.
    private init(channel: ChannelID, command: HIDCommand, shortPayload: [UInt8]) {
        self.channel = channel
        self.command = command
        payload = shortPayload
    }

    /// A CTAPHID_ERROR message.
    public static func error(_ error: HIDError, on channel: ChannelID) -> HIDMessage {
        HIDMessage(channel: channel, command: .error, shortPayload: [error.rawValue])
    }

    /// A CTAPHID_KEEPALIVE message.
    public static func keepalive(_ status: KeepaliveStatus, on channel: ChannelID) -> HIDMessage {
        HIDMessage(channel: channel, command: .keepalive, shortPayload: [status.rawValue])
    }

    /// The message cut into packets: one initialization packet and as many continuations as it takes.
    public var packets: [HIDPacket] {
        var packets: [HIDPacket] = [
            .initialization(
                channel: channel, command: command, length: UInt16(clamping: payload.count),
                data: Self.padded(
                    payload.prefix(HIDPacket.initializationCapacity),
                    to: HIDPacket.initializationCapacity))
        ]
        var rest = payload.dropFirst(HIDPacket.initializationCapacity)
        var sequence: UInt8 = 0
        while !rest.isEmpty {
            packets.append(
                .continuation(
                    channel: channel, sequence: sequence,
                    data: Self.padded(
                        rest.prefix(HIDPacket.continuationCapacity),
                        to: HIDPacket.continuationCapacity)))
            rest = rest.dropFirst(HIDPacket.continuationCapacity)
            sequence += 1
        }
        return packets
    }

    /// The reports that carry the message, 64 bytes each.
    public var reports: [[UInt8]] { packets.map(\.report) }

    private static func padded(_ data: ArraySlice<UInt8>, to length: Int) -> [UInt8] {
        Array(data) + [UInt8](repeating: 0, count: length - data.count)
    }
}
