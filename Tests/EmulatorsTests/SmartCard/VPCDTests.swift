import Dispatch
import Emulators
import Glibc
import ISO7816
import PIV
import Testing

struct VPCDFramesTests {
    private let stream: [UInt8] =
        [0, 1, 1] + [0, 1, 4] + [0, 5, 0x00, 0xFD, 0x00, 0x00, 0x00] + [0, 1, 7] + [0, 1, 2]
        + [0, 0] + [0, 1, 0]
    private let messages: [VPCDFrames.Message] = [
        .powerOn, .answerToReset, .command([0x00, 0xFD, 0x00, 0x00, 0x00]), .reset, .command([]),
        .powerOff,
    ]

    @Test(arguments: 1...27)
    func `messages are found however the bytes arrive`(_ size: Int) {
        var frames = VPCDFrames()
        var found: [VPCDFrames.Message] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            frames.append(stream[start..<min(start + size, stream.count)])
            while let message = frames.next() { found.append(message) }
        }
        #expect(found == messages)
    }

    @Test func `a message has its length in front`() {
        #expect(VPCDFrames.encoded([0x90, 0x00]) == [0x00, 0x02, 0x90, 0x00])
        #expect(VPCDFrames.encoded([]) == [0x00, 0x00])
        let long = VPCDFrames.encoded([UInt8](repeating: 1, count: 70_000))
        #expect(long.prefix(3) == [0xFF, 0xFF, 0x01])
        #expect(long.count == 65_537)
    }
}

/// vpcd's end of the connection, for one card.
private final class Reader: Sendable {
    private let listener: Int32
    let port: Int

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let status = unsafe withUnsafeMutablePointer(to: &address) { start in
            unsafe start.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length) == 0 && listen(descriptor, 1) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        try #require(status)
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(listener) }

    func accept() throws -> Slot {
        let descriptor = Glibc.accept(listener, nil, nil)
        try #require(descriptor >= 0)
        return Slot(descriptor)
    }
}

private final class Slot {
    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Length and body go separately, as vpcd sends them.
    func send(_ body: [UInt8]) {
        let length = [UInt8(body.count >> 8), UInt8(body.count & 0xFF)]
        _ = unsafe write(descriptor, length, 2)
        _ = unsafe write(descriptor, body, body.count)
    }

    /// The next message, or `nil` where the card is out.
    func receive() -> [UInt8]? {
        guard let length = read(2) else { return nil }
        return read(Int(length[0]) << 8 | Int(length[1]))
    }

    func transmit(_ body: [UInt8]) -> [UInt8]? {
        send(body)
        return receive()
    }

    private func read(_ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var buffer = [UInt8](repeating: 0, count: count - bytes.count)
            let received = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            guard received > 0 else { return nil }
            bytes += buffer.prefix(received)
        }
        return bytes
    }
}

struct SoftwareCardVPCDClientTests {
    private let verify: [UInt8] = [0x00, 0x20, 0x00, 0x80]

    private func select() throws -> [UInt8] { try PIVCommand.select().encoded(.short) }

    @Test func `the card answers through the virtual reader until it is stopped`() async throws {
        let reader = try Reader()
        let card = try SoftwareCard()
        let client = try await SoftwareCardVPCDClient.start(card, port: reader.port)
        let slot = try reader.accept()
        slot.send([1])
        #expect(slot.transmit([4]) == card.answerToReset)
        #expect(slot.transmit(verify) == [0x6D, 0x00])
        #expect(slot.transmit(try select())?.suffix(2) == [0x90, 0x00])
        #expect(slot.transmit(verify) == [0x63, 0xC3])
        #expect(slot.transmit(verify + [8] + CardLab.pin) == [0x90, 0x00])
        slot.send([2])
        #expect(slot.transmit(verify) == [0x6D, 0x00])
        #expect(slot.transmit([]) == [0x67, 0x00])
        await client.stop()
        #expect(slot.receive() == nil)
        #expect(card.isInserted)
        await client.run()
    }

    @Test func `a card that is taken out, or pulled out in mid-command, leaves the reader`()
        async throws
    {
        let reader = try Reader()
        let card = try SoftwareCard()
        let client = try await SoftwareCardVPCDClient.start(card, port: reader.port)
        let slot = try reader.accept()
        #expect(slot.transmit([4]) == card.answerToReset)
        card.remove()
        #expect(slot.receive() == nil)
        await client.run()
        card.insert()
        card.replaceFaults(
            CardFaultPlan([
                CardFaultPlan.Occasion(.verify, 1): .noAnswer,
                CardFaultPlan.Occasion(.verify, 2): .resetByAnotherProgram,
                CardFaultPlan.Occasion(.verify, 4): .pulledOut,
            ]))
        let again = try await SoftwareCardVPCDClient.start(card, port: reader.port)
        let next = try reader.accept()
        #expect(next.transmit(try select())?.suffix(2) == [0x90, 0x00])
        #expect(next.transmit(verify) == [])
        #expect(next.transmit(verify) == [0x6D, 0x00])
        #expect(next.transmit(verify) == nil)
        await again.run()
        #expect(!card.isInserted)
    }

    @Test func `stopping does not wait for the person`() async throws {
        let reader = try Reader()
        let asked = DispatchSemaphore(value: 0)
        let person = PersonScript { _ in
            asked.signal()
            return .wait
        }
        let card = try SoftwareCard(
            configuration: .init(touchTimeout: .seconds(3_600)), person: person)
        _ = try CardLab(card: card).generate(.cardAuthentication, touchPolicy: .always)
        let client = try await SoftwareCardVPCDClient.start(card, port: reader.port)
        let slot = try reader.accept()
        #expect(slot.transmit(try select())?.suffix(2) == [0x90, 0x00])
        let sign = try PIVCommand.sign(.cardAuthentication, .p256, Signing.input(.p256))
        slot.send(try sign.encoded(.short))
        Self.wait(asked)
        await client.stop()
        #expect(slot.receive() == nil)
    }

    private static func wait(_ semaphore: DispatchSemaphore) { semaphore.wait() }

    @Test func `only a reader on this machine gets the card`() async throws {
        let card = try SoftwareCard()
        for host in ["192.0.2.1", "0.0.0.0", "128.0.0.1"] {
            await #expect(throws: EmulatorError.notLoopback(address: "\(host):35963")) {
                try await SoftwareCardVPCDClient.start(card, host: host)
            }
        }
        for (host, port) in [("localhost", 1), ("::1", 1), ("127.0.0.1", 0), ("127.0.0.1", 70_000)]
        {
            await #expect(throws: EmulatorError.self) {
                try await SoftwareCardVPCDClient.start(card, host: host, port: port)
            }
        }
    }
}
