public import StrictYAML

/// One policy: for whom, of what, when, and what it asks.
///
/// It applies where its users, its applications and each of its conditions match; a condition that is absent matches
/// always. It then blocks, or asks for its controls, and gives its hint for the session.
public struct AccessPolicy: Sendable, Hashable {
    /// Whether it is in force.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It decides.
        case on
        /// It is evaluated and logged, and decides nothing.
        case reportOnly = "report-only"
        /// It is not evaluated.
        case off
    }

    /// Its name.
    public let id: PolicyID
    /// What people call it; its name where the file gives nothing else.
    public var title: String
    /// Whether it is in force.
    public var state: State
    /// For whom it is.
    public var users: UserAssignment
    /// For which applications it is.
    public var applications: ApplicationAssignment
    /// What else has to be so.
    public var conditions: PolicyConditions
    /// What it asks.
    public var grant: Grant
    /// After what time a person is to sign in again; `nil` where it does not care.
    public var signInFrequency: SignInFrequency?
    /// Where it stands.
    public let position: FilePosition

    /// A policy of its parts. Nothing is checked; ``PolicySet`` does that.
    public init(
        id: PolicyID, title: String? = nil, state: State = .on, users: UserAssignment,
        applications: ApplicationAssignment = .all, conditions: PolicyConditions = .init(),
        grant: Grant, signInFrequency: SignInFrequency? = nil, position: FilePosition
    ) {
        self.id = id
        self.title = title ?? id.text
        self.state = state
        self.users = users
        self.applications = applications
        self.conditions = conditions
        self.grant = grant
        self.signInFrequency = signInFrequency
        self.position = position
    }
}

/// What a policy asks of a sign-in that it applies to.
public enum Grant: Sendable, Hashable {
    /// There is none.
    case block
    /// Every one of these.
    case all([GrantControl])
    /// At least one of these.
    case any([GrantControl])
    /// Nothing; the policy is there for its session alone.
    case nothing
}

/// A thing that a policy asks for.
public enum GrantControl: Sendable, Hashable, CustomStringConvertible {
    /// Two factors: the same as the built-in strength `mfa`.
    case multiFactor
    /// A strength, built in or one's own.
    case strength(StrengthID)
    /// That the password was changed since the user came to be at risk.
    case passwordChange

    /// As files write it: `mfa`, `strength: finger`, `password-change`.
    public var description: String {
        switch self {
        case .multiFactor: "mfa"
        case .strength(let id): "strength: \(id)"
        case .passwordChange: "password-change"
        }
    }
}

/// After what time a person has to sign in again. Of two the shorter counts.
public enum SignInFrequency: Sendable, Hashable, Comparable {
    /// At once: nothing is remembered.
    case everyTime
    /// After this time.
    case after(Duration)

    /// Whether `left` asks sooner.
    public static func < (left: SignInFrequency, right: SignInFrequency) -> Bool {
        switch (left, right) {
        case (.everyTime, .after): true
        case (_, .everyTime): false
        case (.after(let left), .after(let right)): left < right
        }
    }
}
