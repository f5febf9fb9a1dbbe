/// When a card wants the PIN before it uses a key. A vendor's extension: tag AA.
public enum PINPolicy: UInt8, Hashable, Sendable, CaseIterable {
    /// What the slot has by itself: always in 9C, never in 9E, once elsewhere.
    case defaultPolicy = 0
    /// Never.
    case never = 1
    /// Once since the application was selected.
    case once = 2
    /// Right before each use.
    case always = 3
    /// A fingerprint or the PIN, once since the application was selected.
    case matchOnce = 4
    /// A fingerprint or the PIN, right before each use.
    case matchAlways = 5

    /// What the policy means in a slot, where it is the slot's own (NIST SP 800-73-4 Part 1 §5.5).
    public func resolved(in slot: PIVSlot) -> PINPolicy {
        guard self == .defaultPolicy else { return self }
        return switch slot {
        case .signature: .always
        case .cardAuthentication: .never
        default: .once
        }
    }
}

/// When a card wants a touch before it uses a key. A vendor's extension: tag AB.
public enum TouchPolicy: UInt8, Hashable, Sendable, CaseIterable {
    /// What the card has by itself: never.
    case defaultPolicy = 0
    /// Never.
    case never = 1
    /// For each use.
    case always = 2
    /// For each use but those within 15 seconds of a touch.
    case cached = 3
}

extension PINPolicy: LosslessStringConvertible {
    /// The name, such as `match-once`.
    public var description: String {
        switch self {
        case .defaultPolicy: "default"
        case .never: "never"
        case .once: "once"
        case .always: "always"
        case .matchOnce: "match-once"
        case .matchAlways: "match-always"
        }
    }

    /// The policy of this name.
    public init?(_ text: String) {
        guard let policy = Self.allCases.first(where: { $0.description == text }) else {
            return nil
        }
        self = policy
    }
}

extension TouchPolicy: LosslessStringConvertible {
    /// The name, such as `cached`.
    public var description: String {
        switch self {
        case .defaultPolicy: "default"
        case .never: "never"
        case .always: "always"
        case .cached: "cached"
        }
    }

    /// The policy of this name.
    public init?(_ text: String) {
        guard let policy = Self.allCases.first(where: { $0.description == text }) else {
            return nil
        }
        self = policy
    }
}
