import Authenticators
import Glibc
import SecurityKeys
import Testing

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
