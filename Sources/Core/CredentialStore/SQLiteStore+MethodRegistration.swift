import Accounts
import GRDB

extension SQLiteStore {
    /// Who has registered what, and who has nothing; at most `limit` users of each kind by name.
    public func methodRegistration(limit: Int) throws(StoreError) -> MethodRegistration {
        try read { database in
            let groups = try Row.fetchAll(
                database,
                cachedSQL: """
                    WITH account AS (\(MethodRegistration.accounts))
                    SELECT mfa_state, strength, COUNT(*) FROM account GROUP BY 1, 2 ORDER BY 1, 2
                    """,
                arguments: []
            ).map { row in
                MethodRegistration.Group(
                    mfaState: try row.mfaState(0), strength: try row.strength(1),
                    count: try row.value(2))
            }
            return MethodRegistration(
                groups: groups,
                withoutMethod: try Self.accounts(with: .none, limit, in: database),
                onlyCodes: try Self.accounts(with: .code, limit, in: database),
                administrators: try Row.fetchAll(
                    database,
                    cachedSQL: """
                        WITH account AS (\(MethodRegistration.accounts))
                        SELECT name, mfa_state, strength, locked_at, roles FROM account
                        WHERE roles IS NOT NULL ORDER BY name LIMIT ?
                        """,
                    arguments: [limit]
                ).map(MethodRegistration.Account.init(row:)))
        }
    }

    private static func accounts(
        with strength: MethodStrength, _ limit: Int, in database: Database
    ) throws -> [MethodRegistration.Account] {
        try Row.fetchAll(
            database,
            cachedSQL: """
                WITH account AS (\(MethodRegistration.accounts))
                SELECT name, mfa_state, strength, locked_at, roles FROM account
                WHERE strength = ? ORDER BY name LIMIT ?
                """,
            arguments: [strength.rawValue, limit]
        ).map(MethodRegistration.Account.init(row:))
    }
}

extension MethodRegistration {
    fileprivate static let accounts = """
        SELECT name, mfa_state, locked_at,
            (SELECT GROUP_CONCAT(role, ' ') FROM role_member WHERE role_member.user = user.id)
                AS roles,
            CASE
                WHEN EXISTS (SELECT 1 FROM credential WHERE credential.user = user.id)
                    OR EXISTS (SELECT 1 FROM card_credential WHERE card_credential.user = user.id)
                    THEN 'phishing-resistant'
                WHEN EXISTS (SELECT 1 FROM phone WHERE phone.user = user.id) THEN 'phone'
                WHEN EXISTS (SELECT 1 FROM token WHERE token.user = user.id) THEN 'code'
                ELSE 'none'
            END AS strength
        FROM user
        """
}

extension MethodRegistration.Account {
    fileprivate init(row: Row) throws {
        let roles = try row.value(4) as String? ?? ""
        self.init(
            user: try row.value(0), mfaState: try row.mfaState(1), strength: try row.strength(2),
            roles: roles.split(separator: " ").map(String.init).sorted(),
            lockedAt: (try row.value(3) as Int64?).map(Timestamp.init(milliseconds:)))
    }
}

extension Row {
    fileprivate func mfaState(_ column: Int) throws -> MFAState {
        guard let state = MFAState(rawValue: try value(column)) else {
            throw StoreError.unreadableRow(table: "user")
        }
        return state
    }

    fileprivate func strength(_ column: Int) throws -> MethodStrength {
        guard let strength = MethodStrength(rawValue: try value(column)) else {
            throw StoreError.unreadableRow(table: "user")
        }
        return strength
    }
}
