public import Accounts
public import Addresses
import GRDB

/// What a typed code could be, for one user.
public struct CodeLookup: Sendable, Hashable {
    /// Whose code.
    public var user: UserName
    /// The code's first letters, where it has the form of an app password; then nothing else is looked up.
    public var appPasswordPrefix: String?
    /// The network of the subscriber that it comes from, where that is known.
    public var source: IPNetwork?

    /// A look-up from its parts.
    public init(user: UserName, appPasswordPrefix: String?, source: IPNetwork?) {
        self.user = user
        self.appPasswordPrefix = appPasswordPrefix
        self.source = source
    }
}

/// What a user's typed code is compared with.
public struct CodeFactors: Sendable {
    /// The account.
    public let user: User
    /// What is decided about it.
    public let standing: UserStanding
    /// Whether the user signed in from this source before, in the last 90 days.
    public let isSourceFamiliar: Bool
    /// The tokens.
    public let tokens: [Token]
    /// The recovery codes that are left.
    public let recoveryCodes: [RecoveryCode]
    /// The pass, in force or not.
    public let accessPass: AccessPass?
    /// The app passwords of the prefix that was looked up.
    public let appPasswords: [AppPassword]
}

extension SQLiteStore {
    /// What these codes are compared with, in one read; `nil` for a user that does not exist. A row that cannot be read
    /// fails its own user's look-up and no other.
    public func codeFactors(
        for lookups: [CodeLookup], at now: Timestamp
    ) throws(StoreError) -> [Result<CodeFactors?, StoreError>] {
        try read { database in
            try lookups.map { lookup in
                try Self.readable { try Self.factors(for: lookup, at: now, in: database) }
            }
        }
    }

    /// What `body` reads, or the error of a row that this program cannot read. Other errors are of all.
    static func readable<Value>(
        _ body: () throws -> Value
    ) throws -> Result<Value, StoreError> {
        do {
            return .success(try body())
        } catch let error as StoreError {
            guard case .unreadableRow = error else { throw error }
            return .failure(error)
        } catch is RowDecodingError {
            return .failure(.unreadableRow(table: "user"))
        }
    }

    private static func factors(
        for lookup: CodeLookup, at now: Timestamp, in database: Database
    ) throws -> CodeFactors? {
        let row = try Row.fetchOne(
            database, cachedSQL: "SELECT * FROM user WHERE name = ?",
            arguments: [lookup.user.text])
        let isFamiliar = try Self.isFamiliar(lookup, at: now, in: database)
        // Read for a user that does not exist too, so that it takes as long.
        var appPasswords: [AppPassword] = []
        var tokens: [Token] = []
        var recoveryCodes: [RecoveryCode] = []
        var accessPass: AccessPass?
        if let prefix = lookup.appPasswordPrefix {
            appPasswords = try Self.appPasswords(
                of: lookup.user, prefix: prefix, in: database)
        } else {
            tokens = try Self.tokens(of: lookup.user, in: database)
            recoveryCodes = try Self.recoveryCodes(of: lookup.user, in: database)
            accessPass = try Self.accessPass(of: lookup.user, in: database)
        }
        guard let row else { return nil }
        return CodeFactors(
            user: try User(row: row), standing: try UserStanding(row: row),
            isSourceFamiliar: isFamiliar, tokens: tokens, recoveryCodes: recoveryCodes,
            accessPass: accessPass, appPasswords: appPasswords)
    }

    private static func isFamiliar(
        _ lookup: CodeLookup, at now: Timestamp, in database: Database
    ) throws -> Bool {
        guard let source = lookup.source else { return false }
        let seen = try Int64.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT last_seen_at FROM familiar_source
                    WHERE user = (SELECT id FROM user WHERE name = ?) AND source = ?
                    """),
            arguments: [lookup.user.text, source.description])
        guard let seen else { return false }
        return seen > now.milliseconds - 90 * 86_400_000
    }
}
