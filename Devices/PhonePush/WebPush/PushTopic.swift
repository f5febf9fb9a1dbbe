/// What a message is about (RFC 8030 §5.4): while the phone is away, a later message replaces an earlier one of its
/// topic. The push service reads it.
public struct PushTopic: Sendable, Hashable, CustomStringConvertible {
    /// 1 to 32 characters of the URL-safe alphabet of base64.
    public let description: String

    /// A topic of 1 to 32 letters, digits, hyphens and underscores.
    public init(_ text: String) throws(PushFailure) {
        let isAllowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard (1...32).contains(text.utf8.count), isAllowed else { throw .invalidTopic }
        description = text
    }
}

/// How much a message should spend of a phone's battery (RFC 8030 §5.3).
public enum PushUrgency: String, Sendable, Hashable, CaseIterable {
    /// On power and Wi-Fi.
    case veryLow = "very-low"
    /// On either.
    case low
    /// On neither, but with battery left.
    case normal
    /// Always: what a person waits for.
    case high
}
