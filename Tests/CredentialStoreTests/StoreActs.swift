import Accounts
import AuditLog
import CredentialStore
import WebAuthn

extension AuditOrigin {
    /// Who acts in tests that are about something else.
    static let test = AuditOrigin(who: .client, client: "test", from: "")

    /// Somebody at a front end of this name.
    static func at(_ client: String) -> AuditOrigin {
        AuditOrigin(who: .client, client: client, from: "")
    }
}

/// Administrative acts for tests that do not ask by whom and when they come.
extension SQLiteStore {
    func add(_ user: User) throws(StoreError) { try add(user, by: .test) }

    func deleteUser(_ name: UserName) throws(StoreError) {
        try deleteUser(name, unlessNamedBy: { _, _ in nil }, by: .test, at: Samples.start)
    }

    func set(_ state: MFAState, of name: UserName) throws(StoreError) {
        try set(state, of: name, by: .test, at: Samples.start)
    }

    func set(
        _ risk: RiskLevel, of name: UserName, because reason: String, client: String,
        at now: Timestamp
    ) throws(StoreError) {
        try set(risk, of: name, because: reason, by: .at(client), at: now)
    }

    func resumePushes(
        of name: UserName, client: String, at now: Timestamp
    ) throws(StoreError) {
        try resumePushes(of: name, by: .at(client), at: now)
    }

    func register(
        _ credential: NewCredential, spending challenge: SpentChallenge
    ) throws(StoreError) {
        try register(credential, spending: challenge, by: .test)
    }

    func register(
        _ credential: NewCardCredential, spending challenge: SpentChallenge
    ) throws(StoreError) {
        try register(credential, spending: challenge, by: .test)
    }

    func register(
        _ phone: NewPhone, maximum: Int, beganAt issue: Timestamp,
        spending challenge: SpentChallenge
    ) throws(StoreError) {
        try register(
            phone, maximum: maximum, beganAt: issue, spending: challenge, by: .test)
    }

    func deleteCredential(_ id: CredentialID, of name: UserName) throws(StoreError) {
        try deleteCredential(id, of: name, by: .test, at: Samples.start)
    }

    func add(
        _ token: NewToken, maximum: Int, spending challenge: SpentChallenge? = nil
    ) throws(StoreError) {
        try add(token, maximum: maximum, spending: challenge, by: .test)
    }

    func give(
        _ token: Token, to owner: UserName?, sealedSecret: [UInt8], label: String, maximum: Int
    ) throws(StoreError) {
        try give(
            token, to: owner, sealedSecret: sealedSecret, label: label, maximum: maximum,
            by: .test, at: Samples.start)
    }

    func synchronise(
        _ id: CredentialID, of name: UserName, past factor: UInt64, drift: Int
    ) throws(StoreError) {
        try synchronise(
            id, of: name, past: factor, drift: drift, by: .test, at: Samples.start)
    }

    func deleteToken(_ id: CredentialID) throws(StoreError) {
        try deleteToken(id, by: .test, at: Samples.start)
    }

    func replaceRecoveryCodes(
        of name: UserName, digests: [[UInt8]], client: String, at now: Timestamp
    ) throws(StoreError) {
        try replaceRecoveryCodes(of: name, digests: digests, by: .at(client), at: now)
    }

    func issue(_ pass: AccessPass, to name: UserName, client: String) throws(StoreError) {
        try issue(pass, to: name, by: .at(client))
    }

    func deleteAccessPass(of name: UserName) throws(StoreError) {
        try deleteAccessPass(of: name, by: .test, at: Samples.start)
    }

    func add(_ password: NewAppPassword, maximum: Int) throws(StoreError) -> Int64 {
        try add(password, maximum: maximum, by: .test)
    }

    func deleteAppPasswords(
        of name: UserName, number: Int64? = nil
    ) throws(StoreError) -> Int {
        try deleteAppPasswords(of: name, number: number, by: .test, at: Samples.start)
    }

    func passwordWasReset(
        of name: UserName, deletingAppPasswords: Bool, client: String, at now: Timestamp
    ) throws(StoreError) -> Int {
        try passwordWasReset(
            of: name, deletingAppPasswords: deletingAppPasswords, by: .at(client), at: now)
    }
}
