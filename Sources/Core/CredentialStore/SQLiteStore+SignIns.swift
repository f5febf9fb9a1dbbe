public import Accounts
import Addresses
import Foundation
import GRDB
import WebAuthn

extension SQLiteStore {
    /// Decides a batch of sign-ins in one transaction; the verdicts are in the order of the batch.
    ///
    /// In turn, for each: its challenge is spent, its counter advanced where it is ahead, and its row written, or, where
    /// the sign-in goes on, what was shown so far. Once this returns, all of it is on disk. Where it throws, none of it is.
    public func commit(_ batch: [SignInDecision]) throws(StoreError) -> [SignInVerdict] {
        try write { database in
            try batch.map { decision in
                let verdict = try Self.decide(decision, in: database)
                try Self.record(decision, verdict, in: database)
                try Self.follow(decision, verdict, in: database)
                return verdict
            }
        }
    }

    /// Forgets challenges that expired before `moment`: `limit` at a time, the oldest first, so that the writer is
    /// not held up.
    ///
    /// Whatever expired no later than one that was forgotten counts as spent from then on: an answer that was judged in
    /// time and reaches the writer late, or a clock that is set back, brings none of them to life. Where none was
    /// forgotten nothing changes, so a clock that is wrong for a while does no lasting harm.
    ///
    /// - Returns: how many were forgotten.
    public func forgetChallenges(
        expiredBefore moment: Timestamp, limit: Int = 10_000
    ) throws(StoreError) -> Int {
        try write { database in
            let latest = try Int64.fetchOne(
                database,
                sql: """
                    SELECT MAX(expires_at) FROM (
                        SELECT expires_at FROM spent_challenge WHERE expires_at < ?
                        ORDER BY expires_at, identifier LIMIT ?)
                    """,
                arguments: [moment.milliseconds, limit])
            guard let latest else { return 0 }
            try database.execute(
                sql: """
                    DELETE FROM spent_challenge WHERE identifier IN (
                        SELECT identifier FROM spent_challenge WHERE expires_at < ?
                        ORDER BY expires_at, identifier LIMIT ?)
                    """,
                arguments: [moment.milliseconds, limit])
            let forgotten = database.changesCount
            try database.execute(
                sql: "UPDATE challenge_horizon SET forgotten_before = MAX(forgotten_before, ?)",
                arguments: [latest + 1])
            return forgotten
        }
    }

    /// The latest rows of the sign-in record, the latest first; of one user, or of all.
    public func signIns(
        of user: UserName? = nil, limit: Int
    ) throws(StoreError) -> [SignIn] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: """
                    SELECT * FROM sign_in WHERE ? IS NULL OR user = ? ORDER BY number DESC LIMIT ?
                    """,
                arguments: [user?.text, user?.text, limit]
            ).map(SignIn.init(row:))
        }
    }

    /// How much the store holds.
    public func counts() throws(StoreError) -> StoreCounts {
        try read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT (SELECT COUNT(*) FROM user),
                        (SELECT COUNT(*) FROM credential)
                            + (SELECT COUNT(*) FROM card_credential)
                            + (SELECT COUNT(*) FROM token WHERE user IS NOT NULL)
                            + (SELECT COUNT(*) FROM phone),
                        (SELECT COUNT(*) FROM sign_in WHERE accepted = 1),
                        (SELECT COUNT(*) FROM sign_in WHERE accepted = 0),
                        (SELECT COUNT(*) FROM spent_challenge)
                    """)
            guard let row else { throw StoreError.unreadableRow(table: "sign_in") }
            return StoreCounts(
                users: row[0], credentials: row[1], accepted: row[2], refused: row[3],
                spentChallenges: row[4])
        }
    }

    /// Spends a challenge; `false` where it was spent before or expired so long ago that this is not known any more.
    static func spend(_ challenge: SpentChallenge, in database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO spent_challenge (identifier, expires_at)
                SELECT ?1, ?2 WHERE ?2 >= (SELECT forgotten_before FROM challenge_horizon)
                """)
        try statement.execute(
            arguments: [blob(challenge.identifier), challenge.expiresAt.milliseconds])
        return database.changesCount == 1
    }
}

extension SignIn {
    init(row: Row) throws {
        number = try row.value("number")
        at = Timestamp(milliseconds: try row.value("at"))
        guard let method = SignInMethod(rawValue: try row.value("method")) else {
            throw StoreError.unreadableRow(table: "sign_in")
        }
        self.method = method
        user = try row.value("user")
        relyingPartyID = try row.value("relying_party")
        credentialID = (try row.value("credential") as Data?).map { Array($0) }
        client = try row.value("client")
        service = try row.value("service")
        address = try row.value("address")
        isAccepted = try row.value("accepted")
        reason = try row.value("reason")
        signatureCounter = (try row.value("counter") as Int64?).flatMap(UInt32.init(exactly:))
        isUserVerified = try row.value("user_verified")
    }
}
