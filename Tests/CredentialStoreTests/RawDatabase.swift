import Accounts
import CredentialStore
import Foundation
import GRDB
import Testing

/// What tests do to a database behind the store's back.
enum RawDatabase {
    /// Runs statements on a connection of its own, in the file's own journal mode.
    static func execute(_ sql: String, at path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.inDatabase { try $0.execute(sql: sql) }
        try queue.close()
    }

    /// The statements that made the schema, without what SQLite and the migrator add, blanks aside.
    static func schema(at path: String) throws -> [String] {
        let queue = try DatabaseQueue(path: path)
        let statements = try queue.read { database in
            try String.fetchAll(
                database,
                sql: """
                    SELECT sql FROM sqlite_schema
                    WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%'
                    ORDER BY name
                    """)
        }
        try queue.close()
        return statements.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    }
}

/// Another connection to the store's file, which holds the right to write until it is let go.
final class WriteBlocker {
    private let queue: DatabaseQueue

    init(path: String) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    }

    func letGo() throws {
        try queue.inDatabase { try $0.execute(sql: "ROLLBACK") }
        try queue.close()
    }
}

extension Fixture {
    /// The one credential's attestation object and client data.
    func storedAttestation() throws -> (object: [UInt8], clientData: [UInt8]) {
        try store.pool.read { database in
            let row = try #require(
                try Row.fetchOne(
                    database, sql: "SELECT attestation_object, client_data FROM credential"))
            let object: Data = row["attestation_object"]
            let clientData: Data = row["client_data"]
            return (Array(object), Array(clientData))
        }
    }

    /// Lets the database grow by no more than so many pages, or without limit again.
    func limitGrowth(toPages pages: Int?) throws {
        try store.pool.writeWithoutTransaction { database in
            let size = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            let limit = pages.map { size + $0 } ?? 1_000_000
            try database.execute(sql: "PRAGMA max_page_count = \(limit)")
        }
    }
}
