import Foundation
import GRDB

/// Bytes as GRDB binds them.
func blob(_ bytes: [UInt8]) -> Data { Data(bytes) }

/// Bytes as GRDB reads them.
func bytes(_ data: Data) -> [UInt8] { Array(data) }

extension Row {
    /// A column's value. Throws where a damaged file holds what the column cannot; subscripts would trap.
    func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: String
    ) throws -> Value {
        try decode(Value.self, forColumn: column)
    }

    /// The same, of a column by its number.
    func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: Int
    ) throws -> Value {
        try decode(Value.self, atIndex: column)
    }

    /// Fetches one row through the connection's cache of statements.
    static func fetchOne(
        _ database: Database, cachedSQL sql: String, arguments: StatementArguments
    ) throws -> Row? {
        try fetchOne(database.cachedStatement(sql: sql), arguments: arguments)
    }

    /// Fetches all rows through the connection's cache of statements.
    static func fetchAll(
        _ database: Database, cachedSQL sql: String, arguments: StatementArguments
    ) throws -> [Row] {
        try fetchAll(database.cachedStatement(sql: sql), arguments: arguments)
    }
}
