public import Authenticators

/// Where a security key is.
public enum DevicePath: Sendable, Hashable, CustomStringConvertible {
    /// A USB key behind the kernel's HID driver: `/dev/hidraw0`.
    case hidraw(number: Int)
    /// A key that speaks CTAPHID in UDP datagrams, a report each: `udp:127.0.0.1:8111` or `udp:[::1]:8111`.
    case udp(host: String, port: UInt16)
    /// A software key in this process that keeps its state in this file: `emulator:key.state`.
    case emulator(file: String)

    /// Takes a path in one of its text forms.
    public init(_ text: some StringProtocol) throws(AuthenticatorFailure) {
        if text.hasPrefix("udp:") {
            guard let path = Self.udp(text.dropFirst(4)) else {
                throw .invalidPath(String(text))
            }
            self = path
        } else if text.hasPrefix("emulator:") {
            let file = text.dropFirst(9)
            guard !file.isEmpty, !file.utf8.contains(0) else { throw .invalidPath(String(text)) }
            self = .emulator(file: String(file))
        } else {
            guard text.hasPrefix("/dev/hidraw"), let number = Self.number(text.dropFirst(11)) else {
                throw .invalidPath(String(text))
            }
            self = .hidraw(number: number)
        }
    }

    /// The text form.
    public var description: String {
        switch self {
        case .hidraw(let number): "/dev/hidraw\(number)"
        case .udp(let host, let port):
            host.utf8.contains(UInt8(ascii: ":")) ? "udp:[\(host)]:\(port)" : "udp:\(host):\(port)"
        case .emulator(let file): "emulator:\(file)"
        }
    }

    private static func udp(_ text: some StringProtocol) -> DevicePath? {
        guard let colon = text.lastIndex(of: ":"),
            let port = number(text[text.index(after: colon)...]).flatMap(UInt16.init(exactly:)),
            port != 0
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, !host.utf8.contains(0) else { return nil }
        return .udp(host: String(host), port: port)
    }

    /// A decimal number of at most six digits without sign or leading zeros.
    private static func number(_ text: some StringProtocol) -> Int? {
        guard (1...6).contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            text == "0" || text.first != "0"
        else { return nil }
        return Int(text)
    }
}
