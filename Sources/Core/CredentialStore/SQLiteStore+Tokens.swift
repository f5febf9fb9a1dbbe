public import Accounts
public import AuditLog
import Foundation
import GRDB
import OATH
public import WebAuthn

extension SQLiteStore {
    private static let tokenColumns = """
        SELECT token.*, user.name AS user_name, user.display_name, user.handle,
            user.created_at AS user_created_at
        FROM token LEFT JOIN user ON user.id = token.user
        """

    /// Stores a new token; with a challenge, it is spent too: both or neither. A user may have `maximum` of them. MFA of an
    /// owner that was enabled is enforced from then on.
    public func add(
        _ token: NewToken, maximum: Int, spending challenge: SpentChallenge? = nil,
        by origin: AuditOrigin
    ) throws(StoreError) {
        try write { database in
            if let challenge, try !Self.spend(challenge, in: database) {
                throw StoreError.challengeSpent
            }
            let user = try token.owner.map { name in
                try Self.ownerNumber(name, ofAtMost: maximum, in: database)
            }
            let columns = ParameterColumns(token.parameters)
            guard let factor = Int64(exactly: token.nextFactor) else {
                throw StoreError.unreadableRow(table: "token")
            }
            do {
                try database.execute(
                    sql: """
                        INSERT INTO token (
                            id, user, kind, hash, digits, period, suite, slot, secret, next_factor,
                            drift, serial, manufacturer, model, label, created_at
                        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        blob(token.id.bytes), user, token.parameters.kind.rawValue,
                        token.parameters.hash.rawValue, columns.digits, columns.period,
                        columns.suite, token.device.slot, blob(token.sealedSecret), factor,
                        Int64(token.drift), token.device.serial, token.device.manufacturer,
                        token.device.model, token.label, token.createdAt.milliseconds,
                    ])
            } catch let error as DatabaseError
                where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
            {
                throw StoreError.credentialExists
            }
            try Self.auditAddition(
                of: token, isEnrolled: challenge != nil, by: origin, in: database)
        }
    }

    private static func auditAddition(
        of token: NewToken, isEnrolled: Bool, by origin: AuditOrigin, in database: Database
    ) throws {
        let target = AuditTarget(.token, token.id.text)
        let kind = token.parameters.kind.rawValue
        if isEnrolled, let owner = token.owner, let method = SignInMethod(rawValue: kind) {
            return try auditRegistration(
                of: target, to: owner, kind: method, label: token.label, by: origin,
                at: token.createdAt, in: database)
        }
        try audit(
            AuditEntry(
                .addToken, [target] + (token.owner.map { [AuditTarget(.user, $0.text)] } ?? []),
                changes: [
                    AuditChange("kind", to: kind), AuditChange("serial", to: token.device.serial),
                    AuditChange("owner", to: token.owner?.text),
                    AuditChange("label", to: token.label),
                ].filter { $0.new != nil }),
            by: origin, at: token.createdAt, in: database)
        if let owner = token.owner {
            try enforceMFA(of: owner, through: origin, at: token.createdAt, in: database)
        }
    }

    /// The tokens of a user, the oldest first; none for a user that does not exist.
    public func tokens(of name: UserName) throws(StoreError) -> [Token] {
        try read { database in try Self.tokens(of: name, in: database) }
    }

    /// Of each user, in one read, the tokens, the oldest first. A row that cannot be read is its own user's matter.
    public func tokens(
        ofEach users: [UserName]
    ) throws(StoreError) -> [Result<[Token], StoreError>] {
        try read { database in
            try users.map { name in
                try Self.readable { try Self.tokens(of: name, in: database) }
            }
        }
    }

    /// The tokens in stock, at most `limit`, the oldest first.
    public func tokensInStock(limit: Int) throws(StoreError) -> [Token] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: Self.tokenColumns + " WHERE token.user IS NULL ORDER BY number LIMIT ?",
                arguments: [limit]
            ).map(Token.init(row:))
        }
    }

    /// The token of this identifier.
    public func token(_ id: CredentialID) throws(StoreError) -> Token? {
        try read { database in
            try Row.fetchOne(
                database, cachedSQL: Self.tokenColumns + " WHERE token.id = ?",
                arguments: [blob(id.bytes)]
            ).map(Token.init(row:))
        }
    }

    /// The tokens of this serial number; makers number each for themselves.
    public func tokens(serial: String) throws(StoreError) -> [Token] {
        try read { database in
            try Row.fetchAll(
                database, cachedSQL: Self.tokenColumns + " WHERE serial = ? ORDER BY number",
                arguments: [serial]
            ).map(Token.init(row:))
        }
    }

    /// Gives a token to a user, or back to stock, with its secret sealed for there. What was read of it must still hold. MFA
    /// of the new owner that was enabled is enforced from then on.
    public func give(
        _ token: Token, to owner: UserName?, sealedSecret: [UInt8], label: String, maximum: Int,
        by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let user = try owner.map { name in
                try Self.ownerNumber(name, ofAtMost: maximum, besides: token.id, in: database)
            }
            try database.execute(
                sql: "UPDATE token SET user = ?, secret = ?, label = ? WHERE id = ? AND secret = ?",
                arguments: [
                    user, blob(sealedSecret), label, blob(token.id.bytes),
                    blob(token.sealedSecret),
                ])
            guard database.changesCount == 1 else { throw StoreError.noSuchCredential }
            let users = [token.owner?.name, owner].compactMap(\.self)
            try Self.audit(
                AuditEntry(
                    owner == nil ? .unassignToken : .assignToken,
                    [AuditTarget(.token, token.id.text)]
                        + users.map { AuditTarget(.user, $0.text) },
                    changes: [
                        AuditChange("owner", from: token.owner?.name.text, to: owner?.text),
                        AuditChange("label", from: token.label, to: label),
                    ]),
                by: origin, at: now, in: database)
            if let owner {
                try Self.enforceMFA(of: owner, through: origin, at: now, in: database)
            }
        }
    }

    /// Moves a user's token to where its owner showed that it is: past `factor`, with its clock's drift. What was used
    /// before stays used.
    public func synchronise(
        _ id: CredentialID, of name: UserName, past factor: UInt64, drift: Int,
        by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            guard let factor = Int64(exactly: factor), factor < .max else {
                throw StoreError.noSuchCredential
            }
            try database.execute(
                sql: """
                    UPDATE token SET next_factor = ?1 + 1, drift = ?2
                    WHERE id = ?3 AND user = (SELECT id FROM user WHERE name = ?4)
                        AND next_factor <= ?1
                    """,
                arguments: [factor, Int64(drift), blob(id.bytes), name.text])
            guard database.changesCount == 1 else { throw StoreError.noSuchCredential }
            // Where the token was and is helps to guess its codes; that it was moved is enough.
            try Self.audit(
                AuditEntry(
                    .resynchroniseToken,
                    [AuditTarget(.token, id.text), AuditTarget(.user, name.text)]),
                by: origin, at: now, in: database)
        }
    }

    /// Deletes a token, whoever has it.
    public func deleteToken(
        _ id: CredentialID, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT kind, serial, label, user.name FROM token
                    LEFT JOIN user ON user.id = token.user WHERE token.id = ?
                    """,
                arguments: [blob(id.bytes)])
            guard let row else { throw StoreError.noSuchCredential }
            let owner: String? = try row.value("name")
            try database.execute(
                sql: "DELETE FROM token WHERE id = ?", arguments: [blob(id.bytes)])
            try Self.audit(
                AuditEntry(
                    .deleteToken,
                    [AuditTarget(.token, id.text)]
                        + (owner.map { [AuditTarget(.user, $0)] } ?? []),
                    changes: [
                        AuditChange("kind", from: try row.value("kind")),
                        AuditChange("serial", from: try row.value("serial")),
                        AuditChange("owner", from: owner),
                        AuditChange("label", from: try row.value("label")),
                    ].filter { $0.old != nil }),
                by: origin, at: now, in: database)
        }
    }

    static func tokens(of name: UserName, in database: Database) throws -> [Token] {
        try Row.fetchAll(
            database, cachedSQL: tokenColumns + " WHERE user.name = ? ORDER BY number",
            arguments: [name.text]
        ).map(Token.init(row:))
    }

    private static func ownerNumber(
        _ name: UserName, ofAtMost maximum: Int, besides token: CredentialID? = nil,
        in database: Database
    ) throws -> Int64 {
        guard let user = try userNumber(name, in: database) else {
            throw StoreError.noSuchUser(name)
        }
        let count = try Int.fetchOne(
            database, sql: "SELECT COUNT(*) FROM token WHERE user = ? AND id IS NOT ?",
            arguments: [user, token.map { blob($0.bytes) }])
        guard count ?? 0 < maximum else { throw StoreError.tooMany }
        return user
    }
}

/// A token's parameters as columns.
private struct ParameterColumns {
    var digits: Int?
    var period: Int?
    var suite: String?

