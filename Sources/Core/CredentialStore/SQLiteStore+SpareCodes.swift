public import Accounts
public import AuditLog
import Foundation
import GRDB

/// Recovery codes and Temporary Access Passes.
extension SQLiteStore {
    /// Gives a user these recovery codes in the place of all that there were.
    public func replaceRecoveryCodes(
        of name: UserName, digests: [[UInt8]], by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            let old = try Self.recoveryCodes(of: name, in: database).count
            try database.execute(
                sql: "DELETE FROM recovery_code WHERE user = ?", arguments: [user])
            for digest in digests {
                try database.execute(
                    sql: "INSERT INTO recovery_code (user, digest, created_at) VALUES (?, ?, ?)",
                    arguments: [user, blob(digest), now.milliseconds])
            }
            try Self.keep(
                .recoveryCodesMade, of: name, client: origin.client, detail: "\(digests.count)",
                at: now, in: database)
            try Self.audit(
                AuditEntry(
                    .makeRecoveryCodes, [AuditTarget(.user, name.text)],
                    changes: [
                        AuditChange(
                            "recovery-codes", from: String(old), to: String(digests.count))
                    ]),
                by: origin, at: now, in: database)
        }
    }

    /// The recovery codes of a user that have not been used.
    public func recoveryCodes(of name: UserName) throws(StoreError) -> [RecoveryCode] {
        try read { database in try Self.recoveryCodes(of: name, in: database) }
    }

    /// Gives a user a pass in the place of any before it.
    public func issue(
        _ pass: AccessPass, to name: UserName, by origin: AuditOrigin
    ) throws(StoreError) {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            _ = try Self.knownUser(pass.issuer, in: database)
            let old = try Self.accessPass(of: name, in: database)
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
            try Self.keep(
                .accessPassIssued, of: name, client: origin.client,
                detail: "by \(pass.issuer.text)", at: pass.createdAt, in: database)
            try Self.audit(
                AuditEntry(
                    .issueAccessPass, [AuditTarget(.user, name.text)],
                    changes: [
                        AuditChange("issuer", from: old?.issuer.text, to: pass.issuer.text),
                        AuditChange(
                            "from", from: old?.startsAt.text, to: pass.startsAt.text),
                        AuditChange(
                            "until", from: old?.expiresAt.text, to: pass.expiresAt.text),
                        AuditChange(
                            "once", from: old.map { $0.isOneTime ? "yes" : "no" },
                            to: pass.isOneTime ? "yes" : "no"),
                    ]),
                by: origin, at: pass.createdAt, in: database)
        }
    }

    /// The pass of a user, in force or not.
    public func accessPass(of name: UserName) throws(StoreError) -> AccessPass? {
        try read { database in try Self.accessPass(of: name, in: database) }
    }

    /// Takes a user's pass away.
    public func deleteAccessPass(
        of name: UserName, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            guard let old = try Self.accessPass(of: name, in: database) else {
                throw StoreError.noSuchCredential
            }
            try database.execute(
                sql: "DELETE FROM access_pass WHERE user = ?", arguments: [user])
            try Self.audit(
                AuditEntry(
                    .deleteAccessPass, [AuditTarget(.user, name.text)],
                    changes: [
                        AuditChange("issuer", from: old.issuer.text),
                        AuditChange("until", from: old.expiresAt.text),
                    ]),
                by: origin, at: now, in: database)
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

extension Timestamp {
    /// The milliseconds as the audit log has them.
    fileprivate var text: String { String(milliseconds) }
}
