public import Accounts
public import AuditLog
import Foundation
import GRDB
import PushMessages
public import WebAuthn

/// Phones that approve sign-ins.
extension SQLiteStore {
    private static let phoneColumns = """
        SELECT phone.*, user.name AS user_name, user.display_name, user.handle,
            user.created_at AS user_created_at, user.pushes_stopped_at
        FROM phone JOIN user ON user.id = phone.user
        """

    /// Stores a new phone and spends the challenge of its enrolment, both or neither. A user may have `maximum` of them. MFA
    /// that was enabled is enforced from then on.
    ///
    /// - Parameter issue: when the enrolment began. An account that is younger is another one of the same name.
    /// - Throws: ``StoreError/credentialExists`` for a key that is registered already, to whomever.
    public func register(
        _ phone: NewPhone, maximum: Int, beganAt issue: Timestamp,
        spending challenge: SpentChallenge, by origin: AuditOrigin
    ) throws(StoreError) {
        try write { database in
            guard try Self.spend(challenge, in: database) else { throw StoreError.challengeSpent }
            let user = try Int64.fetchOne(
                database, sql: "SELECT id FROM user WHERE name = ? AND created_at <= ?",
                arguments: [phone.owner.text, issue.milliseconds])
            guard let user else { throw StoreError.noSuchUser(phone.owner) }
            let count = try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM phone WHERE user = ?", arguments: [user])
            guard count ?? 0 < maximum else { throw StoreError.tooMany }
            do {
                try database.execute(
                    sql: """
                        INSERT INTO phone (
                            id, user, public_key, guard, name, endpoint, subscription_key,
                            subscription_secret, last_message_at, label, created_at
                        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
                        """,
                    arguments: [
                        blob(phone.id.bytes), user, blob(phone.publicKey),
                        phone.keyGuard.rawValue, phone.name, phone.subscription?.endpoint,
                        phone.subscription.map { blob($0.publicKey) },
                        phone.subscription.map { blob($0.sealedSecret) }, phone.name,
                        phone.createdAt.milliseconds,
                    ])
            } catch let error as DatabaseError
                where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
            {
                throw StoreError.credentialExists
            }
            try Self.auditRegistration(
                of: AuditTarget(.credential, phone.id.text), to: phone.owner, kind: .push,
                label: phone.name, by: origin, at: phone.createdAt, in: database)
        }
    }

    /// Spends a challenge.
    ///
    /// - Returns: whether it was unspent.
    public func spendOnce(_ challenge: SpentChallenge) throws(StoreError) -> Bool {
        try write { database in try Self.spend(challenge, in: database) }
    }

    /// The phones of a user, the oldest first; none for a user that does not exist.
    public func phones(of name: UserName) throws(StoreError) -> [Phone] {
        try read { database in try Self.phoneRows(of: name, in: database).map(Phone.init(row:)) }
    }

    /// Of each user, in one read, whom a push would go to.
    public func audiences(of users: [UserName]) throws(StoreError) -> [PushAudience] {
        try read { database in
            try users.map { name in
                // Whose phones cannot be read is asked on none of them.
                let audience = try Self.readable {
                    let rows = try Self.phoneRows(of: name, in: database)
                    let stopped = try rows.first?.value("pushes_stopped_at") as Int64?
                    return PushAudience(
                        phones: try rows.map(Phone.init(row:)),
                        stoppedAt: stopped.map(Timestamp.init(milliseconds:)))
                }
                return (try? audience.get()) ?? PushAudience(phones: [], stoppedAt: nil)
            }
        }
    }

