/// The hash function of a token's HMAC (RFC 6238 §1.2, RFC 6287 §6.2). The raw value is the name that we store and
/// show.
public enum OATHHash: String, Sendable, Hashable, CaseIterable {
    /// SHA-1, which HOTP prescribes and most tokens have.
    case sha1
    /// SHA-256.
    case sha256
    /// SHA-512.
    case sha512

    /// How long the authentication code is, and how long a secret is recommended to be (RFC 4226 §4 R6, RFC 6238 §5.1).
    public var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        }
    }

    /// The name in an OCRA suite (RFC 6287 §6.2).
    var suiteName: String {
        switch self {
        case .sha1: "SHA1"
        case .sha256: "SHA256"
        case .sha512: "SHA512"
        }
    }

    /// The function that a suite names, in capitals alone.
    init?(suiteName: some StringProtocol) {
        guard let hash = Self.allCases.first(where: { $0.suiteName == suiteName }) else {
            return nil
        }
        self = hash
    }
}
