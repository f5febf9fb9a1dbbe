public import ISO7816

/// What a person proves to know, P2 of the commands about it (NIST SP 800-73-4 Part 2 §3.2).
public enum PINReference: UInt8, Hashable, Sendable, CaseIterable {
    /// 00: the PIN that applications of the card share.
    case global = 0x00
    /// 80: the PIN of the PIV card application.
    case application = 0x80
    /// 81: the PUK, which unblocks the PIN.
    case puk = 0x81

    /// How long a PIN or PUK on the wire is.
    public static let length = 8

    /// A PIN or PUK as it is sent: filled up with FF to eight bytes (§2.4.3).
    ///
    /// - Throws: ``MalformedCardData/length`` for fewer than six or more than eight bytes, ``MalformedCardData/value(_:)``
    ///   where a byte is FF and so would read as filling. Neither says what the PIN was.
    public static func padded(_ pin: [UInt8]) throws(MalformedCardData) -> [UInt8] {
        guard (6...length).contains(pin.count) else { throw .length }
        guard !pin.contains(0xFF) else { throw .value("PIN") }
        return pin + [UInt8](repeating: 0xFF, count: length - pin.count)
    }
}
