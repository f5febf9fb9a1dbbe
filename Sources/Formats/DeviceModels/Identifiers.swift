/// The stable name of a model in the catalogue, such as `yubico-yubikey-5-nfc`. It is written
/// into enrolments and advisories, so it never changes once published.
public struct ModelID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name: 3 to 64 of `a-z`, `0-9` and single hyphens between them.
    public let description: String

    /// Takes a name of the right form; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard (3...64).contains(text.utf8.count), isHyphenated(text, isLetter: isLowerCase) else {
            return nil
        }
        description = String(text)
    }

    /// Whether `lhs` comes first in the alphabet.
    public static func < (lhs: ModelID, rhs: ModelID) -> Bool {
        lhs.description < rhs.description
    }
}

/// The name of an advisory, as its publisher gave it: `YSA-2024-03`.
public struct AdvisoryID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name: 3 to 64 of `A-Z`, `0-9` and single hyphens between them.
    public let description: String

    /// Takes a name of the right form; nil for anything else.
    public init?(_ text: some StringProtocol) {
        guard (3...64).contains(text.utf8.count), isHyphenated(text, isLetter: isUpperCase) else {
            return nil
        }
        description = String(text)
    }

    /// Whether `lhs` comes first in the alphabet.
    public static func < (lhs: AdvisoryID, rhs: AdvisoryID) -> Bool {
        lhs.description < rhs.description
    }
}

/// A USB vendor and product number. Several models may share one.
public struct USBIdentifier: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The vendor number that the USB-IF assigns.
    public let vendor: UInt16
    /// The product number that the vendor assigns.
    public let product: UInt16

    /// The pair of numbers, as the operating system lists them.
    public init(vendor: UInt16, product: UInt16) {
        self.vendor = vendor
        self.product = product
    }

    /// Takes `1050:0407`: twice four hexadecimal digits in lower case.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 4 && $0.utf8.allSatisfy(isLowerCaseHex) }),
            let vendor = UInt16(parts[0], radix: 16), let product = UInt16(parts[1], radix: 16)
        else { return nil }
        self.init(vendor: vendor, product: product)
    }

    /// The text form, `1050:0407`.
    public var description: String {
        "\(Self.fourDigits(vendor)):\(Self.fourDigits(product))"
    }

    /// Whether `lhs` comes first, by vendor and then by product.
    public static func < (lhs: USBIdentifier, rhs: USBIdentifier) -> Bool {
        (lhs.vendor, lhs.product) < (rhs.vendor, rhs.product)
    }

    private static func fourDigits(_ number: UInt16) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}

/// A day of the Gregorian calendar, as advisories are dated: `2024-09-03`.
public struct PublicationDate: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The year, 1990 to 9999.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// Takes `2024-09-03`; nil for another form or a day that no calendar has.
    public init?(_ text: some StringProtocol) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, let year = decimalNumber(parts[0], digits: 4...4),
            let month = decimalNumber(parts[1], digits: 2...2),
            let day = decimalNumber(parts[2], digits: 2...2), year >= 1990,
            (1...12).contains(month)
        else { return nil }
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lengths = [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard day >= 1, day <= lengths[month - 1] else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The text form, `2024-09-03`.
    public var description: String {
        "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
    }

    /// Whether `lhs` is the earlier day.
    public static func < (lhs: PublicationDate, rhs: PublicationDate) -> Bool {
        (lhs.year, lhs.month, lhs.day) < (rhs.year, rhs.month, rhs.day)
    }
}

private func isHyphenated(_ text: some StringProtocol, isLetter: (UInt8) -> Bool) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        .allSatisfy { part in !part.isEmpty && part.allSatisfy { isLetter($0) || isDigit($0) } }
}

private func isLowerCase(_ character: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(character)
}

private func isUpperCase(_ character: UInt8) -> Bool {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(character)
}

private func isDigit(_ character: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character)
}

private func isLowerCaseHex(_ character: UInt8) -> Bool {
    isDigit(character) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(character)
}
