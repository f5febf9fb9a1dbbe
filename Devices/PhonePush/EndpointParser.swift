import Addresses

/// Reads the parts of an endpoint's URL, one after the other (RFC 3986 §3).
struct EndpointParser {
    private var rest: Substring.UTF8View

    init(_ text: String) throws(PushFailure) {
        rest = Substring(text).utf8
        guard (1...PushEndpoint.maximumByteCount).contains(rest.count) else {
            throw .invalidEndpoint(.length)
        }
        guard rest.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalidEndpoint(.characters)
        }
        guard !rest.contains(UInt8(ascii: "#")) else { throw .invalidEndpoint(.fragment) }
    }

    /// Whether it is `https`.
    mutating func readScheme() throws(PushFailure) -> Bool {
        for (scheme, isSecure) in [("https://", true), ("http://", false)]
        where rest.starts(with: scheme.utf8) {
            rest = rest.dropFirst(scheme.utf8.count)
            let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
            guard !authority.contains(UInt8(ascii: "@")) else {
                throw .invalidEndpoint(.userInformation)
            }
            return isSecure
        }
        throw .invalidEndpoint(.scheme)
    }

    mutating func readHost() throws(PushFailure) -> PushEndpoint.Host {
        if rest.first == UInt8(ascii: "[") {
            let inside = rest.dropFirst().prefix { $0 != UInt8(ascii: "]") }
            rest = rest.dropFirst(inside.count + 1)
            guard
                rest.popFirst() == UInt8(ascii: "]"),
                let address = canonicalAddress(String(Substring(inside))), !address.isVersion4
            else { throw .invalidEndpoint(.host) }
            return .address(address)
        }
        let text = rest.prefix { !":/?".utf8.contains($0) }
        rest = rest.dropFirst(text.count)
        let name = String(Substring(text))
        if let address = canonicalAddress(name), address.isVersion4 { return .address(address) }
        guard isHostName(name) else { throw .invalidEndpoint(.host) }
        return .name(name)
    }

    /// The port, where there is one.
    mutating func readPort() throws(PushFailure) -> Int? {
        guard rest.first == UInt8(ascii: ":") else { return nil }
        let digits = rest.dropFirst().prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        rest = rest.dropFirst(1 + digits.count)
        guard let port = portNumber(Substring(digits)) else { throw .invalidEndpoint(.port) }
        return port
    }

    /// All that is left.
    mutating func readTarget() throws(PushFailure) -> String {
        if rest.isEmpty { return "/" }
        guard rest.first == UInt8(ascii: "/") else { throw .invalidEndpoint(.target) }
        let target = String(Substring(rest))
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard
                    let high = rest.popFirst(), let low = rest.popFirst(),
                    isHexadecimal(high), isHexadecimal(low)
                else { throw .invalidEndpoint(.target) }
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                continue
            case _ where "-._~!$&'()*+,;=:@/?".utf8.contains(byte): continue
            default: throw .invalidEndpoint(.target)
            }
        }
        return target
    }

    private func isHexadecimal(_ byte: UInt8) -> Bool {
        Character(UnicodeScalar(byte)).isHexDigit
    }
}

/// The address, where the text is the one that the address would be written as.
func canonicalAddress(_ text: String) -> IPAddress? {
    guard let address = try? IPAddress(text), address.description == text else { return nil }
    return address
}

/// A port from 1 to 65535, in decimal without a zero in front.
func portNumber(_ digits: Substring) -> Int? {
    guard
        (1...5).contains(digits.utf8.count), !digits.hasPrefix("0"),
        digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        let port = Int(digits), port <= 65_535
    else { return nil }
    return port
}

/// Whether it is a name of DNS (RFC 1123 §2.1) in lower case, without a dot at the end, that nobody could take for an
/// address: resolvers read `1`, `127.1` and `0x7f000001` as addresses of IPv4.
func isHostName(_ text: String) -> Bool {
    guard (1...253).contains(text.utf8.count) else { return false }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.allSatisfy(isLabel), let last = labels.last else { return false }
    let isDecimal = last.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let isHexadecimal = last.hasPrefix("0x") && last.dropFirst(2).allSatisfy(\.isHexDigit)
    return !isDecimal && !isHexadecimal
}

private func isLabel(_ label: Substring) -> Bool {
    (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
        && label.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
}
