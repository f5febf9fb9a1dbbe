import CTAP
import Emulators
import Glibc
import Testing

struct SecurityKeyUDPServerTests {
    /// A client's socket, connected to a port of this machine.
    private struct DatagramSocket: ~Copyable {
        let descriptor: Int32

        init(port: Int) throws {
            descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = UInt16(port).bigEndian
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            let status = unsafe withUnsafePointer(to: address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            try #require(status == 0)
        }

        deinit { close(descriptor) }

        func send(_ report: [UInt8]) {
            #expect(unsafe Glibc.send(descriptor, report, report.count, 0) == report.count)
        }

        func receive() throws -> [UInt8] {
            var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            try #require(unsafe poll(&event, 1, 10_000) == 1)
            var report = [UInt8](repeating: 0, count: 128)
            let count = unsafe recv(descriptor, &report, report.count, 0)
            return Array(report.prefix(max(0, count)))
        }
    }

    private func open(_ socket: borrowing DatagramSocket) throws -> ChannelID {
        let request = try HIDMessage(
            channel: .broadcast, command: .initialize, payload: [1, 2, 3, 4, 5, 6, 7, 8])
        socket.send(request.reports[0])
        guard
            case .initialization(.broadcast, .initialize, 17, let data) = try HIDPacket(
                decoding: socket.receive())
        else { throw MalformedMessage.packetOutOfSequence }
        return try HIDInitialization(decoding: Array(data.prefix(17))).channel
    }

    @Test func `replies go to whoever sent the request`() async throws {
        let key = try SoftwareSecurityKey()
        let server = try await SecurityKeyUDPServer.start(key, port: 0)
        let first = try DatagramSocket(port: server.port)
        let second = try DatagramSocket(port: server.port)
        let channels = [try open(first), try open(second)]
        #expect(channels[0] != channels[1])
        for round: UInt8 in 0..<3 {
            let ping = try HIDMessage(channel: channels[0], command: .ping, payload: [round])
            let pong = try HIDMessage(channel: channels[1], command: .ping, payload: [~round])
            first.send(ping.reports[0])
            second.send(pong.reports[0])
            #expect(try second.receive() == pong.reports[0])
            #expect(try first.receive() == ping.reports[0])
        }
        await server.stop()
    }

    @Test func `a wait is kept alive and ends without the client's doing`() async throws {
        let key = try SoftwareSecurityKey(
            person: PersonScript([.touch.after(.milliseconds(250))]))
        let server = try await SecurityKeyUDPServer.start(key, port: 0)
        let socket = try DatagramSocket(port: server.port)
        let channel = try open(socket)
        socket.send(
            try HIDMessage(channel: channel, command: .cbor, payload: [0x0B]).reports[0])
        let keepalive = HIDMessage.keepalive(.userPresenceNeeded, on: channel).reports[0]
        for _ in 0..<3 { #expect(try socket.receive() == keepalive) }
        #expect(
            try socket.receive()
                == HIDMessage(channel: channel, command: .cbor, payload: [0]).reports[0])
        await server.stop()
    }

    @Test func `a key that is plugged in again serves on`() async throws {
        let key = try SoftwareSecurityKey()
        let server = try await SecurityKeyUDPServer.start(key, port: 0)
        let socket = try DatagramSocket(port: server.port)
        _ = try open(socket)
        try key.plugIn()
        _ = try open(socket)
        await server.stop()
    }

    @Test(arguments: ["0.0.0.0", "192.0.2.1", "::"])
    func `an address that others reach is refused`(host: String) async throws {
        let key = try SoftwareSecurityKey()
        await #expect(throws: EmulatorError.notLoopback(address: "\(host):0")) {
            _ = try await SecurityKeyUDPServer.start(key, host: host, port: 0)
        }
    }

    @Test func `a port that is taken says so`() async throws {
        let key = try SoftwareSecurityKey()
        let server = try await SecurityKeyUDPServer.start(key, port: 0)
        let port = server.port
        await #expect {
            _ = try await SecurityKeyUDPServer.start(key, port: port)
        } throws: { error in
            (error as? EmulatorError)?.code == "cannot-listen"
        }
        await server.stop()
    }

    @Test func `cancelling the task that runs it stops the server`() async throws {
        let key = try SoftwareSecurityKey()
        let server = try await SecurityKeyUDPServer.start(key, port: 0)
        let running = Task { await server.run() }
        running.cancel()
        await running.value
    }
}
