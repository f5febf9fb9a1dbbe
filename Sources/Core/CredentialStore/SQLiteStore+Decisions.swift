import Accounts
import Addresses
import GRDB
import WebAuthn

/// What the writer decides of a sign-in: whatever could have changed since it was judged.
extension SQLiteStore {
    static func decide(
        _ decision: SignInDecision, in database: Database
    ) throws -> SignInVerdict {
        for challenge in [decision.challenge, decision.transactionStep].compactMap(\.self) {
            guard try spend(challenge, in: database) else {
                return .refused(code: SignInVerdict.Code.challengeSpent)
            }
        }
        let verdict = try verify(decision, in: database)
        guard verdict == .accepted, let user = decision.user else { return verdict }
        switch decision.access {
        case .denied(let code): return .refused(code: code)
        case .granted, .unfinished: break
        }
        if let objection = try objection(to: user, in: database) { return objection }
        if case .unfinished = decision.access { return .unfinished }
        return .accepted
    }

    /// Why nobody signs in to an account, whatever they show.
    private static func objection(
        to user: UserName, in database: Database
    ) throws -> SignInVerdict? {
        let row = try Row.fetchOne(
            database, cachedSQL: "SELECT locked_at IS NOT NULL FROM user WHERE name = ?",
            arguments: [user.text])
        guard let row else { return .refused(code: SignInVerdict.Code.unknownUser) }
        return try row.value(0) ? .refused(code: SignInVerdict.Code.userLocked) : nil
    }

    /// Whether what was verified still stands; with that it is used up.
    private static func verify(
        _ decision: SignInDecision, in database: Database
    ) throws -> SignInVerdict {
        switch decision.judgement {
        case .refused(let code):
            return .refused(code: code)
        case .verified(let counter, let isBackupEligible, let isBackedUp, _):
            return try advance(
                decision, to: counter, isBackupEligible, isBackedUp, in: database)
        case .cardVerified:
            return try use("card_credential", decision, in: database)
        case .passwordVouched: return .accepted
        case .responseVerified:
            return try use("token", decision, in: database)
        case .questionAnswered(let question):
            return try use(question: question, decision, in: database)
        case .phoneApproved:
            // What the user said of another prompt may have come since this one was sent.
            guard try !arePushesStopped(of: decision.user, in: database) else {
                return .refused(code: SignInVerdict.Code.pushesStopped)
            }
            return try use("phone", decision, in: database)
        case .codeVerified(let movingFactor, let drift):
            return try consume(decision, movingFactor, drift: drift, in: database)
        case .recoveryCodeVerified(let number):
            return try spend(recoveryCode: number, decision, in: database)
        case .accessPassVerified(let digest):
            return try use(accessPass: digest, decision, in: database)
        case .appPasswordVerified(let number):
            return try use(appPassword: number, decision, in: database)
        }
    }

    /// Advances a security key's counter, where it is ahead.
    private static func advance(
        _ decision: SignInDecision, to counter: UInt32, _ isBackupEligible: Bool,
        _ isBackedUp: Bool, in database: Database
    ) throws -> SignInVerdict {
        // A verified assertion always names these; without them there is nothing to advance.
        guard
            decision.challenge != nil, let user = decision.user,
            let relyingPartyID = decision.relyingPartyID, let credentialID = decision.credentialID
        else { return .refused(code: SignInVerdict.Code.credentialNotAllowed) }
        let update = try database.cachedStatement(
            sql: """
                UPDATE credential SET counter = ?1, backed_up = ?2, last_used_at = ?3
                WHERE id = ?4 AND relying_party = ?5 AND backup_eligible = ?6
                    AND user = (SELECT id FROM user WHERE name = ?7)
                    AND (counter < ?1 OR (counter = 0 AND ?1 = 0))
                """)
        try update.execute(
            arguments: [
                Int64(counter), isBackedUp, decision.at.milliseconds, blob(credentialID.bytes),
                relyingPartyID.text, isBackupEligible, user.text,
            ])
        if database.changesCount == 1 { return .accepted }
        return .refused(
            code: try whyNotAdvanced(
                credentialID, of: user, for: relyingPartyID, isBackupEligible, in: database))
    }

    private static func whyNotAdvanced(
        _ credentialID: CredentialID, of user: UserName, for relyingPartyID: RelyingPartyID,
        _ isBackupEligible: Bool, in database: Database
    ) throws -> String {
        let eligible = try Bool.fetchOne(
            database,
            sql: """
                SELECT backup_eligible FROM credential JOIN user ON user.id = credential.user
                WHERE credential.id = ? AND user.name = ? AND relying_party = ?
                """,
            arguments: [blob(credentialID.bytes), user.text, relyingPartyID.text])
        guard let eligible else { return SignInVerdict.Code.credentialNotAllowed }
        return eligible == isBackupEligible
            ? SignInVerdict.Code.counterNotAhead : SignInVerdict.Code.backupEligibilityChanged
    }

