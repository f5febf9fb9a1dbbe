import CTAP
import TestSupport
import Testing

struct HIDPacketTests {
    private let channel = ChannelID(rawValue: 0x0102_0304)

    @Test func `an initialization packet decodes from its 64 bytes`() throws {
        let report: [UInt8] =
            [1, 2, 3, 4, 0x86, 0, 8] + [9, 9, 9, 9, 9, 9, 9, 9] + [UInt8](repeating: 0, count: 49)
        let packet = try HIDPacket(decoding: report)
        #expect(
            packet
                == .initialization(
                    channel: channel, command: .initialize, length: 8,
                    data: [UInt8](repeating: 9, count: 8) + [UInt8](repeating: 0, count: 49)))
        #expect(packet.report == report)
    }

    @Test func `a continuation packet decodes from its 64 bytes`() throws {
        let report: [UInt8] = [1, 2, 3, 4, 0x7F] + [UInt8](repeating: 5, count: 59)
        let packet = try HIDPacket(decoding: report)
        #expect(
            packet
                == .continuation(
                    channel: channel, sequence: 0x7F, data: [UInt8](repeating: 5, count: 59)))
        #expect(packet.report == report)
    }

    @Test(arguments: [0, 1, 63, 65, 128])
    func `a report that is not 64 bytes long is refused`(length: Int) {
        #expect(throws: MalformedMessage.reportLength(length)) {
            try HIDPacket(decoding: [UInt8](repeating: 0, count: length))
        }
    }

    @Test func `data that is short is filled up and data that is long is cut`() {
        let short = HIDPacket.continuation(channel: channel, sequence: 0, data: [7])
        #expect(short.report == [1, 2, 3, 4, 0, 7] + [UInt8](repeating: 0, count: 58))
        let long = HIDPacket.continuation(
            channel: channel, sequence: 0, data: [UInt8](repeating: 7, count: 100))
        #expect(long.report == [1, 2, 3, 4, 0] + [UInt8](repeating: 7, count: 59))
    }

    @Test func `each bit of a report shows in the packet`() throws {
        var random = SplitMix64(seed: 1)
        for marker: UInt8 in [0x00, 0x80] {
            var report = random.bytes(64)
            report[4] = marker | 0x05
            let packet = try HIDPacket(decoding: report)
            for bit in 0..<512 {
                var flipped = report
                flipped[bit / 8] ^= 1 << (bit % 8)
                #expect(try HIDPacket(decoding: flipped) != packet)
            }
        }
    }

    @Test func `unknown commands and errors keep their numbers`() {
        #expect(HIDCommand(rawValue: 0x55).rawValue == 0x55)
        #expect(HIDCommand(rawValue: 0x86) == .initialize)
        #expect(HIDError(rawValue: 0x42).rawValue == 0x42)
        #expect(KeepaliveStatus(rawValue: 0x42).rawValue == 0x42)
    }
}
