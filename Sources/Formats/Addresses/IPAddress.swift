/// An address of IPv4 or IPv6. An IPv4 address in IPv6's clothes (`::ffff:192.0.2.1`) is the IPv4 address.
public struct IPAddress: Sendable, Hashable {
    /// 4 bytes, or 16.
    public let bytes: [UInt8]

    /// An address of 4 or 16 bytes.
    public init?(bytes: [UInt8]) {
        switch bytes.count {
        case 4: self.bytes = bytes
        case 16: self.bytes = Self.isMapped(bytes) ? Array(bytes.suffix(4)) : bytes
        default: return nil
        }
    }

    /// Reads four decimal numbers without leading zeros, or any form of RFC 4291 §2.2. Zones, brackets, ports and the
    /// shorter, octal and hexadecimal spellings of IPv4 are refused.
    public init(_ text: String) throws(MalformedAddress) {
        let utf8 = Array(text.utf8)
        guard utf8.count <= 45 else { throw .address }
        let bytes =
            utf8.contains(UInt8(ascii: ":")) ? Self.version6(utf8) : Self.version4(utf8[...])
        guard let bytes, let address = IPAddress(bytes: bytes) else { throw .address }
        self = address
    }

    /// Whether it is one of IPv4.
    public var isVersion4: Bool { bytes.count == 4 }

    /// The network that one subscriber has: the address itself, or for IPv6 the first 64 bits (RFC 6177).
    public var subscriber: IPNetwork {
        let length = isVersion4 ? 32 : 64
        return IPNetwork(containing: self, prefixLength: length)
    }

    private static func isMapped(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    }

    private static func version4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard let number = decimal(part) else { return nil }
            bytes.append(number)
        }
        return bytes
    }

    private static func decimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
        guard (1...3).contains(digits.count) else { return nil }
        if digits.count > 1, digits.first == UInt8(ascii: "0") { return nil }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + Int(digit - UInt8(ascii: "0"))
        }
        return UInt8(exactly: value)
    }

    private static func version6(_ text: [UInt8]) -> [UInt8]? {
        let colon = UInt8(ascii: ":")
        var gap: Int?
        for place in text.indices.dropLast() where text[place] == colon && text[place + 1] == colon
        {
            // Three colons in a row are two gaps that overlap.
            guard gap == nil else { return nil }
            gap = place
        }
        guard let gap else {
            guard let bytes = groups(text[...]), bytes.count == 16 else { return nil }
            return bytes
        }
        guard
            let head = groups(text[..<gap], mayEndInVersion4: false),
            let tail = groups(text[(gap + 2)...]),
            // The gap stands for one group at least (RFC 5952 §4.2.2 would not write it so, RFC 4291 allows it).
            head.count + tail.count <= 14
        else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The bytes of groups with colons between, the last of which may be an IPv4 address at the end of all.
    private static func groups(
        _ text: ArraySlice<UInt8>, mayEndInVersion4: Bool = true
    ) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (place, part) in parts.enumerated() {
            if part.contains(UInt8(ascii: ".")) {
                guard mayEndInVersion4, place == parts.count - 1, let last = version4(part) else {
                    return nil
                }
                bytes += last
            } else {
                guard let group = hexadecimal(part) else { return nil }
                bytes += [UInt8(group >> 8), UInt8(group & 0xFF)]
            }
        }
        return bytes.count <= 16 ? bytes : nil
    }

    private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(digits.count) else { return nil }
        var value: UInt16 = 0
        for digit in digits {
            let nibble: UInt8
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): nibble = digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): nibble = digit - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): nibble = digit - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt16(nibble)
        }
        return value
    }
}

extension IPAddress: CustomStringConvertible {
    /// The canonical text: RFC 5952 for IPv6.
    public var description: String {
        if isVersion4 { return bytes.map { String($0) }.joined(separator: ".") }
        let groups = (0..<8).map { UInt16(bytes[2 * $0]) << 8 | UInt16(bytes[2 * $0 + 1]) }
        let words = groups.map { String($0, radix: 16) }
        guard let gap = Self.longestZeroRun(groups) else { return words.joined(separator: ":") }
        return words[..<gap.lowerBound].joined(separator: ":") + "::"
            + words[gap.upperBound...].joined(separator: ":")
    }

    /// The first of the longest runs of two zero groups or more (RFC 5952 §4.2).
    private static func longestZeroRun(_ groups: [UInt16]) -> Range<Int>? {
        var longest: Range<Int>?
        var start = 0
        while start < groups.count {
            var end = start
            while end < groups.count, groups[end] == 0 { end += 1 }
            if end - start >= 2, end - start > longest?.count ?? 0 { longest = start..<end }
            start = max(end, start + 1)
        }
        return longest
    }
}