    /// Notes the use of a token whose code follows from the question alone. A question that it has answered is not
    /// answered again, however often it is asked.
    private static func use(
        question: String, _ decision: SignInDecision, in database: Database
    ) throws -> SignInVerdict {
        guard decision.challenge != nil, let user = decision.user, let token = decision.credentialID
        else { return .refused(code: SignInVerdict.Code.credentialNotAllowed) }
        let insert = try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO answered_question (token, question)
                SELECT token.number, ? FROM token JOIN user ON user.id = token.user
                WHERE token.id = ? AND user.name = ?
                """)
        try insert.execute(arguments: [question, blob(token.bytes), user.text])
        guard database.changesCount == 1 else {
            return .refused(code: try whyNotMoved(token, of: user, in: database))
        }
        return try use("token", decision, in: database)
    }

    private static func arePushesStopped(
        of user: UserName?, in database: Database
    ) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM user
                        WHERE name = ? AND pushes_stopped_at IS NOT NULL)
                    """),
            arguments: [user?.text]) ?? false
    }

    /// Notes the use of a credential that answers challenges and has no counter, where it still stands.
    ///
    /// - Parameter table: one of this file's own names, never anything from outside.
    private static func use(
        _ table: String, _ decision: SignInDecision, in database: Database
    ) throws -> SignInVerdict {
        guard
            decision.challenge != nil, let user = decision.user,
            let credentialID = decision.credentialID
        else { return .refused(code: SignInVerdict.Code.credentialNotAllowed) }
        let update = try database.cachedStatement(
            sql: """
                UPDATE \(table) SET last_used_at = ?
                WHERE id = ? AND user = (SELECT id FROM user WHERE name = ?)
                """)
        try update.execute(
            arguments: [decision.at.milliseconds, blob(credentialID.bytes), user.text])
        return database.changesCount == 1
            ? .accepted : .refused(code: SignInVerdict.Code.credentialNotAllowed)
    }

    /// Moves a token past the factor of a code, where none of it or after it has been used: compare and swap.
    private static func consume(
        _ decision: SignInDecision, _ movingFactor: UInt64, drift: Int, in database: Database
    ) throws -> SignInVerdict {
        guard
            let user = decision.user, let token = decision.credentialID,
            let factor = Int64(exactly: movingFactor), factor < .max
        else { return .refused(code: SignInVerdict.Code.credentialNotAllowed) }
        let update = try database.cachedStatement(
            sql: """
                UPDATE token SET next_factor = ?1 + 1, drift = ?2, last_used_at = ?3
                WHERE id = ?4 AND user = (SELECT id FROM user WHERE name = ?5)
                    AND next_factor <= ?1
                """)
        try update.execute(
            arguments: [
                factor, Int64(drift), decision.at.milliseconds, blob(token.bytes), user.text,
            ])
        if database.changesCount == 1 { return .accepted }
        return .refused(code: try whyNotMoved(token, of: user, in: database))
    }

    /// Why a token did not take a code that was right: it has moved on, or is not the user's any more.
    private static func whyNotMoved(
        _ token: CredentialID, of user: UserName, in database: Database
    ) throws -> String {
        let stands = try Bool.fetchOne(
            database,
            sql: """
                SELECT EXISTS (SELECT 1 FROM token JOIN user ON user.id = token.user
                    WHERE token.id = ? AND user.name = ?)
                """,
            arguments: [blob(token.bytes), user.text])
        return stands == true
            ? SignInVerdict.Code.codeReplayed : SignInVerdict.Code.credentialNotAllowed
    }

    private static func spend(
        recoveryCode number: Int64, _ decision: SignInDecision, in database: Database
    ) throws -> SignInVerdict {
        let update = try database.cachedStatement(
            sql: """
                UPDATE recovery_code SET used_at = ?
                WHERE number = ? AND used_at IS NULL
                    AND user = (SELECT id FROM user WHERE name = ?)
                """)
        try update.execute(
            arguments: [decision.at.milliseconds, number, decision.user?.text])
        return database.changesCount == 1
            ? .accepted : .refused(code: SignInVerdict.Code.recoveryCodeSpent)
    }

    private static func use(
        accessPass digest: [UInt8], _ decision: SignInDecision, in database: Database
    ) throws -> SignInVerdict {
        let update = try database.cachedStatement(
            sql: """
                UPDATE access_pass SET last_used_at = ?1
                WHERE user = (SELECT id FROM user WHERE name = ?2) AND digest = ?3
                    AND starts_at <= ?1 AND expires_at > ?1
                    AND (one_time = 0 OR last_used_at IS NULL)
                """)
        try update.execute(
            arguments: [decision.at.milliseconds, decision.user?.text, blob(digest)])
        return database.changesCount == 1
            ? .accepted : .refused(code: SignInVerdict.Code.accessPassSpent)
    }

    private static func use(
        appPassword number: Int64, _ decision: SignInDecision, in database: Database
    ) throws -> SignInVerdict {
        let update = try database.cachedStatement(
            sql: """
                UPDATE app_password SET last_used_at = ?1, last_used_from = ?2
                WHERE number = ?3 AND (expires_at IS NULL OR expires_at > ?1)
                    AND user = (SELECT id FROM user
                        WHERE name = ?4 AND mfa_state = 'enforced' AND risk <> 'high')
                """)
        try update.execute(
            arguments: [
                decision.at.milliseconds, decision.address?.description, number,
                decision.user?.text,
            ])
        return database.changesCount == 1
            ? .accepted : .refused(code: SignInVerdict.Code.appPasswordNotInForce)
    }
}

