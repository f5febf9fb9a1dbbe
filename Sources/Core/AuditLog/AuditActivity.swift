/// What was done.
public enum AuditActivity: String, Sendable, Hashable, CaseIterable {
    /// A user was added.
    case addUser = "add-user"
    /// Something about a user was changed.
    case updateUser = "update-user"
    /// A user was deleted, with everything that was the user's.
    case deleteUser = "delete-user"
    /// A user was locked out.
    case lockUser = "lock-user"
    /// A user's lock was lifted.
    case unlockUser = "unlock-user"
    /// A user's risk was set.
    case setUserRisk = "set-user-risk"
    /// A user's password was reset.
    case resetPassword = "reset-password"

    /// A group was added.
    case addGroup = "add-group"
    /// A group was deleted.
    case deleteGroup = "delete-group"
    /// A user was put into a group.
    case addMemberToGroup = "add-member-to-group"
    /// A user was taken out of a group.
    case removeMemberFromGroup = "remove-member-from-group"

    /// A user was given an administrator role.
    case addMemberToRole = "add-member-to-role"
    /// An administrator role was taken from a user.
    case removeMemberFromRole = "remove-member-from-role"

    /// An application was added.
    case addApplication = "add-application"
    /// Something about an application was changed.
    case updateApplication = "update-application"
    /// An application was deleted.
    case deleteApplication = "delete-application"

    /// A named location was added.
    case addNamedLocation = "add-named-location"
    /// A named location was changed.
    case updateNamedLocation = "update-named-location"
    /// A named location was deleted.
    case deleteNamedLocation = "delete-named-location"

    /// The state of a user's MFA was set.
    case setMFAState = "set-mfa-state"
    /// A user's MFA went from enabled to enforced because a method was registered.
    case mfaEnforced = "mfa-enforced"
    /// A security key, a card or a phone was registered.
    case registerCredential = "register-credential"
    /// A security key, a card or a phone was deleted.
    case deleteCredential = "delete-credential"
    /// A token was added to the stock.
    case addToken = "add-token"
    /// A token was given to a user.
    case assignToken = "assign-token"
    /// A token was taken from a user.
    case unassignToken = "unassign-token"
    /// A token was deleted.
    case deleteToken = "delete-token"
    /// A token was brought back into step.
    case resynchroniseToken = "resynchronise-token"
    /// Recovery codes were made for a user; those from before are void.
    case makeRecoveryCodes = "make-recovery-codes"
    /// A Temporary Access Pass was issued.
    case issueAccessPass = "issue-access-pass"
    /// A Temporary Access Pass was deleted.
    case deleteAccessPass = "delete-access-pass"
    /// An app password was made.
    case addAppPassword = "add-app-password"
    /// An app password was deleted.
    case deleteAppPassword = "delete-app-password"

    /// Pushes to a user were stopped, after a report of fraud or too many refusals.
    case stopPushes = "stop-pushes"
    /// Pushes to a user were allowed again.
    case resumePushes = "resume-pushes"
    /// So many wrong codes were tried for a user that no more were looked at for a while.
    case codeGuessingBlocked = "code-guessing-blocked"
    /// A user whom a policy excludes for emergencies signed in where the policy would have applied.
    case breakGlassUsed = "break-glass-used"

    /// A set of policies went into force.
    case applyPolicies = "apply-policies"
    /// Policy files did not validate, and the last good set went on.
    case policiesRefused = "policies-refused"
    /// A policy was switched on, to report-only, or off.
    case setPolicyState = "set-policy-state"

    /// The key that the stored secrets are sealed with was changed.
    case rotateKeys = "rotate-keys"
    /// Sign-ins past their retention were deleted from the log.
    case purgeSignIns = "purge-sign-ins"
    /// A user signed in to administer.
    case administratorSignedIn = "administrator-signed-in"
    /// An act was refused because the administrator's rights forbid it.
    case administratorRefused = "administrator-refused"
    /// The server started.
    case serverStarted = "server-started"
    /// The server stopped in good order.
    case serverStopped = "server-stopped"

    /// What part of the administration it belongs to.
    public var category: AuditCategory {
        switch self {
        case .addUser, .updateUser, .deleteUser, .lockUser, .unlockUser, .setUserRisk,
            .resetPassword:
            .userManagement
        case .addGroup, .deleteGroup, .addMemberToGroup, .removeMemberFromGroup: .groupManagement
        case .addMemberToRole, .removeMemberFromRole: .roleManagement
        case .addApplication, .updateApplication, .deleteApplication: .applicationManagement
        case .addNamedLocation, .updateNamedLocation, .deleteNamedLocation, .applyPolicies,
            .policiesRefused, .setPolicyState:
            .policy
        case .setMFAState, .mfaEnforced, .registerCredential, .deleteCredential, .addToken,
            .assignToken, .unassignToken, .deleteToken, .resynchroniseToken, .makeRecoveryCodes,
            .issueAccessPass, .deleteAccessPass, .addAppPassword, .deleteAppPassword:
            .authenticationMethods
        case .stopPushes, .resumePushes, .codeGuessingBlocked, .breakGlassUsed: .protection
        case .rotateKeys, .purgeSignIns, .administratorSignedIn, .administratorRefused,
            .serverStarted, .serverStopped:
            .server
        }
    }

    /// Whether the server does it by itself, without anybody's asking for it.
    public var isAutomatic: Bool {
        switch self {
        case .mfaEnforced, .stopPushes, .codeGuessingBlocked, .breakGlassUsed, .policiesRefused,
            .purgeSignIns, .serverStarted, .serverStopped:
            true
        default: false
        }
    }
}
