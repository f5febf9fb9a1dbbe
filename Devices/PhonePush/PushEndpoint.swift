public import Addresses

/// Where a push service takes messages for one phone (RFC 8030 §2): an absolute URL, in the one spelling that is
/// taken.
///
/// Who knows the URL can send to the phone (RFC 8030 §8.3), so that only its origin belongs into a log:
/// ``description``.
public struct PushEndpoint: Sendable, Hashable, CustomStringConvertible {
    /// What the URL names as its server.
    public enum Host: Sendable, Hashable {
        /// A name of DNS, in lower case.
        case name(String)
        /// An address.
        case address(IPAddress)
    }

    /// Which part of a text keeps it from being an endpoint.
    public enum Flaw: String, Sendable, Hashable, CaseIterable {
        /// It is empty or has over 1024 bytes.
        case length
        /// It has characters that are not printable ASCII.
        case characters
        /// It does not begin with `https://` or `http://`.
        case scheme
        /// It names a user.
        case userInformation = "user-information"
        /// The host is no name of DNS in lower case and no address in its canonical form.
        case host
        /// The port is not from 1 to 65535, or written with a zero in front.
        case port
        /// Path and query are not as RFC 3986 has them.
        case target
        /// It has a fragment.
        case fragment
        /// It has no TLS and leads to another machine.
        case plaintext
    }

    /// The longest text that is taken, in bytes.
    public static let maximumByteCount = 1024

    /// The URL as it was given. Secret.
    public let text: String
    /// Whether the server is reached by TLS. Where not, it is this machine's.
    public let isSecure: Bool
    /// Its server.
    public let host: Host
    /// From 1 to 65535.
    public let port: Int
    /// Path and query, `/` at least.
    public let target: String

    /// Reads a URL of `https`, or of `http` where the host is a loopback address or `localhost`.
    ///
    /// The host is a name of letters, digits and hyphens in lower case (one with other letters in its A-label form), an
    /// IPv4 address of four decimal numbers, or an IPv6 address in brackets as RFC 5952 writes it. All other spellings
    /// are refused, `0x7f.1` and a dot at the end among them.
    public init(_ text: String) throws(PushFailure) {
        var parser = try EndpointParser(text)
        self.text = text
        isSecure = try parser.readScheme()
        host = try parser.readHost()
        port = try parser.readPort() ?? (isSecure ? 443 : 80)
        target = try parser.readTarget()
        guard isSecure || host.isLoopback else { throw .invalidEndpoint(.plaintext) }
    }

    /// The host and, unless it is the scheme's, the port.
    public var authority: String {
        port == (isSecure ? 443 : 80) ? "\(host)" : "\(host):\(port)"
    }

    /// Scheme, host and port as RFC 6454 §6.2 writes them: what an authorisation is for.
    public var origin: String { "\(isSecure ? "https" : "http")://\(authority)" }

    /// The origin alone.
    public var description: String { origin }
}

extension PushEndpoint.Host: CustomStringConvertible {
    /// As a URL has it, an IPv6 address in brackets.
    public var description: String {
        switch self {
        case .name(let name): name
        case .address(let address): address.isVersion4 ? "\(address)" : "[\(address)]"
        }
    }

    /// Whether it leads to this machine as far as its spelling tells.
    var isLoopback: Bool {
        switch self {
        case .name(let name): name == "localhost"
        case .address(let address): address.isLoopback
        }
    }
}

extension PushEndpoint: CustomDebugStringConvertible, CustomReflectable {
    /// The origin alone.
    public var debugDescription: String { origin }

    /// Nothing but the origin.
    public var customMirror: Mirror { Mirror(self, children: ["origin": origin]) }
}
