public import Accounts
public import AuditLog
import GRDB

/// Users as those see them who look after them, and as policies do.
extension SQLiteStore {
    /// What policies ask of these accounts, in one read; `nil` for a user that does not exist. A row that cannot be read is
    /// its own user's matter.
    public func accountFacts(
        of names: [UserName]
    ) throws(StoreError) -> [Result<AccountFacts?, StoreError>] {
        try read { database in
            let statement = try database.cachedStatement(sql: AccountFacts.query)
            return try names.map { name in
                try Self.readable {
                    let rows = try Row.fetchCursor(statement, arguments: [name.text])
                    return try rows.next().map(AccountFacts.init(row:))
                }
            }
        }
    }

    /// The users whose names come after `name` and that the filter lets through, at most `limit`, by their names.
    public func users(
        after name: UserName? = nil, _ filter: UserFilter = UserFilter(), limit: Int
    ) throws(StoreError) -> [UserSummary] {
        try read { database in
            try Row.fetchAll(
                database, cachedSQL: UserSummary.query,
                arguments: [
                    name?.text ?? "", filter.mfaState?.rawValue, filter.group?.text, limit,
                ]
            ).map(UserSummary.init(row:))
        }
    }

    /// Locks a user: nobody signs in to the account, and its roles are worth nothing. A lock that there is gets the new
    /// reason. The last global administrator is not locked.
    public func lock(
        _ name: UserName, because reason: String, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            try Self.checkNotLastGlobalAdministrator(user, name, in: database)
            let old = try Self.lock(of: user, in: database)
            try database.execute(
                sql: """
                    UPDATE user SET locked_at = COALESCE(locked_at, ?), lock_reason = ? WHERE id = ?
                    """,
                arguments: [now.milliseconds, reason, user])
            try Self.audit(
                AuditEntry(
                    .lockUser, [AuditTarget(.user, name.text)],
                    changes: [
                        AuditChange("locked", from: old == nil ? "no" : "yes", to: "yes"),
                        AuditChange("lock-reason", from: old?.reason, to: reason),
                    ],
                    reason: reason),
                by: origin, at: now, in: database)
        }
    }

    /// Takes a user's lock away.
    public func unlock(
        _ name: UserName, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            guard let old = try Self.lock(of: user, in: database) else {
                throw StoreError.notLocked(name)
            }
            try database.execute(
                sql: "UPDATE user SET locked_at = NULL, lock_reason = '' WHERE id = ?",
                arguments: [user])
            try Self.audit(
                AuditEntry(
                    .unlockUser, [AuditTarget(.user, name.text)],
                    changes: [
                        AuditChange("locked", from: "yes", to: "no"),
                        AuditChange("lock-reason", from: old.reason),
                    ]),
                by: origin, at: now, in: database)
        }
    }

    private static func lock(of user: Int64, in database: Database) throws -> UserLock? {
        let row = try Row.fetchOne(
            database, sql: "SELECT locked_at, lock_reason FROM user WHERE id = ?",
            arguments: [user])
        return try row.flatMap(UserLock.init(row:))
    }

    /// The number of a user who has to be there.
    static func knownUser(_ name: UserName, in database: Database) throws -> Int64 {
        guard let number = try userNumber(name, in: database) else {
            throw StoreError.noSuchUser(name)
        }
        return number
    }

    /// A user's name as a row has it.
    static func storedUserName(_ text: String) throws -> UserName {
        guard let name = UserName(text) else { throw StoreError.unreadableRow(table: "user") }
        return name
    }

    /// Refuses to delete what a policy in force names.
    static func refuse(_ kind: DirectoryKind, _ name: String, namedBy use: PolicyUse) throws {
        if let policy = use(kind, name) {
            throw StoreError.namedByPolicy(kind, name, policy: policy)
        }
    }
}

extension UserLock {
    /// The lock of a row that has `locked_at` and `lock_reason`, where there is one.
    init?(row: Row) throws {
        guard let since: Int64 = try row.value("locked_at") else { return nil }
        self.init(
            since: Timestamp(milliseconds: since), reason: try row.value("lock_reason"))
    }
}

