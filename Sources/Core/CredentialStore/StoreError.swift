public import Accounts
import GRDB

/// Why the store could not do what was asked. Nothing was written.
public enum StoreError: Error, Hashable, Sendable {
    /// Another process holds the database.
    case locked(path: String)
    /// The disk or the database's quota is full.
    case full
    /// A newer version of the program made the schema; this one would not understand it.
    case newerSchema(path: String)
    /// The file is not a database or is damaged.
    case damaged(path: String)
    /// The file cannot be opened, read or written; `code` is SQLite's.
    case unavailable(code: Int32)
    /// A user of this name exists.
    case userExists(UserName)
    /// No user of this name exists.
    case noSuchUser(UserName)
    /// The user has no credential of this identifier.
    case noSuchCredential
    /// The credential is registered already, to this user or another.
    case credentialExists
    /// The user has as many as policy allows.
    case tooMany
    /// The user's MFA is not enforced, so that there is nothing for an app password to stand in for.
    case mfaNotEnforced(UserName)
    /// The user's risk is high, and what could be misused is suspended.
    case userAtRisk(UserName)
    /// A group, an application or a location of this name exists.
    case nameTaken(DirectoryKind, String)
    /// No group, application or location of this name exists.
    case noSuchName(DirectoryKind, String)
    /// A policy in force names it, so that it cannot go.
    case namedByPolicy(DirectoryKind, String, policy: String)
    /// The user is in the group, or has the role, already.
    case alreadyMember(UserName)
    /// The user is not in the group, or does not have the role.
    case notMember(UserName)
    /// Without this user nobody could administer everything.
    case lastGlobalAdministrator(UserName)
    /// The user is not locked.
    case notLocked(UserName)
    /// There are as many named locations as there can be.
    case tooManyLocations
    /// The challenge has been answered before.
    case challengeSpent
    /// A row is not what this program writes.
    case unreadableRow(table: String)

    /// A stable name for logs and replies.
    public var code: String {
        switch self {
        case .locked: "store-locked"
        case .full: "store-full"
        case .newerSchema: "store-newer-schema"
        case .damaged: "store-damaged"
        case .unavailable: "store-unavailable"
        case .userExists: "user-exists"
        case .noSuchUser: "no-such-user"
        case .noSuchCredential: "no-such-credential"
        case .credentialExists: "credential-exists"
        case .tooMany: "too-many"
        case .mfaNotEnforced: "mfa-not-enforced"
        case .userAtRisk: "user-at-risk"
        case .nameTaken: "name-taken"
        case .noSuchName: "no-such-name"
        case .namedByPolicy: "named-by-policy"
        case .alreadyMember: "already-member"
        case .notMember: "not-a-member"
        case .lastGlobalAdministrator: "last-global-administrator"
        case .notLocked: "not-locked"
        case .tooManyLocations: "too-many-locations"
        case .challengeSpent: "challenge-spent"
        case .unreadableRow: "unreadable-row"
        }
    }

    /// What happened and what to do, for the operator.
    public var advice: String {
        switch self {
        case .locked(let path):
            "another process uses \(path): stop it, or give this one a data folder of its own"
        case .full: "the disk is full: make room; nothing was written"
        case .newerSchema(let path):
            "\(path) was written by a newer version of countersign: run that one, or restore a backup"
        case .damaged(let path):
            "\(path) is not a countersign database or is damaged: restore a backup"
        case .unavailable(let code):
            "the database cannot be read or written (SQLite error \(code)): check its folder and rights"
        case .userExists(let name): "user \(name.text) exists already"
        case .noSuchUser(let name): "there is no user \(name.text)"
        case .noSuchCredential: "the user has no such credential"
        case .credentialExists: "the credential is registered already"
        case .tooMany: "the user has as many as allowed: delete one first"
        case .mfaNotEnforced(let name):
            "the MFA of \(name.text) is not enforced: an app password stands in for a second factor"
        case .userAtRisk(let name): "the risk of \(name.text) is high: settle that first"
        case .nameTaken(let kind, let name): "\(kind.rawValue) \(name) exists already"
        case .noSuchName(let kind, let name): "there is no \(kind.rawValue) \(name)"
        case .namedByPolicy(let kind, let name, let policy):
            "policy \(policy) names \(kind.rawValue) \(name): change the policy first"
        case .alreadyMember(let name): "\(name.text) is a member already"
        case .notMember(let name): "\(name.text) is not a member"
        case .lastGlobalAdministrator(let name):
            "\(name.text) is the last global administrator who is not locked: appoint another first"
        case .notLocked(let name): "\(name.text) is not locked"
        case .tooManyLocations:
            "there are \(NamedLocation.maximumCount) named locations, as many as allowed: delete one first"
        case .challengeSpent: "the challenge has been answered before: begin again"
        case .unreadableRow(let table): "table \(table) holds a row that this version cannot read"
        }
    }

    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case is RowDecodingError: self = .damaged(path: path)
        case let error as DatabaseError:
            switch error.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path: path)
            case .SQLITE_FULL: self = .full
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .damaged(path: path)
            default: self = .unavailable(code: error.extendedResultCode.rawValue)
            }
        default: self = .unavailable(code: 1)
        }
    }
}
