import Accounts
import AuditLog
import CredentialStore
import WebAuthn

private let origin = AuditOrigin(who: .client, client: "test", from: "")
private let start = Timestamp(milliseconds: 1_790_000_000_000)

/// Administrative acts for tests that do not ask by whom and when they come.
extension SQLiteStore {
    func add(_ user: User) throws(StoreError) { try add(user, by: origin) }

    func deleteUser(_ name: UserName) throws(StoreError) {
        try deleteUser(name, unlessNamedBy: { _, _ in nil }, by: origin, at: start)
    }

    func deleteAppPasswords(
        of name: UserName, number: Int64? = nil
    ) throws(StoreError) -> Int {
        try deleteAppPasswords(of: name, number: number, by: origin, at: start)
    }

    func deleteToken(_ id: CredentialID) throws(StoreError) {
        try deleteToken(id, by: origin, at: start)
    }
}