/// What follows from a decision.
extension SQLiteStore {
    /// How many sources of a user are remembered.
    static let maximumFamiliarSources = 32

    static func follow(
        _ decision: SignInDecision, _ verdict: SignInVerdict, in database: Database
    ) throws {
        guard let user = decision.user else { return }
        if verdict == .accepted {
            if let address = decision.address, decision.judgement.isOfPerson {
                try remember(address.subscriber.description, of: user, decision.at, in: database)
            }
            if decision.judgement.isStrong { try resumePushes(decision, of: user, in: database) }
        }
        guard verdict != .refused(code: SignInVerdict.Code.challengeSpent) else { return }
        let consequences =
            decision.consequences + (verdict == .accepted ? decision.grantedConsequences : [])
        for consequence in consequences {
            switch consequence {
            case .stopPushes:
                try database.execute(
                    sql: """
                        UPDATE user SET pushes_stopped_at = ?
                        WHERE name = ? AND pushes_stopped_at IS NULL
                        """,
                    arguments: [decision.at.milliseconds, user.text])
            case .enforceMFA: try enforceMFA(of: user, at: decision.at, in: database)
            case .event(let kind, let detail):
                try note(
                    kind, of: user, client: decision.client, detail: detail, at: decision.at,
                    in: database)
            }
        }
    }

    /// Remembers where a user signed in from. Written anew once a day at most, so that a mail client costs no more.
    private static func remember(
        _ source: String, of user: UserName, _ now: Timestamp, in database: Database
    ) throws {
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO familiar_source (user, source, last_seen_at)
                SELECT id, ?2, ?3 FROM user WHERE name = ?1
                ON CONFLICT (user, source) DO UPDATE SET last_seen_at = excluded.last_seen_at
                    WHERE familiar_source.last_seen_at < excluded.last_seen_at - 86400000
                """)
        try insert.execute(arguments: [user.text, source, now.milliseconds])
        guard database.changesCount > 0 else { return }
        let delete = try database.cachedStatement(
            sql: """
                DELETE FROM familiar_source
                WHERE user = (SELECT id FROM user WHERE name = ?1) AND source NOT IN (
                    SELECT source FROM familiar_source
                    WHERE user = (SELECT id FROM user WHERE name = ?1)
                    ORDER BY last_seen_at DESC, source LIMIT ?2)
                """)
        try delete.execute(arguments: [user.text, maximumFamiliarSources])
    }

    /// Lets pushes through again to a user who has shown more than a push shows.
    private static func resumePushes(
        _ decision: SignInDecision, of user: UserName, in database: Database
    ) throws {
        let update = try database.cachedStatement(
            sql: """
                UPDATE user SET pushes_stopped_at = NULL
                WHERE name = ? AND pushes_stopped_at IS NOT NULL
                """)
        try update.execute(arguments: [user.text])
        guard database.changesCount > 0 else { return }
        try note(
            .pushesResumed, of: user, client: decision.client,
            detail: decision.method.rawValue, at: decision.at, in: database)
    }
}

extension SignInDecision.Judgement {
    /// Whether it is a person who signed in, and so is at home there. What a program keeps can be in anybody's hands.
    fileprivate var isOfPerson: Bool {
        if case .appPasswordVerified = self { false } else { true }
    }

    /// Whether the user showed a key that cannot be guessed or passed on, and that the person was verified for.
    fileprivate var isStrong: Bool {
        switch self {
        case .verified(_, _, _, let isUserVerified), .cardVerified(let isUserVerified):
            isUserVerified
        case .codeVerified, .responseVerified, .questionAnswered, .recoveryCodeVerified,
            .accessPassVerified, .appPasswordVerified, .phoneApproved, .passwordVouched, .refused:
            false
        }
    }
}
