public import ISO7816

/// The version of a card's firmware.
public struct CardFirmware: Hashable, Sendable {
    /// The first number.
    public let major: UInt8
    /// The second.
    public let minor: UInt8
    /// The third.
    public let patch: UInt8

    /// A version from its numbers.
    public init(major: UInt8, minor: UInt8, patch: UInt8) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Decodes exactly three bytes, the form of GET VERSION and of the attestation.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        guard bytes.count == 3 else { throw .length }
        self.init(major: bytes[0], minor: bytes[1], patch: bytes[2])
    }

    /// The three bytes.
    public func encoded() -> [UInt8] { [major, minor, patch] }
}

extension CardFirmware: Comparable {
    /// Whether the first version is the older one.
    public static func < (lhs: CardFirmware, rhs: CardFirmware) -> Bool {
        lhs.encoded().lexicographicallyPrecedes(rhs.encoded())
    }
}

extension CardFirmware: CustomStringConvertible {
    /// The numbers with dots, such as `5.7.1`.
    public var description: String { "\(major).\(minor).\(patch)" }
}
