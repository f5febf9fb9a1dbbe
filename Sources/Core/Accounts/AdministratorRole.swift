/// What an administrator is for.
public enum AdministratorRole: String, Sendable, Hashable, CaseIterable {
    /// Everything.
    case globalAdministrator = "global-administrator"
    /// The methods, the MFA and the risk of users who have no role.
    case authenticationAdministrator = "authentication-administrator"
    /// New passes and passwords for users who have no role.
    case helpDesk = "help-desk"
    /// To read the logs and the reports, and nothing else.
    case securityReader = "security-reader"
}
