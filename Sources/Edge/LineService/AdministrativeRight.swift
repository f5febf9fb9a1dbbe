public import Accounts

/// What an administrator may be allowed to do. Each administrative verb needs one of these.
///
/// | Role | Rights |
/// |---|---|
/// | global administrator | all |
/// | authentication administrator | `read-directory`, `manage-methods`, `manage-mfa`, `manage-risk`, `reset-passwords`, `issue-passes` |
/// | help desk | `read-directory`, `reset-passwords`, `issue-passes` |
/// | security reader | `read-logs` |
///
/// Whoever is not a global administrator changes nothing of a user who has a role, oneself included. Nobody does to oneself
/// what could raise one's own rights or clear one's own name (``isForbiddenOnOneself``).
public enum AdministrativeRight: String, Sendable, Hashable, CaseIterable {
    /// See users, groups, roles, applications and locations.
    case readDirectory = "read-directory"
    /// Add and delete users.
    case manageUsers = "manage-users"
    /// Add and delete groups, and say who is in them.
    case manageGroups = "manage-groups"
    /// Say who administers.
    case manageRoles = "manage-roles"
    /// Say what users sign in to.
    case manageApplications = "manage-applications"
    /// Say what the named locations are.
    case manageLocations = "manage-locations"
    /// Put policies in force.
    case managePolicies = "manage-policies"
    /// Enrol and delete credentials, tokens, recovery codes and app passwords.
    case manageMethods = "manage-methods"
    /// Set the state of users' MFA.
    case manageMFA = "manage-mfa"
    /// Set users' risk, lock and unlock users, and let their pushes through again.
    case manageRisk = "manage-risk"
    /// Report that passwords were reset.
    case resetPasswords = "reset-passwords"
    /// Issue Temporary Access Passes, and take them away.
    case issuePasses = "issue-passes"
    /// Have the secrets at rest sealed under a new key.
    case manageKeys = "manage-keys"
    /// Read the logs and the reports.
    case readLogs = "read-logs"

    /// Whether it changes nothing.
    public var isOfReaders: Bool { [.readDirectory, .readLogs].contains(self) }

    /// Whether it could raise the rights of whoever does it to the own account, or hide that something is wrong with it.
    public var isForbiddenOnOneself: Bool {
        switch self {
        case .manageRoles, .manageGroups, .manageMFA, .issuePasses, .manageRisk, .resetPasswords:
            true
        case .readDirectory, .manageUsers, .manageApplications, .manageLocations, .managePolicies,
            .manageMethods, .manageKeys, .readLogs:
            false
        }
    }
}

extension AdministratorRole {
    /// What whoever has the role may do.
    public var rights: Set<AdministrativeRight> {
        switch self {
        case .globalAdministrator: Set(AdministrativeRight.allCases)
        case .authenticationAdministrator:
            [
                .readDirectory, .manageMethods, .manageMFA, .manageRisk, .resetPasswords,
                .issuePasses,
            ]
        case .helpDesk: [.readDirectory, .resetPasswords, .issuePasses]
        case .securityReader: [.readLogs]
        }
    }
}

/// Why an administrator may not do something. The raw value is the code in the audit log.
public enum AdministrativeRefusal: String, Error, Sendable, Hashable, CaseIterable {
    /// There is no such user any more, or one who is locked or has no role.
    case notAdministrator = "not-an-administrator"
    /// The time of the ticket is over.
    case ticketOver = "ticket-over"
    /// None of the roles has the right.
    case right = "no-right"
    /// Nobody does this to oneself.
    case ownAccount = "own-account"
    /// The user has a role, and only global administrators change anything of those.
    case administratorsAccount = "administrators-account"

    /// For the person, in words.
    public var explanation: String {
        switch self {
        case .notAdministrator: "you have no role, or your account is locked"
        case .ticketOver: "your time is over: sign in again"
        case .right: "none of your roles allows this"
        case .ownAccount: "nobody does this to the own account"
        case .administratorsAccount:
            "only global administrators change the account of an administrator"
        }
    }
}

extension AdministrativeRight {
    /// Whom an act concerns.
    public enum Subject: Sendable, Hashable {
        /// No user.
        case nobody
        /// The one who acts.
        case oneself
        /// Another user.
        case other(hasRole: Bool)
    }

    /// Makes sure that whoever has these roles, and is not locked, may do this.
    public func check(
        _ roles: Set<AdministratorRole>, on subject: Subject
    ) throws(AdministrativeRefusal) {
        guard !roles.isEmpty else { throw .notAdministrator }
        guard roles.contains(where: { $0.rights.contains(self) }) else { throw .right }
        guard !isOfReaders else { return }
        switch subject {
        case .nobody: break
        case .oneself:
            guard !isForbiddenOnOneself else { throw .ownAccount }
            guard roles.contains(.globalAdministrator) else { throw .administratorsAccount }
        case .other(let hasRole):
            guard !hasRole || roles.contains(.globalAdministrator) else {
                throw .administratorsAccount
            }
        }
    }
}
