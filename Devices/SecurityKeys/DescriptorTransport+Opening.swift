import Authenticators
import Glibc

/// How far the UDP path of a device may lead.
public enum UDPReach: Sendable, Hashable {
    /// To this machine only. What crosses a network can be read and replayed there, for CTAPHID protects nothing.
    case loopback
    /// Anywhere: for networks that lead nowhere else, such as between a host and its virtual machines.
    case anywhere
}

extension DescriptorTransport {
    /// Opens a HID device, and keeps other well-behaved programs out while it is open.
    static func openHIDDevice(number: Int) throws(AuthenticatorFailure) -> DescriptorTransport {
        let path = DevicePath.hidraw(number: number).description
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENODEV, ENXIO: throw .notFound(path: path)
            case EACCES, EPERM: throw .permissionDenied(path: path)
            case EBUSY: throw .inUse
            default: throw .notAnAuthenticator(path: path)
            }
        }
        // The lock that libfido2 itself takes on devices that it opens.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            _ = Glibc.close(descriptor)
            throw reason == EWOULDBLOCK ? .inUse : .notAnAuthenticator(path: path)
        }
        return DescriptorTransport(owning: descriptor, framing: .numbered)
    }

    /// Opens a socket that talks to `host`, an address in numbers or `localhost`, and to nobody else.
    static func openUDP(
        host: String, port: UInt16, reach: UDPReach
    ) throws(AuthenticatorFailure) -> DescriptorTransport {
        let path = DevicePath.udp(host: host, port: port).description
        guard let address = InternetAddress(host == "localhost" ? "127.0.0.1" : host) else {
            throw .invalidPath(path)
        }
        guard reach == .anywhere || address.isLoopback else { throw .notLoopback(host: host) }
        let descriptor = socket(address.family, Int32(SOCK_DGRAM.rawValue) | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw .notFound(path: path) }
        guard address.connect(descriptor, port: port) else {
            _ = Glibc.close(descriptor)
            throw .notFound(path: path)
        }
        return DescriptorTransport(owning: descriptor, framing: .plain)
    }
}

/// An IPv4 or IPv6 address.
private enum InternetAddress {
    case v4(in_addr)
    case v6(in6_addr)

    init?(_ text: String) {
        var v4 = in_addr()
        var v6 = in6_addr()
        if unsafe inet_pton(AF_INET, text, &v4) == 1 {
            self = .v4(v4)
        } else if unsafe inet_pton(AF_INET6, text, &v6) == 1 {
            self = .v6(v6)
        } else {
            return nil
        }
    }

    var family: Int32 {
        switch self {
        case .v4: AF_INET
        case .v6: AF_INET6
        }
    }

    var isLoopback: Bool {
        switch self {
        case .v4(let address): UInt32(bigEndian: address.s_addr) >> 24 == 127
        case .v6(let address):
            unsafe withUnsafeBytes(of: address) { bytes in
                unsafe bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
            }
        }
    }

    func connect(_ descriptor: Int32, port: UInt16) -> Bool {
        switch self {
        case .v4(let address):
            var name = sockaddr_in()
            name.sin_family = sa_family_t(AF_INET)
            name.sin_port = port.bigEndian
            name.sin_addr = address
            return Self.connect(descriptor, &name)
        case .v6(let address):
            var name = sockaddr_in6()
            name.sin6_family = sa_family_t(AF_INET6)
            name.sin6_port = port.bigEndian
            name.sin6_addr = address
            return Self.connect(descriptor, &name)
        }
    }

    private static func connect<Name>(_ descriptor: Int32, _ name: inout Name) -> Bool {
        unsafe withUnsafePointer(to: &name) { start in
            unsafe start.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Name>.size)) == 0
            }
        }
    }
}
