internal import Encoding

/// One CTAPHID packet, which is one report of 64 bytes (CTAP 2.1 §11.2.4).
///
/// A packet's data is always as long as the packet has room for; what belongs to the message is for the message's
/// length to say.
public enum HIDPacket: Hashable, Sendable {
    /// The first packet of a message of `length` bytes, with 57 bytes of data.
    case initialization(channel: ChannelID, command: HIDCommand, length: UInt16, data: [UInt8])
    /// A further packet, with 59 bytes of data. Sequence numbers run from 0 to 127.
    case continuation(channel: ChannelID, sequence: UInt8, data: [UInt8])

    /// How long every report is.
    public static let size = 64
    /// How much data an initialization packet has room for.
    public static let initializationCapacity = size - 7
    /// How much data a continuation packet has room for.
    public static let continuationCapacity = size - 5

    /// Decodes a report. It must have 64 bytes; any such report is one packet or the other.
    public init(decoding report: [UInt8]) throws(MalformedMessage) {
        guard report.count == Self.size else { throw .reportLength(report.count) }
        do throws(MalformedEncoding) {
            var reader = ByteReader(report)
            let channel = ChannelID(rawValue: try reader.readUInt32())
            let kind = try reader.readUInt8()
            if kind & 0x80 != 0 {
                let length = try reader.readUInt16()
                self = .initialization(
                    channel: channel, command: HIDCommand(rawValue: kind), length: length,
                    data: reader.readRemaining())
            } else {
                self = .continuation(
                    channel: channel, sequence: kind, data: reader.readRemaining())
            }
        } catch {
            throw .encoding(error)
        }
    }

    /// The report of 64 bytes. Data that is short is filled up with zeros; data that is too long is cut.
    public var report: [UInt8] {
        var writer = ByteWriter(capacity: Self.size)
        switch self {
        case .initialization(let channel, let command, let length, let data):
            writer.append(channel.rawValue)
            writer.append(command.rawValue | 0x80)
            writer.append(length)
            writer.append(data.prefix(Self.initializationCapacity))
        case .continuation(let channel, let sequence, let data):
            writer.append(channel.rawValue)
            writer.append(sequence & 0x7F)
            writer.append(data.prefix(Self.continuationCapacity))
        }
        writer.append(repeatElement(0 as UInt8, count: Self.size - writer.bytes.count))
        return writer.bytes
    }

    /// The channel that the packet belongs to.
    public var channel: ChannelID {
        switch self {
        case .initialization(let channel, _, _, _), .continuation(let channel, _, _): channel
        }
    }
}
