public import Accounts

/// The best of what a user has registered to sign in with.
public enum MethodStrength: String, Sendable, Hashable, CaseIterable {
    /// A security key or a card, which cannot be phished.
    case phishingResistant = "phishing-resistant"
    /// A phone that is asked.
    case phone
    /// Tokens whose codes are typed, and nothing better.
    case code
    /// Nothing. Recovery codes, passes and app passwords are no methods.
    case none
}

/// Who has registered what.
public struct MethodRegistration: Sendable, Hashable {
    /// A user, and what the user has registered.
    public struct Account: Sendable, Hashable {
        /// The user's name.
        public var user: String
        /// How far the user's MFA has come.
        public var mfaState: MFAState
        /// The best of the user's methods.
        public var strength: MethodStrength
        /// The user's administrator roles, in the order of their names.
        public var roles: [String]
        /// Since when nobody signs in to the account.
        public var lockedAt: Timestamp?
    }

    /// So many users in one state of MFA with one strength.
    public struct Group: Sendable, Hashable {
        /// How far their MFA has come.
        public var mfaState: MFAState
        /// The best of what they have.
        public var strength: MethodStrength
        /// How many.
        public var count: Int
    }

    /// All users, by state and strength.
    public var groups: [Group]
    /// Users without any method, by name.
    public var withoutMethod: [Account]
    /// Users with nothing but codes, by name.
    public var onlyCodes: [Account]
    /// All who have an administrator role, by name.
    public var administrators: [Account]

    /// How many users have this strength.
    public func count(_ strength: MethodStrength) -> Int {
        groups.filter { $0.strength == strength }.reduce(0) { $0 + $1.count }
    }
}
