/// The name of a policy, by which logs and reports speak of it: 1 to 64 of `a-z`, `0-9` and `-`.
public struct PolicyID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name.
    public let text: String

    /// Takes a name, or nothing where it is not one.
    public init?(_ text: String) {
        guard isPlainName(text) else { return nil }
        self.text = text
    }

    /// The name.
    public var description: String { text }

    /// The order of the alphabet.
    public static func < (left: PolicyID, right: PolicyID) -> Bool { left.text < right.text }
}

/// The name of an authentication strength: 1 to 64 of `a-z`, `0-9` and `-`.
public struct StrengthID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The name.
    public let text: String

    /// Takes a name, or nothing where it is not one.
    public init?(_ text: String) {
        guard isPlainName(text) else { return nil }
        self.text = text
    }

    private init(builtIn text: String) { self.text = text }

    /// The name of ``AuthenticationStrength/multiFactor``: `mfa`.
    public static let multiFactor = StrengthID(builtIn: "mfa")
    /// The name of ``AuthenticationStrength/passwordless``: `passwordless`.
    public static let passwordless = StrengthID(builtIn: "passwordless")
    /// The name of ``AuthenticationStrength/phishingResistant``: `phishing-resistant`.
    public static let phishingResistant = StrengthID(builtIn: "phishing-resistant")

    /// The name.
    public var description: String { text }

    /// The order of the alphabet.
    public static func < (left: StrengthID, right: StrengthID) -> Bool { left.text < right.text }
}

private func isPlainName(_ text: String) -> Bool {
    (1...64).contains(text.utf8.count)
        && text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
}
