import CTAP
import Emulators
import Testing

struct HIDEndpointTests {
    private let nonce: [UInt8] = [9, 8, 7, 6, 5, 4, 3, 2]
    private let first = ChannelID(rawValue: 0x100)
    private let second = ChannelID(rawValue: 0x101)

    private func endpoint() -> HIDEndpoint {
        HIDEndpoint(deviceVersion: [1, 0, 0], firstChannel: 0x100)
    }

    /// An endpoint that has given out the channels `first` and `second`.
    private func openEndpoint() throws -> HIDEndpoint {
        var endpoint = endpoint()
        _ = try send(&endpoint, .broadcast, .initialize, nonce)
        _ = try send(&endpoint, .broadcast, .initialize, nonce)
        #expect(endpoint.channels == [first, second])
        return endpoint
    }

    private func send(
        _ endpoint: inout HIDEndpoint, _ channel: ChannelID, _ command: HIDCommand,
        _ payload: [UInt8] = [], at now: Duration = .zero
    ) throws -> [HIDEndpoint.Action] {
        try HIDMessage(channel: channel, command: command, payload: payload).reports
            .flatMap { endpoint.receive($0, at: now) }
    }

    private func error(_ error: HIDError, on channel: ChannelID) -> [HIDEndpoint.Action] {
        HIDMessage.error(error, on: channel).reports.map { .send($0) }
    }

    private func reply(
        _ channel: ChannelID, _ command: HIDCommand, _ payload: [UInt8]
    ) throws -> [HIDEndpoint.Action] {
        try HIDMessage(channel: channel, command: command, payload: payload).reports
            .map { .send($0) }
    }