    init(_ parameters: TokenParameters) {
        switch parameters.mechanism {
        case .hotp(let digits): self.digits = digits.rawValue
        case .totp(let digits, let period):
            self.digits = digits.rawValue
            self.period = period
        case .ocra(let suite): self.suite = suite.text
        case .challengeResponse: break
        }
    }
}

extension Token {
    init(row: Row) throws {
        let identifier: Data = try row.value("id")
        let factor: Int64 = try row.value("next_factor")
        guard
            let id = try? CredentialID(bytes: Array(identifier)),
            let nextFactor = UInt64(exactly: factor)
        else { throw StoreError.unreadableRow(table: "token") }
        self.id = id
        self.nextFactor = nextFactor
        if let text: String = try row.value("user_name") {
            let handle: Data = try row.value("handle")
            guard
                let name = UserName(text), let handle = try? UserHandle(bytes: Array(handle))
            else { throw StoreError.unreadableRow(table: "token") }
            owner = User(
                name: name, displayName: try row.value("display_name"), handle: handle,
                createdAt: Timestamp(milliseconds: try row.value("user_created_at")))
        } else {
            owner = nil
        }
        parameters = try Self.parameters(in: row)
        sealedSecret = bytes(try row.value("secret"))
        drift = Int(try row.value("drift") as Int64)
        device = TokenDevice(
            serial: try row.value("serial"), manufacturer: try row.value("manufacturer"),
            model: try row.value("model"), slot: try row.value("slot"))
        label = try row.value("label")
        createdAt = Timestamp(milliseconds: try row.value("created_at"))
        lastUsedAt = (try row.value("last_used_at") as Int64?).map(Timestamp.init(milliseconds:))
    }

    private static func parameters(in row: Row) throws -> TokenParameters {
        let digits = (try row.value("digits") as Int?).flatMap(OATHDigits.init(rawValue:))
        let period: Int? = try row.value("period")
        let suite: String? = try row.value("suite")
        guard
            let kind = TokenKind(rawValue: try row.value("kind")),
            let hash = OATHHash(rawValue: try row.value("hash"))
        else { throw StoreError.unreadableRow(table: "token") }
        do {
            switch kind {
            case .hotp:
                if let digits { return try TokenParameters(.hotp(digits), hash: hash) }
            case .totp:
                if let digits, let period {
                    return try TokenParameters(.totp(digits, period: period), hash: hash)
                }
            case .ocra:
                if let suite { return try TokenParameters(.ocra(OCRASuite(suite)), hash: hash) }
            case .hmac: return try TokenParameters(.challengeResponse, hash: hash)
            }
        } catch {
            throw StoreError.unreadableRow(table: "token")
        }
        throw StoreError.unreadableRow(table: "token")
    }
}
