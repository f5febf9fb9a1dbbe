public import Accounts
import Foundation
import GRDB

/// Recovery codes and Temporary Access Passes.
extension SQLiteStore {
    /// Gives a user these recovery codes in the place of all that there were.
    public func replaceRecoveryCodes(
        of name: UserName, digests: [[UInt8]], client: String, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            guard let user = try Self.userNumber(name, in: database) else {
                throw StoreError.noSuchUser(name)
            }
            try database.execute(
                sql: "DELETE FROM recovery_code WHERE user = ?", arguments: [user])
            for digest in digests {
                try database.execute(
                    sql: "INSERT INTO recovery_code (user, digest, created_at) VALUES (?, ?, ?)",
                    arguments: [user, blob(digest), now.milliseconds])
            }
            try Self.note(
                .recoveryCodesMade, of: name, client: client, detail: "\(digests.count)", at: now,
                in: database)
        }
    }

    /// The recovery codes of a user that have not been used.
    public func recoveryCodes(of name: UserName) throws(StoreError) -> [RecoveryCode] {
        try read { database in try Self.recoveryCodes(of: name, in: database) }
    }

    /// Gives a user a pass in the place of any before it.
    public func issue(
        _ pass: AccessPass, to name: UserName, client: String
    ) throws(StoreError) {
        try write { database in
            guard let user = try Self.userNumber(name, in: database) else {
                throw StoreError.noSuchUser(name)
            }
            guard try Self.userNumber(pass.issuer, in: database) != nil else {
                throw StoreError.noSuchUser(pass.issuer)
            }
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO access_pass (
                        user, digest, starts_at, expires_at, one_time, issuer, created_at
                    ) VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    user, blob(pass.digest), pass.startsAt.milliseconds,
                    pass.expiresAt.milliseconds, pass.isOneTime, pass.issuer.text,
                    pass.createdAt.milliseconds,
                ])
            try Self.note(
                .accessPassIssued, of: name, client: client, detail: "by \(pass.issuer.text)",
                at: pass.createdAt, in: database)
        }
    }

    /// The pass of a user, in force or not.
    public func accessPass(of name: UserName) throws(StoreError) -> AccessPass? {
        try read { database in try Self.accessPass(of: name, in: database) }
    }

    /// Takes a user's pass away.
    public func deleteAccessPass(of name: UserName) throws(StoreError) {
        try write { database in
            guard let user = try Self.userNumber(name, in: database) else {
                throw StoreError.noSuchUser(name)
            }
            try database.execute(
                sql: "DELETE FROM access_pass WHERE user = ?", arguments: [user])
            guard database.changesCount > 0 else { throw StoreError.noSuchCredential }
        }
    }

    static func recoveryCodes(of name: UserName, in database: Database) throws -> [RecoveryCode] {
        try Row.fetchAll(
            database,
            cachedSQL: """
                SELECT number, digest FROM recovery_code
                WHERE used_at IS NULL AND user = (SELECT id FROM user WHERE name = ?)
                ORDER BY number
                """,
            arguments: [name.text]
        ).map { row in
            RecoveryCode(number: try row.value("number"), digest: bytes(try row.value("digest")))
        }
    }

    static func accessPass(of name: UserName, in database: Database) throws -> AccessPass? {
        let row = try Row.fetchOne(
            database,
            cachedSQL: """
                SELECT * FROM access_pass WHERE user = (SELECT id FROM user WHERE name = ?)
                """,
            arguments: [name.text])
        guard let row else { return nil }
        guard let issuer = UserName(try row.value("issuer")) else {
            throw StoreError.unreadableRow(table: "access_pass")
        }
        return AccessPass(
            digest: bytes(try row.value("digest")),
            startsAt: Timestamp(milliseconds: try row.value("starts_at")),
            expiresAt: Timestamp(milliseconds: try row.value("expires_at")),
            isOneTime: try row.value("one_time"), issuer: issuer,
            createdAt: Timestamp(milliseconds: try row.value("created_at")),
            lastUsedAt: (try row.value("last_used_at") as Int64?)
                .map(Timestamp.init(milliseconds:)))
    }
}
