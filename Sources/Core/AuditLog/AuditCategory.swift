/// What part of the administration an activity belongs to.
public enum AuditCategory: String, Sendable, Hashable, CaseIterable {
    /// Users: their being there, their lock, their risk, their password.
    case userManagement = "user-management"
    /// Groups and who is in them.
    case groupManagement = "group-management"
    /// Who has which administrator role.
    case roleManagement = "role-management"
    /// Applications.
    case applicationManagement = "application-management"
    /// What users sign in with: credentials, tokens, codes, app passwords, the state of their MFA.
    case authenticationMethods = "authentication-methods"
    /// Policies and what they refer to, the named locations.
    case policy
    /// What the server stopped or let through on its own judgement.
    case protection
    /// The server, its keys and its logs.
    case server
}
