public import Accounts
public import Addresses

/// Why a policy applied to a sign-in, or did not.
public struct PolicyExplanation: Sendable, Hashable {
    /// The answer.
    public enum Verdict: Sendable, Hashable {
        /// It applied, for these reasons: the users, the applications, and each condition it has.
        case applies([PolicyMatch])
        /// It did not, for the first of its conditions that did not match.
        case doesNotApply(PolicyMismatch)
    }

    /// Which policy.
    public let id: PolicyID
    /// What people call it.
    public let title: String
    /// Whether it is in force.
    public let state: AccessPolicy.State
    /// The answer.
    public let verdict: Verdict
    /// What became of it; `nil` where it did not apply.
    public let result: PolicyResult?
}

/// Why a policy does not apply. The cases stand in the order in which they are looked for; a policy is explained by the
/// first that is so.
public enum PolicyMismatch: Sendable, Hashable {
    /// It is off.
    case off
    /// The account is a break-glass one.
    case breakGlass
    /// The user is none of those included.
    case userNotIncluded
    /// The user is excluded by name.
    case userExcluded
    /// The user is in a group that is excluded.
    case groupExcluded(DirectoryName)
    /// The user has a role that is excluded.
    case roleExcluded(AdministratorRole)
    /// The application is none of those included.
    case applicationNotIncluded(String?)
    /// The application is excluded.
    case applicationExcluded(String)
    /// The user's risk is none of those named.
    case userRisk(RiskLevel)
    /// The sign-in's risk is none of those named.
    case signInRisk(RiskLevel)
    /// The place is none of those included.
    case locationNotIncluded(IPAddress?, Country?)
    /// The place is excluded: the location's name, or the network.
    case locationExcluded(String)
    /// The kind of program is none of those named.
    case client(ClientKind)
    /// What the program calls itself matches no pattern.
    case userAgentNotIncluded(String?)
    /// What the program calls itself matches a pattern that is excluded.
    case userAgentExcluded(UserAgentPattern)
    /// No device was shown yet.
    case deviceNotShown
    /// None of the devices shown is one of those named.
    case deviceNotIncluded
    /// The devices shown that are included are excluded too.
    case deviceExcluded
}

/// A reason for which a policy applies.
public enum PolicyMatch: Sendable, Hashable {
    /// It is for everyone.
    case allUsers
    /// It names the user.
    case user
    /// It names a group of the user's: the first in the order of the bytes.
    case group(DirectoryName)
    /// It names a role of the user's: the first in the order of ``AdministratorRole``.
    case role(AdministratorRole)
    /// It is for every application.
    case allApplications
    /// It names the application.
    case application(String)
    /// It names the user's risk.
    case userRisk(RiskLevel)
    /// It names the sign-in's risk.
    case signInRisk(RiskLevel)
    /// It is for any place that is not excluded.
    case anyLocation
    /// It names the place: the location's name, or the network.
    case location(String)
    /// It names the kind of program.
    case client(ClientKind)
    /// It is for every program that is not excluded.
    case anyUserAgent
    /// A pattern matches what the program calls itself.
    case userAgent(UserAgentPattern)
    /// A device that was shown is one of those named.
    case device(SignInMethod)
}
