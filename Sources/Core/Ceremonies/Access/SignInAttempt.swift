public import Accounts
public import CredentialStore

/// What an answer is part of.
public enum SignInAttempt: Sendable, Hashable {
    /// It is all of a sign-in, in these circumstances.
    case single(SignInCircumstances = SignInCircumstances())
    /// It is a step of a sign-in that a front end began.
    case step(SignInState)

    /// The sign-in that a front end began, where one did.
    var state: SignInState? {
        if case .step(let state) = self { state } else { nil }
    }
}

/// What let a user in.
public struct AccessGrant: Sendable, Hashable {
    /// The policies that applied, by identifier, those in report-only left out.
    public let policies: [String]
    /// After how long the user is to sign in again; zero for every time, `nil` where no policy says.
    public let signInFrequency: Duration?
    /// Whether the user's MFA is enabled and nothing is registered for it yet.
    public let asksToRegister: Bool
    /// Whether the front end had checked a password.
    public let hasPassword: Bool
    /// What was shown in the steps before the last.
    public let earlierFactors: [EarlierFactor]
    /// With it the front end's connection acts for this administrator; there where one signed in to administer.
    public let ticket: String?

    /// A factor that was shown in a step before the last.
    public struct EarlierFactor: Sendable, Hashable {
        /// With what.
        public let method: SignInMethod
        /// Whether the person was verified.
        public let isUserVerified: Bool
        /// Whether its key is known to live in hardware.
        public let isHardwareBound: Bool
    }
}

/// A sign-in that wants one more factor.
public struct UnfinishedSignIn: Sendable, Hashable {
    /// Who signs in.
    public let user: UserName
    /// The transaction that goes on.
    public let transaction: String
    /// What of the user's would do, the strongest first.
    public let methods: [SignInMethod]
    /// How long it can go on.
    public let lifetime: Duration
}
