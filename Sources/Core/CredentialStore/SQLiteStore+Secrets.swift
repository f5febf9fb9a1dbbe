import Foundation
import GRDB
public import WebAuthn

/// A sealed secret and where it lies.
public struct SealedSecret: Sendable, Hashable {
    /// What names the row.
    public enum Row: Sendable, Hashable, CustomStringConvertible {
        /// A token, and the handle of its owner; empty in stock.
        case token(CredentialID, owner: [UInt8])
        /// The push subscription of a phone, and the handle of its owner.
        case phone(CredentialID, owner: [UInt8])
        /// A secret of the server's own.
        case server(name: String)

        /// Which row it is, for the log.
        public var description: String {
            switch self {
            case .token(let id, _): "token \(id.text)"
            case .phone(let id, _): "phone \(id.text)"
            case .server(let name): "server secret \(name)"
            }
        }
    }

    /// What names the row.
    public let row: Row
    /// The secret as the vault sealed it.
    public let sealed: [UInt8]
}

/// Secrets that the vault seals.
extension SQLiteStore {
    /// A secret of the server's own, sealed.
    public func serverSecret(named name: String) throws(StoreError) -> [UInt8]? {
        try read { database in
            try Data.fetchOne(
                database, sql: "SELECT sealed FROM server_secret WHERE name = ?",
                arguments: [name]
            ).map(bytes)
        }
    }

    /// Whether there is no sealed secret of the server's own, as in a database that is new.
    public func holdsNoSecrets() throws(StoreError) -> Bool {
        try read { database in
            try Bool.fetchOne(database, sql: "SELECT NOT EXISTS (SELECT 1 FROM server_secret)")
                ?? false
        }
    }

    /// Keeps a secret of the server's own, unless there is one of this name; gives the one that is kept.
    public func keepServerSecret(
        _ sealed: [UInt8], named name: String
    ) throws(StoreError) -> [UInt8] {
        try write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO server_secret (name, sealed) VALUES (?, ?)",
                arguments: [name, blob(sealed)])
            let kept = try Data.fetchOne(
                database, sql: "SELECT sealed FROM server_secret WHERE name = ?",
                arguments: [name])
            guard let kept else { throw StoreError.unreadableRow(table: "server_secret") }
            return bytes(kept)
        }
    }

    /// Goes through the sealed secrets, `limit` at a time, in an order that does not change; `nil` begins.
    public func sealedSecrets(
        after cursor: SealedSecretCursor?, limit: Int
    ) throws(StoreError) -> (secrets: [SealedSecret], next: SealedSecretCursor?) {
        try read { database in
            let cursor = cursor ?? SealedSecretCursor(table: .token, number: 0)
            var secrets: [SealedSecret] = []
            var last = cursor.number
            for row in try Row.fetchAll(
                database, cachedSQL: cursor.table.query, arguments: [cursor.number, limit])
            {
                secrets.append(try cursor.table.secret(in: row))
                last = try row.value("number")
            }
            if secrets.count == limit {
                return (secrets, SealedSecretCursor(table: cursor.table, number: last))
            }
            return (secrets, cursor.table.next.map { SealedSecretCursor(table: $0, number: 0) })
        }
    }

    /// Puts another seal of the same secret in its place, where the row still has the one that was read.
    ///
    /// - Returns: how many were replaced.
    public func replace(
        _ seals: [(old: SealedSecret, new: [UInt8])]
    ) throws(StoreError) -> Int {
        try write { database in
            var count = 0
            for (old, new) in seals {
                let (sql, row): (String, any DatabaseValueConvertible) =
                    switch old.row {
                    case .token(let id, _):
                        ("UPDATE token SET secret = ? WHERE id = ? AND secret = ?", blob(id.bytes))
                    case .phone(let id, _):
                        (
                            """
                            UPDATE phone SET subscription_secret = ?
                            WHERE id = ? AND subscription_secret = ?
                            """, blob(id.bytes)
                        )
                    case .server(let name):
                        (
                            "UPDATE server_secret SET sealed = ? WHERE name = ? AND sealed = ?",
                            name
                        )
                    }
                try database.execute(
                    sql: sql, arguments: [blob(new), row, blob(old.sealed)])
                count += database.changesCount
            }
            return count
        }
    }
}

/// How far a walk over the sealed secrets has come.
public struct SealedSecretCursor: Sendable, Hashable {
    enum Table: Sendable {
        case token, phone, server
    }

    let table: Table
    let number: Int64
}

extension SealedSecretCursor.Table {
    var next: Self? {
        switch self {
        case .token: .phone
        case .phone: .server
        case .server: nil
        }
    }

    var query: String {
        switch self {
        case .token:
            """
            SELECT number, token.id, user.handle, secret AS sealed
            FROM token LEFT JOIN user ON user.id = token.user
            WHERE number > ? ORDER BY number LIMIT ?
            """
        case .phone:
            """
            SELECT number, phone.id, user.handle, subscription_secret AS sealed
            FROM phone JOIN user ON user.id = phone.user
            WHERE number > ? AND subscription_secret IS NOT NULL ORDER BY number LIMIT ?
            """
        case .server:
            // Few; numbered by their order.
            """
            SELECT * FROM (SELECT ROW_NUMBER() OVER (ORDER BY name) AS number, name, sealed
                FROM server_secret) WHERE number > ? ORDER BY number LIMIT ?
            """
        }
    }

    func secret(in row: Row) throws -> SealedSecret {
        let sealed: Data = try row.value("sealed")
        switch self {
        case .token, .phone:
            let handle: Data? = try row.value("handle")
            let identifier: Data = try row.value("id")
            guard let id = try? CredentialID(bytes: Array(identifier)) else {
                throw StoreError.unreadableRow(table: self == .token ? "token" : "phone")
            }
            let owner = handle.map(bytes) ?? []
            return SealedSecret(
                row: self == .token ? .token(id, owner: owner) : .phone(id, owner: owner),
                sealed: Array(sealed))
        case .server:
            return SealedSecret(
                row: .server(name: try row.value("name")), sealed: Array(sealed))
        }
    }
}
