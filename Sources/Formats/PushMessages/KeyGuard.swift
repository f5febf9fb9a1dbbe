/// How a phone says that it guards its key. Nobody attests it: it is the phone's word, given once, at registration.
public enum KeyGuard: String, Hashable, Sendable, CaseIterable, Comparable {
    /// The key works after a fingerprint, a face or the like.
    case biometric
    /// The key works after a PIN, a password or a pattern.
    case pin
    /// The key works for whoever holds the phone.
    case none

    /// Whether the guard shows that the person is the phone's owner.
    public var verifiesUser: Bool { self != .none }

    /// Whether the left guard is weaker than the right.
    public static func < (left: KeyGuard, right: KeyGuard) -> Bool {
        left.strength < right.strength
    }

    private var strength: Int {
        switch self {
        case .none: 0
        case .pin: 1
        case .biometric: 2
        }
    }
}
