import Accounts
import Addresses
import Encoding
import Foundation
import GRDB
import WebAuthn

/// Writes the sign-in log: one row a sign-in, when it ends, and never changed after that.
extension SQLiteStore {
    static func record(
        _ decision: SignInDecision, _ verdict: SignInVerdict, in database: Database
    ) throws {
        var row = LoggedSignIn(decision)
        switch verdict {
        case .unfinished:
            guard case .unfinished(let end) = decision.access else { return }
            row.steps = try text(of: row.allSteps)
            return try keepOpen(row, until: end, in: database)
        case .accepted:
            row.accepted = true
            row.reason = "ok"
        case .refused(let code): row.reason = code
        }
        if !decision.log.earlierSteps.isEmpty {
            row.steps = try text(of: row.allSteps)
            let delete = try database.cachedStatement(
                sql: "DELETE FROM open_sign_in WHERE correlation = ?")
            try delete.execute(arguments: [blob(row.correlation)])
        }
        try insert(row, in: database)
    }

    private static func keepOpen(
        _ row: LoggedSignIn, until end: Timestamp, in database: Database
    ) throws {
        let insert = try database.cachedStatement(
            sql: """
                INSERT OR REPLACE INTO open_sign_in (correlation, expires_at, entry)
                VALUES (?, ?, ?)
                """)
        try insert.execute(
            arguments: [blob(row.correlation), end.milliseconds, text(of: row)])
    }

    /// Ends the sign-ins that nobody has finished before `moment`: `limit` at a time, the oldest first.
    ///
    /// One that cannot be read stays where it is, and holds up no other.
    ///
    /// - Returns: how many.
    public func closeOpenSignIns(
        expiredBefore moment: Timestamp, limit: Int = 1000
    ) throws(StoreError) -> Int {
        try write { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT correlation, entry FROM open_sign_in WHERE expires_at < ?
                    ORDER BY expires_at, correlation LIMIT ?
                    """,
                arguments: [moment.milliseconds, limit])
            var closed = 0
            for row in rows {
                let entry: String = try row.value("entry")
                guard
                    var logged = try? JSONDecoder().decode(
                        LoggedSignIn.self, from: Data(entry.utf8))
                else { continue }
                logged.reason = SignInOutcome.interruption
                try Self.insert(logged, in: database)
                try database.execute(
                    sql: "DELETE FROM open_sign_in WHERE correlation = ?",
                    arguments: [try row.value("correlation") as Data])
                closed += 1
            }
            return closed
        }
    }

    private static func insert(_ row: LoggedSignIn, in database: Database) throws {
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO sign_in (at, method, user, relying_party, credential, client, service,
                    address, accepted, reason, counter, user_verified, correlation, country,
                    client_kind, user_agent, device, hardware, password, requirement,
                    policy_result, policies, user_risk, sign_in_risk, steps, processing)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        try insert.execute(
            arguments: [
                row.at, row.method, row.user, row.relyingParty, row.credential.map(blob),
                row.client, row.service, row.address, row.accepted, row.reason, row.counter,
                row.userVerified, blob(row.correlation), row.country, row.clientKind,
                row.userAgent, row.device, row.hardware, row.password, row.requirement,
                row.policyResult, row.policies, row.userRisk, row.signInRisk, row.steps,
                row.processing,
            ])
    }

    private static func text(of value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
}

/// A row of the log, in the words of its columns.
private struct LoggedSignIn: Codable {
    var at: Int64
    var method: String
    var user: String?
    var relyingParty: String?
    var credential: [UInt8]?
    var client: String
    var service: String?
    var address: String?
    var accepted = false
    var reason = ""
    var counter: Int64?
    var userVerified: Bool?
    var correlation: [UInt8]
    var country: String?
    var clientKind: String?
    var userAgent: String?
    var device: String?
    var hardware: Bool?
    var password: String?
    var requirement: String?
    var policyResult: String?
    var policies: String?
    var userRisk: String?
    var signInRisk: String?
    var steps: String?
    var processing: Int64?
    private var label: String
    private var earlierSteps: [LoggedStep]

    init(_ decision: SignInDecision) {
        let log = decision.log
        at = decision.at.milliseconds
        method = decision.method.rawValue
        user = decision.user?.text
        relyingParty = decision.relyingPartyID?.text
        credential = decision.credentialID?.bytes
        client = decision.client
        service = decision.service
        address = decision.address?.description
        (counter, userVerified) = decision.judgement.shown
        correlation = log.correlation
        country = log.circumstances.country?.code
        clientKind = log.circumstances.clientKind?.rawValue
        userAgent = log.circumstances.userAgent
        device = log.device
        hardware = log.isHardwareBound
        password = log.circumstances.password?.rawValue
        requirement = log.assessment?.requirement
        policyResult = log.assessment?.summary.rawValue
        policies = log.assessment.map { assessment in
            assessment.policies.map { "\($0.policy)=\($0.result)" }.joined(separator: " ")
        }
        userRisk = log.assessment?.userRisk.rawValue
        signInRisk = log.assessment?.signInRisk.rawValue
        processing = log.processingTime
        label = log.label
        earlierSteps = log.earlierSteps.map(LoggedStep.init)
    }

    /// The steps, the one that the row itself is about being the last.
    var allSteps: [LoggedStep] {
        earlierSteps + [
            LoggedStep(
                at: at, method: method, credential: credential.map(Base64URL.encode), label: label,
                uv: userVerified ?? false, hardware: hardware ?? false, device: device,
                reason: reason.isEmpty ? "ok" : reason)
        ]
    }
}

/// A step, as the column `steps` has it in JSON.
private struct LoggedStep: Codable {
    var at: Int64
    var method: String
    var credential: String?
    var label: String
    var uv: Bool
    var hardware: Bool
    var device: String?
    var reason: String
}

extension LoggedStep {
    init(_ step: SignInStep) {
        self.init(
            at: step.at.milliseconds, method: step.method.rawValue,
            credential: step.credentialID.map(Base64URL.encode), label: step.label,
            uv: step.isUserVerified, hardware: step.isHardwareBound, device: step.device,
            reason: step.reason)
    }
}

extension SignInDecision.Judgement {
    /// The signature counter, and whether the person was verified, of what has them.
    fileprivate var shown: (counter: Int64?, isUserVerified: Bool?) {
        switch self {
        case .verified(let counter, _, _, let verified): (Int64(counter), verified)
        case .cardVerified(let verified), .phoneApproved(let verified): (nil, verified)
        case .codeVerified, .responseVerified, .questionAnswered, .recoveryCodeVerified,
            .accessPassVerified, .appPasswordVerified, .passwordVouched, .refused:
            (nil, nil)
        }
    }
}
