import AuditLog
import CredentialStore
import Foundation
import GRDB

/// Sign-ins as a company has them: some users and applications are busier than others, one in twenty fails.
struct GeneratedLog {
    let rows: Int
    let users: Int
    let days: Int

    /// A Monday.
    static let start: Int64 = 20_759 * 86_400_000
    static let applications = [
        "mail", "vpn", "wiki", "payroll", "crm", "git", "build", "chat", "files", "calendar",
        "travel", "desk",
    ]

    static func user(_ number: Int) -> String { "user\(number)" }

    var period: DayRange {
        DayRange(
            since: Timestamp(milliseconds: Self.start),
            until: Timestamp(milliseconds: Self.start + Int64(days) * 86_400_000))
    }

    /// Fills the tables of a store that nobody has open.
    func write(to path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction {
            try $0.execute(sql: "PRAGMA synchronous = OFF; PRAGMA cache_size = -400000")
        }
        try queue.write(writeUsers)
        var random = Dice(state: 1)
        for first in stride(from: 0, to: rows, by: 200_000) {
            try queue.write { database in
                try writeSignIns(first..<min(rows, first + 200_000), &random, database)
            }
        }
        try queue.write(writeRecords)
        try queue.close()
    }

    /// Writes more, of the last moments of the period, beside a store that is open: nobody counts them.
    func writeTail(to path: String, count: Int) throws {
        let queue = try DatabaseQueue(path: path)
        var random = Dice(state: 3)
        try queue.write { try writeSignIns(max(0, rows - count)..<rows, &random, $0) }
        try queue.close()
    }

    private func writeSignIns(_ numbers: Range<Int>, _ random: inout Dice, _ database: Database)
        throws
    {
        let insert = try database.makeStatement(
            sql: """
                INSERT INTO sign_in (at, method, user, client, service, address, accepted, reason, correlation,
                    country, client_kind, user_agent, device, hardware, password, requirement, policy_result,
                    policies, user_risk, sign_in_risk, processing)
                VALUES (?, ?, ?, 'front', ?, ?, ?, ?, ?, ?, 'browser',
                    'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', ?, 1, 'ok',
                    'multi-factor', 'success', 'mfa-for-all=success', 'none', 'none', ?)
                """)
        for number in numbers { try insert.execute(arguments: arguments(number, &random)) }
    }

    private func arguments(_ number: Int, _ random: inout Dice) -> StatementArguments {
        let at = Self.start + Int64(Double(number) / Double(rows) * Double(days) * 86_400_000)
        let user = min(random.roll(users), random.roll(users))
        let application = Self.applications[min(random.roll(12), random.roll(12))]
        let isRight = random.roll(20) > 0
        let reason =
            isRight
            ? "ok" : ["wrong-code", "wrong-code", "code-replayed", "interrupted"][random.roll(4)]
        let address = "10.\(user / 250 % 250).\(user % 250).\(random.roll(4))"
        return [
            at, ["webauthn", "push", "totp", "recovery"][min(user % 4, random.roll(20))],
            Self.user(user), application,
            address, isRight, reason,
            Data([UInt8(user & 255), UInt8(number & 255), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
            random.roll(50) == 0 ? "FR" : "SE", ["yubikey-5", "solo-2"][user % 2],
            900 + random.roll(400),
        ]
    }

    /// A fifth has a phone, two fifths a token.
    private func writeUsers(_ database: Database) throws {
        let user = try database.makeStatement(
            sql:
                "INSERT INTO user (id, name, display_name, handle, created_at) VALUES (?, ?, ?, ?, 0)"
        )
        let token = try database.makeStatement(
            sql: """
                INSERT INTO token (id, user, kind, hash, secret, next_factor, drift, manufacturer, model, label,
                    created_at) VALUES (?, ?, 'totp', 'sha1', x'00', 0, 0, '', '', '', 0)
                """)
        let phone = try database.makeStatement(
            sql: """
                INSERT INTO phone (id, user, public_key, guard, name, last_message_at, label, created_at)
                VALUES (?, ?, ?, 'pin', '', 0, '', 0)
                """)
        for number in 0..<users {
            let name = Self.user(number)
            let handle = Data(name.utf8)
            try user.execute(arguments: [number + 1, name, name, handle])
            switch number % 5 {
            case 0: try phone.execute(arguments: [handle, number + 1, handle])
            case 1, 2: try token.execute(arguments: [handle, number + 1])
            default: break
            }
        }
    }

    /// 100 000 records of the audit log, a tenth of them password resets.
    private func writeRecords(_ database: Database) throws {
        var random = Dice(state: 2)
        let insert = try database.makeStatement(
            sql: """
                INSERT INTO audit_record (number, at, activity, actor, target, record, hash)
                VALUES (?, ?, ?, ?, ?, ?, x'00')
                """)
        for number in 1...100_000 {
            let activity: AuditActivity =
                [
                    .resetPassword, .addMemberToRole, .addMemberToGroup, .registerCredential,
                    .updateUser,
                ][min(4, random.roll(10))]
            let targets = [
                AuditTarget(.user, Self.user(random.roll(users))), AuditTarget(.role, "help-desk"),
                AuditTarget(.group, "admins"),
            ]
            let record = AuditRecord(
                number: number, at: Self.start + Int64(number) * Int64(days) * 864,
                entry: AuditEntry(activity, targets),
                origin: AuditOrigin(
                    who: .administrator("admin\(random.roll(9))"), client: "console", from: "uid 0")
            )
            try insert.execute(arguments: [
                record.number, record.at, activity.rawValue, record.origin.actor, targets[0].word,
                Data(record.encoded()),
            ])
        }
    }
}

/// Numbers that are the same each time (SplitMix64).
struct Dice {
    var state: UInt64

    mutating func roll(_ sides: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ value >> 31) % UInt64(max(1, sides)))
    }
}
