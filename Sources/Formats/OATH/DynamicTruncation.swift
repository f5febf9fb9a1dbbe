/// How an authentication code becomes digits (RFC 4226 §5.3).
public enum DynamicTruncation {
    /// The number below 10^`digits` that a code consists of, in a time that depends on the lengths alone.
    ///
    /// The standard reads four bytes at an offset that the code itself gives. That offset is as secret as the code, so
    /// all sixteen places are read and one is kept; and the division is by constants that become a multiplication, for
    /// a processor's division may take longer for longer numbers.
    ///
    /// - Parameter mac: the HMAC, at least 20 bytes.
    public static func value(of mac: [UInt8], digits: OATHDigits) -> UInt32 {
        precondition(mac.count >= 20, "no hash function here has a shorter value")
        let offset = UInt32(mac[mac.count - 1] & 0x0F)
        var chosen: UInt32 = 0
        for place in 0..<16 {
            let word =
                UInt32(mac[place]) << 24 | UInt32(mac[place + 1]) << 16
                | UInt32(mac[place + 2]) << 8 | UInt32(mac[place + 3])
            // Zero minus one has the top bit set, and 1…15 minus one have not.
            let isPlace = ((UInt32(place) ^ offset) &- 1) >> 31
            chosen |= word & (0 &- isPlace)
        }
        return remainder(of: chosen & 0x7FFF_FFFF, digits: digits)
    }

    /// A value as text, with zeros in front. Its time may depend on the value: it is for those who may see the code.
    public static func text(_ value: UInt32, digits: OATHDigits) -> String {
        var rest = value
        var characters = [UInt8](repeating: 0, count: digits.rawValue)
        for index in characters.indices.reversed() {
            let tenth = dividedByTen(rest)
            characters[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest - tenth * 10)
            rest = tenth
        }
        return String(decoding: characters, as: UTF8.self)
    }

    private static func remainder(of number: UInt32, digits: OATHDigits) -> UInt32 {
        var quotient = number
        for _ in 0..<digits.rawValue { quotient = dividedByTen(quotient) }
        return number &- quotient &* digits.codeCount
    }

    /// Rounded down, for every number of 32 bits: the factor is a fifth more than 2^35 / 10, which makes the quotient
    /// too large by less than 1/40, and no fraction of tenths reaches the next whole number with that.
    private static func dividedByTen(_ number: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: (UInt64(number) &* 0xCCCC_CCCD) >> 35)
    }
}
