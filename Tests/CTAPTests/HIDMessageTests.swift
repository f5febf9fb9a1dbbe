import CTAP
import Encoding
import TestSupport
import Testing

struct HIDMessageTests {
    private let channel = ChannelID(rawValue: 0xAABB_CCDD)

    private func reassemble(_ packets: [HIDPacket]) throws -> HIDReassembler.Progress {
        let first = try #require(packets.first)
        var reassembler = try #require(try HIDReassembler(first: first))
        var progress = try reassembler.progress
        for packet in packets.dropFirst() {
            #expect(progress == .incomplete)
            progress = try reassembler.append(packet)
        }
        return progress
    }

    @Test(
        arguments: [
            (0, 1), (1, 1), (57, 1), (58, 2), (116, 2), (117, 3), (7608, 129), (7609, 129),
        ])
    func `a message comes out of its packets as it went in`(length: Int, packetCount: Int) throws {
        var random = SplitMix64(seed: UInt64(length))
        let message = try HIDMessage(
            channel: channel, command: .cbor, payload: random.bytes(length))
        #expect(message.packets.count == packetCount)
        #expect(message.reports.allSatisfy { $0.count == 64 })
        let packets = try message.reports.map { try HIDPacket(decoding: $0) }
        #expect(packets == message.packets)
        #expect(try reassemble(packets) == .complete(message))
    }

    @Test func `a message of 58 bytes is cut after 57`() throws {
        let message = try HIDMessage(
            channel: channel, command: .ping, payload: [UInt8](repeating: 1, count: 57) + [2])
        #expect(
            message.reports == [
                [0xAA, 0xBB, 0xCC, 0xDD, 0x81, 0, 58] + [UInt8](repeating: 1, count: 57),
                [0xAA, 0xBB, 0xCC, 0xDD, 0, 2] + [UInt8](repeating: 0, count: 58),
            ])
    }

    @Test func `a message that no packets can carry is refused`() throws {
        #expect(throws: MalformedMessage.messageTooLong(7610)) {
            try HIDMessage(
                channel: channel, command: .ping, payload: [UInt8](repeating: 0, count: 7610))
        }
        #expect(throws: MalformedMessage.messageTooLong(7610)) {
            try HIDReassembler(
                first: .initialization(
                    channel: channel, command: .ping, length: 7610, data: []))
        }
    }

    @Test func `no proper prefix of its packets is a message`() throws {
        let message = try HIDMessage(
            channel: channel, command: .ping, payload: [UInt8](repeating: 1, count: 300))
        let packets = message.packets
        for count in 1..<packets.count {
            #expect(try reassemble(Array(packets.prefix(count))) == .incomplete)
        }
    }

    @Test func `a packet out of order, repeated, foreign or too many is refused`() throws {
        let packets = try HIDMessage(
            channel: channel, command: .ping, payload: [UInt8](repeating: 1, count: 150)
        ).packets
        var reassembler = try #require(try HIDReassembler(first: packets[0]))
        let foreign = HIDPacket.continuation(
            channel: ChannelID(rawValue: 1), sequence: 0, data: [])
        for wrong in [packets[2], packets[0], foreign] {
            #expect(throws: MalformedMessage.packetOutOfSequence) {
                try reassembler.append(wrong)
            }
        }
        #expect(try reassembler.append(packets[1]) == .incomplete)
        #expect(throws: MalformedMessage.packetOutOfSequence) {
            try reassembler.append(packets[1])
        }
        _ = try reassembler.append(packets[2])
        let extra = HIDPacket.continuation(channel: channel, sequence: 2, data: [])
        #expect(throws: MalformedMessage.packetOutOfSequence) { try reassembler.append(extra) }
    }

    @Test func `a continuation packet begins no message`() throws {
        let reassembler = try HIDReassembler(
            first: .continuation(channel: channel, sequence: 0, data: []))
        #expect(reassembler == nil)
    }
}

struct HIDInitializationTests {
    private let payload: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 0xA, 0xB, 0xC, 0xD, 2, 5, 7, 1, 0x05]

    @Test func `a reply decodes and encodes`() throws {
        let reply = try HIDInitialization(decoding: payload)
        #expect(reply.nonce == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(reply.channel == ChannelID(rawValue: 0x0A0B_0C0D))
        #expect(reply.deviceVersion == [5, 7, 1])
        #expect(reply.capabilities == [.wink, .cbor])
        #expect(reply.payload == payload)
    }

    @Test func `a later version's additions are passed over`() throws {
        #expect(try HIDInitialization(decoding: payload + [1, 2]).payload == payload)
    }

    @Test func `no proper prefix is a reply`() {
        for count in 0..<payload.count {
            #expect(throws: MalformedMessage.encoding(.truncated)) {
                try HIDInitialization(decoding: Array(payload.prefix(count)))
            }
        }
    }

    @Test func `another protocol version is refused`() {
        var other = payload
        other[12] = 3
        #expect(throws: MalformedMessage.unsupportedProtocolVersion) {
            try HIDInitialization(decoding: other)
        }
    }
}
