import Authenticators
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
