/// The client's name for a request, echoed first in its reply: 1 to 32 of `A-Za-z0-9_-`.
public struct RequestID: Sendable, Hashable, CustomStringConvertible {
    /// The text as it stands on the wire.
    public let text: String

    /// Nil unless the text is 1 to 32 letters, digits, `_` or `-`.
    public init?(_ text: some StringProtocol) {
        guard (1...32).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else {
            return nil
        }
        self.text = String(text)
    }

    /// A number as an id; for clients that count their requests.
    public init(number: UInt64) { text = String(number) }

    /// The text itself.
    public var description: String { text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
