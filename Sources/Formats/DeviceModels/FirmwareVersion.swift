/// A firmware version, `major.minor.patch`. Ordered as versions are.
public struct FirmwareVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first number.
    public let major: UInt16
    /// The second number.
    public let minor: UInt16
    /// The third number.
    public let patch: UInt16

    /// The version `major.minor.patch`, say from the fields of a CTAPHID_INIT reply.
    public init(_ major: UInt16, _ minor: UInt16, _ patch: UInt16) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Takes `5.4.3`: three decimal numbers up to 65535 without leading zeros, nothing else.
    public init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        var numbers: [UInt16] = []
        for part in parts {
            guard let number = decimalNumber(part, digits: 1...5), number <= Int(UInt16.max),
                part.count == 1 || part.first != UInt8(ascii: "0")
            else { return nil }
            numbers.append(UInt16(number))
        }
        self.init(numbers[0], numbers[1], numbers[2])
    }

    /// Reads the integer `firmwareVersion` of an authenticatorGetInfo reply (CTAP 2.1 §6.4), whose
    /// meaning each maker chooses; nil where `encoding` says that it carries no version, or when
    /// the number does not fit the encoding.
    public init?(reported value: UInt64, encoding: FirmwareEncoding) {
        switch encoding {
        case .byteTriple:
            guard value <= 0xFF_FFFF else { return nil }
            self.init(
                UInt16(value >> 16), UInt16(value >> 8 & 0xFF), UInt16(value & 0xFF))
        case .counter:
            return nil
        }
    }

    /// The text form, `5.4.3`.
    public var description: String { "\(major).\(minor).\(patch)" }

    /// Whether `lhs` is the earlier version.
    public static func < (lhs: FirmwareVersion, rhs: FirmwareVersion) -> Bool {
        (lhs.major, lhs.minor, lhs.patch) < (rhs.major, rhs.minor, rhs.patch)
    }
}

/// What a model means by the integer `firmwareVersion` of its authenticatorGetInfo reply.
public enum FirmwareEncoding: String, Sendable, Hashable, CaseIterable {
    /// `0x050403` is 5.4.3: one byte a number, the most significant first.
    case byteTriple = "byte-triple"
    /// A running number of the maker's, which says nothing of `major.minor.patch`.
    case counter
}

/// Firmware versions from `from` (included) until `until` (not included); nil is no bound.
public struct FirmwareRange: Sendable, Hashable, CustomStringConvertible {
    /// The first version of the range; nil when there is no lower bound.
    public let from: FirmwareVersion?
    /// The first version after the range; nil when there is no upper bound.
    public let until: FirmwareVersion?

    /// Every version.
    public static let all = FirmwareRange(uncheckedFrom: nil, until: nil)

    /// The range between the bounds; nil when it would be empty.
    public init?(from: FirmwareVersion?, until: FirmwareVersion?) {
        if let from, let until, from >= until { return nil }
        self.init(uncheckedFrom: from, until: until)
    }

    private init(uncheckedFrom from: FirmwareVersion?, until: FirmwareVersion?) {
        self.from = from
        self.until = until
    }

    /// Whether `version` lies in the range.
    public func contains(_ version: FirmwareVersion) -> Bool {
        if let from, version < from { return false }
        if let until, version >= until { return false }
        return true
    }

    /// Whether every version of this range lies in `other`.
    public func isWithin(_ other: FirmwareRange) -> Bool {
        if let lower = other.from {
            guard let from, from >= lower else { return false }
        }
        if let upper = other.until {
            guard let until, until <= upper else { return false }
        }
        return true
    }

    /// Whether some version lies in both ranges.
    public func overlaps(_ other: FirmwareRange) -> Bool {
        if let from, let upper = other.until, from >= upper { return false }
        if let until, let lower = other.from, lower >= until { return false }
        return true
    }

    /// The range in words: `5.2.0 until 5.5.0`, `before 5.7.0`, `5.7.0 and later`, `any version`.
    public var description: String {
        switch (from, until) {
        case (let from?, let until?): "\(from) until \(until)"
        case (nil, let until?): "before \(until)"
        case (let from?, nil): "\(from) and later"
        case (nil, nil): "any version"
        }
    }
}

/// The number that `text` writes in decimal with as many digits as `digits` allows.
func decimalNumber(_ text: some Collection<UInt8>, digits: ClosedRange<Int>) -> Int? {
    guard digits.contains(text.count), digits.upperBound <= 9 else { return nil }
    var number = 0
    for character in text {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
        number = number * 10 + Int(character - UInt8(ascii: "0"))
    }
    return number
}
