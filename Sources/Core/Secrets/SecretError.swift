/// Why a secret could not be sealed or opened, or a ring of keys not read.
public enum SecretError: Error, Hashable, Sendable {
    /// The sealed bytes are not laid out as ``SecretVault`` does.
    case malformed
    /// They were sealed under a key that the ring no longer has.
    case unknownKey(id: UInt32)
    /// They were changed, or sealed for another place: another row, another user, another use.
    case notSealedHere
    /// The text is no ring of keys; the number is of the line, from 1.
    case malformedRing(line: Int)
    /// The ring has as many keys as it may, or the last identifier there is.
    case ringFull
    /// OpenSSL failed.
    case cryptography

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .malformed: "malformed-secret"
        case .unknownKey: "unknown-secret-key"
        case .notSealedHere: "secret-not-sealed-here"
        case .malformedRing: "malformed-key-ring"
        case .ringFull: "key-ring-full"
        case .cryptography: "secret-cryptography-failed"
        }
    }
}