    /// The phones of these identifiers, in one read; those that do not exist are absent.
    public func phones(
        withIDs identifiers: Set<CredentialID>
    ) throws(StoreError) -> [CredentialID: Phone] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: Self.phoneColumns + " WHERE phone.id = ?")
            var found: [CredentialID: Phone] = [:]
            for identifier in identifiers {
                if let row = try Row.fetchOne(statement, arguments: [blob(identifier.bytes)]) {
                    found[identifier] = try Phone(row: row)
                }
            }
            return found
        }
    }

    /// Moves each phone on to the time of its message, where that is later than the last: compare and swap, all in one
    /// transaction. What comes out says, in order, which messages were later.
    public func noteMessages(
        _ messages: [(phone: CredentialID, time: Timestamp)]
    ) throws(StoreError) -> [Bool] {
        try write { database in
            let update = try database.cachedStatement(
                sql: """
                    UPDATE phone SET last_message_at = ?1 WHERE id = ?2 AND last_message_at < ?1
                    """)
            return try messages.map { message in
                try update.execute(
                    arguments: [message.time.milliseconds, blob(message.phone.bytes)])
                return database.changesCount == 1
            }
        }
    }

    /// Replaces how a phone takes Web Push messages, where the message that says so is later than the last.
    ///
    /// - Returns: whether it is.
    public func setSubscription(
        _ subscription: StoredSubscription?, of phone: CredentialID, at time: Timestamp
    ) throws(StoreError) -> Bool {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE phone SET endpoint = ?1, subscription_key = ?2, subscription_secret = ?3,
                        last_message_at = ?4
                    WHERE id = ?5 AND last_message_at < ?4
                    """,
                arguments: [
                    subscription?.endpoint, subscription.map { blob($0.publicKey) },
                    subscription.map { blob($0.sealedSecret) }, time.milliseconds,
                    blob(phone.bytes),
                ])
            return database.changesCount == 1
        }
    }

    /// Forgets the push endpoint of a phone, which its push service says is gone; a newer one stays.
    public func forgetSubscription(
        of phone: CredentialID, endpoint: String
    ) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE phone SET endpoint = NULL, subscription_key = NULL,
                        subscription_secret = NULL
                    WHERE id = ? AND endpoint = ?
                    """,
                arguments: [blob(phone.bytes), endpoint])
        }
    }

    private static func phoneRows(of name: UserName, in database: Database) throws -> [Row] {
        try Row.fetchAll(
            database, cachedSQL: phoneColumns + " WHERE user.name = ? ORDER BY number",
            arguments: [name.text])
    }
}

extension Phone {
    init(row: Row) throws {
        let unreadable = StoreError.unreadableRow(table: "phone")
        let identifier: Data = try row.value("id")
        let handle: Data = try row.value("handle")
        guard
            let id = try? CredentialID(bytes: Array(identifier)),
            id.bytes.count == PhoneID.byteCount,
            let name = UserName(try row.value("user_name")),
            let handle = try? UserHandle(bytes: Array(handle)),
            let keyGuard = KeyGuard(rawValue: try row.value("guard"))
        else { throw unreadable }
        self.id = id
        owner = User(
            name: name, displayName: try row.value("display_name"), handle: handle,
            createdAt: Timestamp(milliseconds: try row.value("user_created_at")))
        self.keyGuard = keyGuard
        publicKey = bytes(try row.value("public_key"))
        self.name = try row.value("name")
        let endpoint: String? = try row.value("endpoint")
        let key: Data? = try row.value("subscription_key")
        let secret: Data? = try row.value("subscription_secret")
        switch (endpoint, key, secret) {
        case (nil, nil, nil): subscription = nil
        case (.some(let endpoint), .some(let key), .some(let secret)):
            subscription = StoredSubscription(
                endpoint: endpoint, publicKey: Array(key), sealedSecret: Array(secret))
        default: throw unreadable
        }
        lastMessageAt = Timestamp(milliseconds: try row.value("last_message_at"))
        label = try row.value("label")
        createdAt = Timestamp(milliseconds: try row.value("created_at"))
        lastUsedAt = (try row.value("last_used_at") as Int64?).map(Timestamp.init(milliseconds:))
    }
}
