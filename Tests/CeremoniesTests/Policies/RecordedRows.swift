import Accounts
import CredentialStore
import Encoding
import Foundation
import GRDB
import TestSupport
import Testing
import WebAuthn

/// A row of the sign-in log, as the server writes it when a sign-in ends.
struct RecordedRow {
    var at: Int64
    var user: String?
    var application: String?
    var method = "password"
    var isAccepted = true
    var reason = "ok"
    var credential: [UInt8]?
    var address: String?
    var country: String?
    var clientKind: String? = "browser"
    var userAgent: String?
    var device: String?
    var isHardware: Bool?
    var isUserVerified: Bool?
    var password: String? = "ok"
    var requirement: String? = "single-factor"
    var userRisk: String? = "none"
    var signInRisk: String? = "none"
    var steps: String?
}

extension SQLiteStore {
    func write(_ rows: [RecordedRow]) throws {
        try pool.write { database in
            let insert = try database.makeStatement(
                sql: """
                    INSERT INTO sign_in (at, method, user, client, service, address, accepted,
                        reason, credential, user_verified, country, client_kind, user_agent,
                        device, hardware, password, requirement, user_risk, sign_in_risk, steps)
                    VALUES (?, ?, ?, 'front', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """)
            for row in rows {
                try insert.execute(arguments: [
                    row.at, row.method, row.user, row.application, row.address, row.isAccepted,
                    row.reason, row.credential.map { Data($0) }, row.isUserVerified, row.country,
                    row.clientKind, row.userAgent, row.device, row.isHardware, row.password,
                    row.requirement, row.userRisk, row.signInRisk, row.steps,
                ])
            }
        }
    }
}

/// Sign-ins of many kinds, the same for one seed.
struct RandomRows {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    mutating func next(at moment: Int64) -> RecordedRow {
        var row = RecordedRow(at: moment)
        row.user = pick(["alice", "bob", "carol", "dave"])
        row.application = pick(["mail", "payroll", "elsewhere", nil])
        row.address = pick(["192.0.2.7", "198.51.100.9", "2001:db8::1", nil])
        row.country = pick(["AT", "DE", nil])
        row.clientKind = pick(["browser", "native", "legacy", nil])
        row.userAgent = pick(["Mozilla/5.0 (X11; Linux)", "Thunderbird/128", nil])
        row.password = pick(["ok", "ok", nil])
        row.userRisk = pick(["none", "none", "low", "medium", "high"])
        row.signInRisk = pick(["none", "none", "low", "medium", "high"])
        switch pick([0, 1, 2, 3, 4, 5, 6, 7]) {
        case 0: break
        case 1:
            // With a key that is registered.
            row.method = "webauthn"
            row.credential = Array(repeating: 1, count: 32)
            row.device = "acme-anvil"
            (row.isUserVerified, row.isHardware) = (pick([true, false]), true)
        case 2:
            // With one that is not any more.
            row.method = "webauthn"
            row.credential = Array(repeating: 77, count: 32)
            row.device = pick(["acme-anvil", "aaguid:\(Models.vague)", nil, "gone-model"])
            (row.isUserVerified, row.isHardware) = (pick([true, false]), false)
        case 3: row.method = pick(["totp", "hotp", "push", "recovery", "tap"])
        case 4:
            row.method = "apppass"
            row.clientKind = "legacy"
        case 5:
            row.method = "totp"
            row.steps = """
                [{"at":\(moment),"method":"webauthn","credential":"\(Base64URL.encode([UInt8](repeating: 1, count: 32)))","label":"","uv":false,"hardware":true,"device":"acme-anvil","reason":"ok"},
                {"at":\(moment),"method":"totp","label":"","uv":false,"hardware":false,"reason":"ok"}]
                """
        case 6:
            // Begun with a password, refused by policy.
            (row.isAccepted, row.reason) = (false, "blocked-by-policy")
        default:
            (row.isAccepted, row.reason) = (false, "interrupted")
            row.method = "totp"
            row.steps = """
                [{"at":\(moment),"method":"totp","label":"","uv":false,"hardware":false,"reason":"ok"}]
                """
        }
        return row
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: values.indices, using: &random)]
    }
}
