public import Accounts
import GRDB

extension SQLiteStore {
    /// Which of recovery codes and a Temporary Access Pass a user has left, in force or not yet.
    public func spareMethods(of name: UserName) throws(StoreError) -> [SignInMethod] {
        try read { database in
            let row = try Row.fetchOne(
                database,
                cachedSQL: """
                    SELECT EXISTS (SELECT 1 FROM recovery_code WHERE user = user.id
                            AND used_at IS NULL),
                        EXISTS (SELECT 1 FROM access_pass WHERE user = user.id
                            AND (one_time = 0 OR last_used_at IS NULL))
                    FROM user WHERE name = ?
                    """,
                arguments: [name.text])
            guard let row else { return [] }
            let (hasCodes, hasPass): (Bool, Bool) = (try row.value(0), try row.value(1))
            return (hasPass ? [.tap] : []) + (hasCodes ? [.recovery] : [])
        }
    }
}
