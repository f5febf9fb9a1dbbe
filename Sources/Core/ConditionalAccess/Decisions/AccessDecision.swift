/// What the policies say to a sign-in, as far as it has come.
public struct AccessDecision: Sendable, Hashable {
    /// The answer.
    public enum Outcome: Sendable, Hashable {
        /// It may go through.
        case granted
        /// It may not, whatever else is shown. The policies that say so, in their order.
        case blocked(by: [PolicyID])
        /// It may when what is missing is there: all of these.
        case unsatisfied([MissingControls])
    }

    /// The answer.
    public let outcome: Outcome
    /// The policies that applied and what became of each, in the order of the files. Those switched off are not here.
    public let applied: [AppliedPolicy]
    /// After what time to sign in again: the shortest of those of the policies in force that applied.
    public let signInFrequency: SignInFrequency?
    /// What was asked for, met or not.
    public let requirement: AuthenticationRequirement
    /// Whether policies in force did not apply only because the account is a break-glass one.
    public let usedBreakGlass: Bool

    /// What the log says of the policies together.
    public var policyResult: OverallPolicyResult {
        let inForce = applied.map(\.result).filter { !$0.isReportOnly }
        if inForce.isEmpty { return .notApplied }
        return inForce.contains(.failure) ? .failure : .success
    }
}

/// What one source asks for and was not shown.
public struct MissingControls: Sendable, Hashable {
    /// Who asks.
    public enum Source: Sendable, Hashable {
        /// Nobody signs in with nothing.
        case signIn
        /// The user's MFA state.
        case userState
        /// A policy.
        case policy(PolicyID)
    }

    /// How they are joined.
    public enum Join: String, Sendable, Hashable {
        /// Every one is still needed.
        case all
        /// One of them is enough.
        case any
    }

    /// Who asks.
    public let source: Source
    /// How they are joined.
    public let join: Join
    /// What is missing; never empty. Joined by `any`, every choice there is.
    public let controls: [MissingControl]
    /// Whether no person can mend it: the program cannot ask for it.
    public let isBeyondClient: Bool
}

/// A thing that is missing.
public enum MissingControl: Sendable, Hashable, CustomStringConvertible {
    /// Any factor.
    case anyFactor
    /// Two factors.
    case multiFactor
    /// A strength.
    case strength(StrengthID)
    /// A change of the password.
    case passwordChange

    /// In a word: `factor`, `mfa`, `strength: finger`, `password-change`.
    public var description: String {
        switch self {
        case .anyFactor: "factor"
        case .multiFactor: "mfa"
        case .strength(let id): "strength: \(id)"
        case .passwordChange: "password-change"
        }
    }
}

/// A policy that applied.
public struct AppliedPolicy: Sendable, Hashable {
    /// Which.
    public let id: PolicyID
    /// What became of it.
    public let result: PolicyResult

    /// What became of a policy.
    public init(id: PolicyID, result: PolicyResult) {
        self.id = id
        self.result = result
    }
}

/// What became of a policy that applied.
public enum PolicyResult: String, Sendable, Hashable, CaseIterable {
    /// What it asks was shown.
    case success
    /// It blocks, or what it asks was not shown.
    case failure
    /// It is in no force; it would have been met.
    case reportOnlySuccess = "report-only-success"
    /// It is in no force; it would have blocked, or asked what the program cannot do.
    case reportOnlyFailure = "report-only-failure"
    /// It is in no force; it would have asked the person for more.
    case reportOnlyInterrupted = "report-only-interrupted"

    /// Whether the policy is in no force.
    public var isReportOnly: Bool {
        switch self {
        case .success, .failure: false
        case .reportOnlySuccess, .reportOnlyFailure, .reportOnlyInterrupted: true
        }
    }
}

/// What became of the policies in force together.
public enum OverallPolicyResult: String, Sendable, Hashable, CaseIterable {
    /// All that applied were met.
    case success
    /// One that applied was not.
    case failure
    /// None applied.
    case notApplied = "not-applied"
}

/// What a sign-in was asked for.
public enum AuthenticationRequirement: Sendable, Hashable, CustomStringConvertible {
    /// One factor.
    case singleFactor
    /// Two factors.
    case multiFactor
    /// These strengths, in the order of the alphabet.
    case strengths([StrengthID])

    /// As the log has it: `single-factor`, `multi-factor`, or the strengths with commas between.
    public var description: String {
        switch self {
        case .singleFactor: "single-factor"
        case .multiFactor: "multi-factor"
        case .strengths(let ids): ids.map(\.text).joined(separator: ",")
        }
    }
}
