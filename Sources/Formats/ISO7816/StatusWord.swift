internal import Encoding

/// The two bytes SW1-SW2 that end a response APDU (ISO 7816-4 §5.6). Unknown values are kept.
public struct StatusWord: RawRepresentable, Hashable, Sendable {
    /// SW1 and SW2 as one big-endian number.
    public let rawValue: UInt16

    /// The status with this number.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// 9000: the command was carried out.
    public static let success = StatusWord(rawValue: 0x9000)
    /// 6581: the card could not write to its memory.
    public static let memoryFailure = StatusWord(rawValue: 0x6581)
    /// 6700: the lengths do not fit the command.
    public static let wrongLength = StatusWord(rawValue: 0x6700)
    /// 6882: secure messaging is not supported.
    public static let secureMessagingNotSupported = StatusWord(rawValue: 0x6882)
    /// 6883: the chain that was begun must be ended first.
    public static let lastCommandOfChainExpected = StatusWord(rawValue: 0x6883)
    /// 6884: the command cannot be chained.
    public static let chainingNotSupported = StatusWord(rawValue: 0x6884)
    /// 6982: a PIN or a key has to be presented first.
    public static let securityStatusNotSatisfied = StatusWord(rawValue: 0x6982)
    /// 6983: no tries are left for the PIN or key.
    public static let authenticationMethodBlocked = StatusWord(rawValue: 0x6983)
    /// 6985: something that the command builds on has not happened, such as a touch.
    public static let conditionsNotSatisfied = StatusWord(rawValue: 0x6985)
    /// 6986: the command may not come now.
    public static let commandNotAllowed = StatusWord(rawValue: 0x6986)
    /// 6A80: the command's data is wrong.
    public static let wrongData = StatusWord(rawValue: 0x6A80)
    /// 6A81: the card lacks the function.
    public static let functionNotSupported = StatusWord(rawValue: 0x6A81)
    /// 6A82: there is no such file, application or data object.
    public static let notFound = StatusWord(rawValue: 0x6A82)
    /// 6A84: no room.
    public static let notEnoughMemory = StatusWord(rawValue: 0x6A84)
    /// 6A86: P1 or P2 is wrong.
    public static let incorrectParameters = StatusWord(rawValue: 0x6A86)
    /// 6A88: there is no such key or PIN.
    public static let referencedDataNotFound = StatusWord(rawValue: 0x6A88)
    /// 6B00: P1 or P2 is out of range.
    public static let wrongParameters = StatusWord(rawValue: 0x6B00)
    /// 6D00: the card lacks the instruction.
    public static let instructionNotSupported = StatusWord(rawValue: 0x6D00)
    /// 6E00: the card lacks the class.
    public static let classNotSupported = StatusWord(rawValue: 0x6E00)
    /// 6F00: the card says nothing more precise.
    public static let noPreciseDiagnosis = StatusWord(rawValue: 0x6F00)

    /// 63Cx: a PIN or key was wrong, and so many tries are left. `count` is clamped to 0…15, which is what fits.
    public static func retries(_ count: Int) -> StatusWord {
        StatusWord(rawValue: 0x63C0 | UInt16(min(max(count, 0), 15)))
    }

    /// 61xx: the command was carried out, and so many bytes wait for GET RESPONSE; 256 or more where all there is to
    /// say is "many". `count` is clamped to 1…256.
    public static func remaining(_ count: Int) -> StatusWord {
        StatusWord(rawValue: 0x6100 | UInt16(min(max(count, 1), 256) & 0xFF))
    }

    /// Whether the command was carried out and all of its response is here.
    public var isSuccess: Bool { self == .success }

    /// 61xx: how many bytes wait for GET RESPONSE, 1…256, where 256 may stand for more.
    public var remainingBytes: Int? { length(of: 0x61) }

    /// 6Cxx: the only Le that the card accepts for the command, 1…256.
    public var exactLength: Int? { length(of: 0x6C) }

    /// 63Cx: how many tries are left, 0…15. Also none for 6983.
    public var retriesLeft: Int? {
        if self == .authenticationMethodBlocked { return 0 }
        return rawValue & 0xFFF0 == 0x63C0 ? Int(rawValue & 0xF) : nil
    }

    private func length(of firstByte: UInt16) -> Int? {
        guard rawValue >> 8 == firstByte else { return nil }
        let count = Int(rawValue & 0xFF)
        return count == 0 ? 256 : count
    }
}

extension StatusWord: CustomStringConvertible {
    /// Four hexadecimal digits, such as `6A82`.
    public var description: String {
        let bytes = [UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)]
        return Hex.encode(bytes).uppercased()
    }
}
