/// What a token does with its secret. The raw value is the name that we store and show.
public enum TokenKind: String, Sendable, Hashable, CaseIterable {
    /// A code that follows the clock (RFC 6238).
    case totp
    /// A code that follows a counter (RFC 4226).
    case hotp
    /// A code that answers a question (RFC 6287).
    case ocra
    /// An authentication code that answers a challenge, without being made digits: the slot of a YubiKey.
    case hmac
}