    @Test func `INIT on the broadcast channel gives out channels`() throws {
        var endpoint = endpoint()
        let actions = try send(&endpoint, .broadcast, .initialize, nonce)
        #expect(
            try actions
                == reply(
                    .broadcast, .initialize, nonce + [0, 0, 1, 0, 2, 1, 0, 0, 0x05]))
    }

    @Test func `INIT of another length than eight is refused`() throws {
        var endpoint = endpoint()
        #expect(
            try send(&endpoint, .broadcast, .initialize, [1])
                == error(.invalidLength, on: .broadcast))
    }

    @Test func `only channels that were given out are served`() throws {
        var endpoint = try openEndpoint()
        for channel in [ChannelID.reserved, .broadcast, ChannelID(rawValue: 0x102)] {
            #expect(
                try send(&endpoint, channel, .ping, [1]) == error(.invalidChannel, on: channel))
        }
        #expect(
            try send(&endpoint, .reserved, .initialize, nonce)
                == error(.invalidChannel, on: .reserved))
    }

    @Test(arguments: [0, 57, 58, 1_000, 7_609])
    func `PING comes back`(length: Int) throws {
        var endpoint = try openEndpoint()
        let payload = [UInt8](repeating: 0x5A, count: length)
        #expect(try send(&endpoint, first, .ping, payload) == reply(first, .ping, payload))
    }

    @Test func `unknown commands and lengths that no message has are refused`() throws {
        var endpoint = try openEndpoint()
        let unknown = HIDCommand(rawValue: 0x2A)
        #expect(try send(&endpoint, first, unknown, [1]) == error(.invalidCommand, on: first))
        let long = HIDPacket.initialization(channel: first, command: .ping, length: 7_610, data: [])
        #expect(endpoint.receive(long.report, at: .zero) == error(.invalidLength, on: first))
        #expect(try send(&endpoint, first, .cbor) == error(.invalidLength, on: first))
        #expect(try send(&endpoint, first, .message) == error(.invalidLength, on: first))
    }

    @Test func `a report of another size is not there`() throws {
        var endpoint = try openEndpoint()
        for length in [0, 63, 65] {
            #expect(endpoint.receive([UInt8](repeating: 0x80, count: length), at: .zero) == [])
        }
    }

    @Test func `a packet out of sequence ends the message`() throws {
        var endpoint = try openEndpoint()
        let reports = try HIDMessage(
            channel: first, command: .ping, payload: [UInt8](repeating: 1, count: 200)
        ).reports
        #expect(endpoint.receive(reports[0], at: .zero) == [])
        #expect(endpoint.receive(reports[2], at: .zero) == error(.invalidSequence, on: first))
        #expect(endpoint.receive(reports[1], at: .zero) == [])
        #expect(try send(&endpoint, first, .ping, [1]) == reply(first, .ping, [1]))
    }

    @Test func `a message within a message ends the message`() throws {
        var endpoint = try openEndpoint()
        let reports = try HIDMessage(
            channel: first, command: .ping, payload: [UInt8](repeating: 1, count: 200)
        ).reports
        #expect(endpoint.receive(reports[0], at: .zero) == [])
        #expect(
            try send(&endpoint, first, .ping, [1]) == error(.invalidSequence, on: first))
        #expect(try send(&endpoint, first, .ping, [1]) == reply(first, .ping, [1]))
    }

    @Test func `a message whose rest does not come times out after half a second`() throws {
        var endpoint = try openEndpoint()
        let reports = try HIDMessage(
            channel: first, command: .ping, payload: [UInt8](repeating: 1, count: 100)
        ).reports
        #expect(endpoint.receive(reports[0], at: .seconds(5)) == [])
        #expect(endpoint.nextDeadline == .milliseconds(5_500))
        #expect(endpoint.advance(to: .milliseconds(5_499)) == [])
        #expect(
            endpoint.advance(to: .milliseconds(5_500)) == error(.messageTimeout, on: first))
        #expect(endpoint.nextDeadline == nil)
        #expect(endpoint.receive(reports[1], at: .milliseconds(5_501)) == [])
    }

    @Test func `each packet has half a second of its own`() throws {
        var endpoint = try openEndpoint()
        let message = try HIDMessage(
            channel: first, command: .ping, payload: [UInt8](repeating: 1, count: 200))
        var now = Duration.zero
        var actions: [HIDEndpoint.Action] = []
        for report in message.reports {
            actions += endpoint.receive(report, at: now)
            now += .milliseconds(499)
        }
        #expect(actions == message.reports.map { .send($0) })
    }

    @Test func `another channel is told to wait while a message comes in`() throws {
        var endpoint = try openEndpoint()
        let reports = try HIDMessage(
            channel: first, command: .ping, payload: [UInt8](repeating: 1, count: 100)
        ).reports
        #expect(endpoint.receive(reports[0], at: .zero) == [])
        #expect(try send(&endpoint, second, .ping, [1]) == error(.channelBusy, on: second))
        let stray = HIDPacket.continuation(channel: second, sequence: 0, data: [])
        #expect(endpoint.receive(stray.report, at: .zero) == [])
        #expect(endpoint.receive(reports[1], at: .zero).count == 2)
    }

    @Test func `a busy endpoint tells everybody to wait, and its client that it lives`() throws {
        var endpoint = try openEndpoint()
        let request = try HIDMessage(channel: first, command: .cbor, payload: [4])
        #expect(try send(&endpoint, first, .cbor, [4]) == [.handle(request)])
        #expect(try send(&endpoint, second, .ping, [1]) == error(.channelBusy, on: second))
        #expect(try send(&endpoint, first, .ping, [1]) == error(.channelBusy, on: first))
        #expect(endpoint.advance(to: .milliseconds(99)) == [])
        let processing = try reply(first, .keepalive, [1])
        let waiting = try reply(first, .keepalive, [2])
        #expect(endpoint.advance(to: .milliseconds(100)) == processing)
        #expect(endpoint.setStatus(.userPresenceNeeded, at: .milliseconds(150)) == waiting)
        #expect(endpoint.setStatus(.userPresenceNeeded, at: .milliseconds(160)) == [])
        #expect(endpoint.advance(to: .milliseconds(249)) == [])
        #expect(endpoint.advance(to: .milliseconds(250)) == waiting)
        #expect(try endpoint.reply([0, 1]) == reply(first, .cbor, [0, 1]))
        #expect(endpoint.nextDeadline == nil)
        #expect(endpoint.reply([0]) == [])
    }

    @Test func `CANCEL reaches the request of its own channel only`() throws {
        var endpoint = try openEndpoint()
        #expect(try send(&endpoint, first, .cancel) == [])
        _ = try send(&endpoint, first, .cbor, [4])
        #expect(try send(&endpoint, second, .cancel) == error(.channelBusy, on: second))
        #expect(try send(&endpoint, first, .cancel) == [.cancel])
    }

    @Test func `INIT on one's own channel gives up what is under way`() throws {
        var endpoint = try openEndpoint()
        _ = try send(&endpoint, first, .cbor, [4])
        let answer = try reply(first, .initialize, nonce + [0, 0, 1, 0, 2, 1, 0, 0, 0x05])
        #expect(try send(&endpoint, first, .initialize, nonce) == [.abandon] + answer)
        #expect(endpoint.reply([0]) == [])
        let report = try HIDMessage(
            channel: first, command: .ping, payload: [UInt8](repeating: 1, count: 100)
        ).reports[0]
        _ = endpoint.receive(report, at: .zero)
        #expect(try send(&endpoint, first, .initialize, nonce) == answer)
        #expect(try send(&endpoint, second, .ping, [1]) == reply(second, .ping, [1]))
    }

    @Test func `INIT on the broadcast channel disturbs nobody`() throws {
        var endpoint = try openEndpoint()
        _ = try send(&endpoint, first, .cbor, [4])
        let answer = try reply(.broadcast, .initialize, nonce + [0, 0, 1, 2, 2, 1, 0, 0, 0x05])
        #expect(try send(&endpoint, .broadcast, .initialize, nonce) == answer)
        #expect(try endpoint.reply([0]) == reply(first, .cbor, [0]))
    }

    @Test func `WINK takes nothing and shows`() throws {
        var endpoint = try openEndpoint()
        #expect(try send(&endpoint, first, .wink) == [.wink] + reply(first, .wink, []))
        #expect(try send(&endpoint, first, .wink, [1]) == error(.invalidLength, on: first))
    }

    @Test func `LOCK keeps the others out until its time is over`() throws {
        var endpoint = try openEndpoint()
        #expect(try send(&endpoint, first, .lock, [11]) == error(.invalidParameter, on: first))
        #expect(try send(&endpoint, first, .lock) == error(.invalidLength, on: first))
        #expect(try send(&endpoint, first, .lock, [2]) == reply(first, .lock, []))
        #expect(try send(&endpoint, second, .ping, [1]) == error(.channelBusy, on: second))
        #expect(try send(&endpoint, first, .ping, [1]) == reply(first, .ping, [1]))
        #expect(
            try send(&endpoint, second, .ping, [1], at: .milliseconds(1_999))
                == error(.channelBusy, on: second))
        #expect(
            try send(&endpoint, second, .ping, [1], at: .seconds(2)) == reply(second, .ping, [1]))
        _ = try send(&endpoint, first, .lock, [10], at: .seconds(3))
        _ = try send(&endpoint, first, .lock, [0], at: .seconds(3))
        #expect(
            try send(&endpoint, second, .ping, [1], at: .seconds(3)) == reply(second, .ping, [1]))
    }

    @Test func `channels beyond the limit push out the oldest idle one`() throws {
        var endpoint = endpoint()
        _ = try send(&endpoint, .broadcast, .initialize, nonce)
        _ = try send(&endpoint, first, .cbor, [4])
        for _ in 0..<HIDEndpoint.maximumChannels {
            _ = try send(&endpoint, .broadcast, .initialize, nonce)
        }
        #expect(endpoint.channels.count == HIDEndpoint.maximumChannels)
        #expect(endpoint.channels.contains(first))
        #expect(!endpoint.channels.contains(second))
    }

    @Test func `channel numbers wrap around the two that are reserved`() throws {
        var endpoint = HIDEndpoint(deviceVersion: [1, 0, 0], firstChannel: 0xFFFF_FFFE)
        for _ in 0..<2 { _ = try send(&endpoint, .broadcast, .initialize, nonce) }
        #expect(
            endpoint.channels == [ChannelID(rawValue: 0xFFFF_FFFE), ChannelID(rawValue: 1)])
    }
}
