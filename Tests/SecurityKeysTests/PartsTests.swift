import Authenticators
import Glibc
import SecurityKeys
import Testing

@Suite struct DevicePathTests {
    @Test(arguments: [
        ("/dev/hidraw0", DevicePath.hidraw(number: 0)),
        ("/dev/hidraw12", .hidraw(number: 12)),
        ("udp:127.0.0.1:8111", .udp(host: "127.0.0.1", port: 8111)),
        ("udp:localhost:1", .udp(host: "localhost", port: 1)),
        ("udp:[::1]:65535", .udp(host: "::1", port: 65535)),
        ("emulator:/tmp/a key", .emulator(file: "/tmp/a key")),
    ])
    func `takes a path and gives it back`(text: String, path: DevicePath) throws {
        #expect(try DevicePath(text) == path)
        #expect(path.description == text)
    }

    @Test(arguments: [
        "", "/dev/hidraw", "/dev/hidraw-1", "/dev/hidraw01", "/dev/hidraw0x", "/dev/hidraw1234567",
        "/dev/../dev/hidraw0", "/dev/input0", "udp:", "udp:127.0.0.1", "udp::8111",
        "udp:127.0.0.1:0", "udp:127.0.0.1:65536", "udp:127.0.0.1:08111", "udp:::1:8111",
        "udp:[::1:8111", "udp:[]:8111", "udp:[127.0.0.1]:8111", "udp:127.0.0.1:+1", "emulator:",
        "emulator:a\0b", "hidraw0",
    ])
    func `refuses what is no path`(text: String) {
        #expect(throws: AuthenticatorFailure.invalidPath(text)) { try DevicePath(text) }
    }
}

@Suite struct OpeningTests {
    @Test func `nothing is there`() async throws {
        let key = try SecurityKeyDevice(path: .hidraw(number: 999_999))
        await #expect(throws: AuthenticatorFailure.notFound(path: "/dev/hidraw999999")) {
            try await key.describe()
        }
    }

    @Test func `nobody listens at the port`() async throws {
        // Bound and not read from, so that nobody else has it; closed before the key is looked for.
        let socket = try #require(BoundSocket())
        let path = DevicePath.udp(host: "127.0.0.1", port: socket.port)
        socket.close()
        let key = try SecurityKeyDevice(path: path)
        await #expect(throws: AuthenticatorFailure.notFound(path: path.description)) {
            try await key.describe()
        }
    }

    @Test(arguments: ["192.0.2.1", "0.0.0.0", "::", "2001:db8::1", "::ffff:127.0.0.1"])
    func `other machines are out of reach unless allowed`(host: String) async throws {
        let key = try SecurityKeyDevice(path: .udp(host: host, port: 8111))
        await #expect(throws: AuthenticatorFailure.notLoopback(host: host)) {
            try await key.describe()
        }
    }

    @Test func `names are not looked up`() async throws {
        let key = try SecurityKeyDevice(path: .udp(host: "example.org", port: 8111))
        await #expect(throws: AuthenticatorFailure.invalidPath("udp:example.org:8111")) {
            try await key.describe()
        }
    }

    @Test func `a software key needs a connector`() {
        #expect(throws: AuthenticatorFailure.invalidPath("emulator:a")) {
            try SecurityKeyDevice(path: .emulator(file: "a"))
        }
    }

    @Test func `a connector's failure is passed on`() async {
        let key = SecurityKeyDevice(path: .emulator(file: "a")) {
            () throws(AuthenticatorFailure) -> any ReportTransport in
            throw .permissionDenied(path: "a")
        }
        await #expect(throws: AuthenticatorFailure.permissionDenied(path: "a")) {
            try await key.describe()
        }
    }

    @Test func `lists what is plugged in and what is named, once`() async throws {
        let named: [DevicePath] = [.udp(host: "127.0.0.1", port: 8111)]
        let keys = try await ListedKey.attached(and: named)
        #expect(keys.filter { named.contains($0.path) } == named.map(ListedKey.init(path:)))
        #expect(Set(keys.map(\.path)).count == keys.count)
    }
}

@Suite struct DescriptorTransportTests {
    private func pair() throws -> (Int32, Int32) {
        var descriptors: [Int32] = [-1, -1]
        let status = unsafe socketpair(
            AF_UNIX, Int32(SOCK_SEQPACKET.rawValue), 0, &descriptors)
        try #require(status == 0)
        return (descriptors[0], descriptors[1])
    }

    private static let report = (0..<64).map { UInt8($0) }

    @Test func `puts the report number in front for a HID device only`() throws {
        for (framing, prefix) in [
            (DescriptorTransport.Framing.numbered, [UInt8(0)]), (.plain, []),
        ] {
            let (near, far) = try pair()
            let transport = DescriptorTransport(owning: near, framing: framing)
            #expect(transport.write(Self.report))
            var buffer = [UInt8](repeating: 0xFF, count: 100)
            let count = unsafe read(far, &buffer, buffer.count)
            #expect(Array(buffer.prefix(max(0, count))) == prefix + Self.report)
            transport.close()
            _ = close(far)
        }
    }

    @Test func `reads reports and drops what has another length`() throws {
        let (near, far) = try pair()
        let transport = DescriptorTransport(owning: near, framing: .plain)
        for length in [1, 63, 65, 64] {
            let bytes = [UInt8](repeating: UInt8(length), count: length)
            #expect(unsafe write(far, bytes, length) == length)
        }
        #expect(transport.read(timeout: .seconds(1)) == [UInt8](repeating: 64, count: 64))
        #expect(transport.read(timeout: .zero) == nil)
        transport.close()
        _ = close(far)
    }

    @Test func `notices that the other end is gone`() throws {
        let (near, far) = try pair()
        let transport = DescriptorTransport(owning: near, framing: .plain)
        _ = close(far)
        let start = ContinuousClock.now
        #expect(transport.read(timeout: .milliseconds(200)) == nil)
        #expect(ContinuousClock.now - start < .milliseconds(100))
        transport.close()
    }
}

/// A UDP socket on a free port of this machine.
private final class BoundSocket {
    private let descriptor: Int32
    let port: UInt16

    init?() {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        self.descriptor = descriptor
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &name) { start in
            unsafe start.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, length) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        port = UInt16(bigEndian: name.sin_port)
        guard isBound else { return nil }
    }

    func close() { _ = Glibc.close(descriptor) }
}
