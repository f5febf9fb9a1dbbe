import Foundation
package import GRDB

/// Users, credentials, spent challenges and the sign-in record in one SQLite database.
///
/// Write-ahead log and `synchronous=FULL`: what a call has returned from is on disk. One process at a time owns the
/// file, and within it one writer at a time, so that what decides (spent challenges, counters) is decided once.
/// Its methods block; call them from a thread that may.
public final class SQLiteStore: Sendable {
    /// The connections. Beyond this module for tests alone, which limit and corrupt what is behind them.
    package let pool: DatabasePool
    let path: String
    private let ownership: FileLock

    /// Opens the database at `path`, makes it where there is none, and brings its schema up to date.
    public init(path: String) throws(StoreError) {
        self.path = path
        ownership = try FileLock(path: path + ".lock")
        var configuration = Configuration()
        configuration.busyMode = .timeout(2)
        configuration.maximumReaderCount = 4
        do {
            let migrator = Migrations.migrator
            if FileManager.default.fileExists(atPath: path) {
                // A pool writes as it opens; a file that is to be refused stays as it is.
                var reading = configuration
                reading.readonly = true
                let queue = try DatabaseQueue(path: path, configuration: reading)
                guard try !queue.read(migrator.hasBeenSuperseded) else {
                    throw StoreError.newerSchema(path: path)
                }
                try queue.close()
            }
            pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction(Self.syncEveryCommit)
            try migrator.migrate(pool)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    /// Closes the database and gives the file up. Where nobody reads meanwhile, all of it is then in the one file.
    public func close() throws(StoreError) {
        // The pool's own closing leaves the log as it is. What cannot be moved from it now is read from it later.
        try? pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        do {
            try pool.close()
        } catch {
            throw StoreError(error, path: path)
        }
        ownership.release()
    }

    /// Has the writer's commits reach the disk before they return. A pool opens with `synchronous=NORMAL`, under which
    /// the last commits are lost with the power.
    private static func syncEveryCommit(_ database: Database) throws {
        try database.execute(sql: "PRAGMA synchronous = FULL")
        guard try Int.fetchOne(database, sql: "PRAGMA synchronous") == 2 else {
            throw StoreError.unavailable(code: ResultCode.SQLITE_ERROR.rawValue)
        }
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try pool.read(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try pool.write(body)
        } catch {
            throw StoreError(error, path: path)
        }
    }
}