extension AccountFacts {
    /// Lists come with blanks between, which no name of theirs has.
    fileprivate static let query = """
        SELECT mfa_state, risk, risk_set_at, password_reset_at, locked_at,
            (SELECT GROUP_CONCAT(user_group.name, ' ') FROM group_member
                JOIN user_group ON user_group.id = group_member.user_group
                WHERE group_member.user = user.id),
            (SELECT GROUP_CONCAT(role, ' ') FROM role_member WHERE role_member.user = user.id),
            EXISTS (SELECT 1 FROM credential WHERE credential.user = user.id)
                OR EXISTS (SELECT 1 FROM card_credential WHERE card_credential.user = user.id)
                OR EXISTS (SELECT 1 FROM token WHERE token.user = user.id)
                OR EXISTS (SELECT 1 FROM phone WHERE phone.user = user.id),
            created_at
        FROM user WHERE name = ?
        """

    /// A row of ``query``; sign-ins read its columns by number.
    fileprivate init(row: Row) throws {
        guard
            let state = MFAState(rawValue: try row.value(0)),
            let risk = RiskLevel(rawValue: try row.value(1))
        else { throw StoreError.unreadableRow(table: "user") }
        self.init(mfaState: state, risk: risk)
        riskSetAt = (try row.value(2) as Int64?).map(Timestamp.init(milliseconds:))
        passwordResetAt = (try row.value(3) as Int64?).map(Timestamp.init(milliseconds:))
        isLocked = (try row.value(4) as Int64?) != nil
        if let names: String = try row.value(5) {
            for word in names.split(separator: " ") {
                guard let name = DirectoryName(String(word)) else {
                    throw StoreError.unreadableRow(table: "user_group")
                }
                groups.insert(name)
            }
        }
        roles = try AdministratorRole.stored(try row.value(6))
        hasSecondFactor = try row.value(7)
        createdAt = Timestamp(milliseconds: try row.value(8))
    }
}

extension AdministratorRole {
    /// The roles of a list with blanks between.
    fileprivate static func stored(_ text: String?) throws -> Set<AdministratorRole> {
        guard let text else { return [] }
        return Set(
            try text.split(separator: " ").map { word in
                guard let role = AdministratorRole(rawValue: String(word)) else {
                    throw StoreError.unreadableRow(table: "role_member")
                }
                return role
            })
    }
}

extension UserSummary {
    fileprivate static let query = """
        SELECT name, display_name, mfa_state, risk, locked_at, lock_reason,
            EXISTS (SELECT 1 FROM credential WHERE credential.user = user.id) AS keys,
            EXISTS (SELECT 1 FROM card_credential WHERE card_credential.user = user.id) AS cards,
            EXISTS (SELECT 1 FROM phone WHERE phone.user = user.id) AS phones,
            (SELECT GROUP_CONCAT(DISTINCT kind) FROM token
                WHERE token.user = user.id) AS tokens,
            (SELECT GROUP_CONCAT(role, ' ') FROM role_member
                WHERE role_member.user = user.id) AS roles
        FROM user WHERE name > ?1 AND (?2 IS NULL OR mfa_state = ?2)
            AND (?3 IS NULL OR id IN (SELECT user FROM group_member WHERE user_group =
                (SELECT id FROM user_group WHERE name = ?3)))
        ORDER BY name LIMIT ?4
        """

    fileprivate init(row: Row) throws {
        guard
            let name = UserName(try row.value("name")),
            let state = MFAState(rawValue: try row.value("mfa_state")),
            let risk = RiskLevel(rawValue: try row.value("risk"))
        else { throw StoreError.unreadableRow(table: "user") }
        self.name = name
        displayName = try row.value("display_name")
        mfaState = state
        self.risk = risk
        var methods: Set<SignInMethod> = []
        if try row.value("keys") { methods.insert(.webauthn) }
        if try row.value("cards") { methods.insert(.piv) }
        if try row.value("phones") { methods.insert(.push) }
        for word in (try row.value("tokens") as String? ?? "").split(separator: ",") {
            guard let method = SignInMethod(rawValue: String(word)) else {
                throw StoreError.unreadableRow(table: "token")
            }
            methods.insert(method)
        }
        self.methods = methods
        roles = try AdministratorRole.stored(try row.value("roles"))
        lock = try UserLock(row: row)
    }
}
