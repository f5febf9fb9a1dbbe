/// Where a server takes what phones send: an absolute URL without query, to which `/v1/…` is added.
///
/// `https`, or `http` where the host is a loopback address.
public struct PhoneServiceURL: Sendable, Hashable {
    /// The URL as it was given: 1 to 255 ASCII characters.
    public let text: String
    /// Whether it is `https`.
    public let isSecure: Bool
    /// The host: a name in lower case, an IPv4 address of four numbers, or an IPv6 address without its brackets.
    public let host: String
    /// The port; 443 or 80 where the URL has none.
    public let port: Int
    /// The path: empty, or `/` and more that does not end with one.
    public let path: String

    /// Takes a URL.
    ///
    /// - Throws: ``MalformedPush/value(_:)`` naming `url` for anything else: user names, queries, fragments, percent
    ///   signs, ports out of range or with zeros in front.
    public init(_ text: String) throws(MalformedPush) {
        guard text.utf8.count <= 255, let parts = Self.split(text) else { throw .value("url") }
        guard parts.isSecure || Self.isLoopback(parts.host) else { throw .value("url") }
        self.text = text
        (isSecure, host, port, path) = parts
    }

    /// Whether the host is a loopback address or `localhost`.
    public var isLoopback: Bool { Self.isLoopback(host) }

    private static func split(
        _ text: String
    ) -> (isSecure: Bool, host: String, port: Int, path: String)? {
        let schemes = [("https://", true), ("http://", false)]
        guard let (scheme, isSecure) = schemes.first(where: { text.hasPrefix($0.0) }) else {
            return nil
        }
        let rest = text.utf8.dropFirst(scheme.utf8.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        let path = rest.dropFirst(authority.count)
        guard path.allSatisfy(isPathByte), path.last != UInt8(ascii: "/") else { return nil }
        var host = Substring(authority)
        var port = isSecure ? 443 : 80
        if host.utf8.last != UInt8(ascii: "]"),
            let colon = host.utf8.lastIndex(of: UInt8(ascii: ":"))
        {
            guard let number = decimal(host[host.utf8.index(after: colon)...], in: 1...65535)
            else { return nil }
            port = number
            host = host[..<colon]
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.utf8.contains(UInt8(ascii: ":")), host.utf8.allSatisfy(isIPv6Byte) else {
                return nil
            }
        } else {
            guard !host.isEmpty, host.utf8.allSatisfy(isHostByte) else { return nil }
        }
        return (isSecure, String(host), port, String(Substring(path)))
    }

    private static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false)
        return numbers.count == 4 && numbers[0] == "127"
            && numbers.allSatisfy { decimal($0, in: 0...255) != nil }
    }

    /// A number without sign and without zeros in front.
    private static func decimal(_ text: Substring, in range: ClosedRange<Int>) -> Int? {
        guard let number = Int(text), range.contains(number), String(number) == text else {
            return nil
        }
        return number
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func isIPv6Byte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: ":"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
