import Accounts
import Addresses
import AuditLog
import Ceremonies
import ConditionalAccess
import CredentialStore
import Testing
import WebAuthn

struct PolicyReplayTests {
    private let office: PolicyOffice
    private let desk: PolicyDesk
    private let start = Timestamp(milliseconds: 1_790_000_000_000)

    init() throws {
        office = try PolicyOffice()
        desk = try office.desk()
    }

    private struct Sum {
        var rows = 0
        var judged = 0
        var failed = 0
        var incomplete = 0
        var gone = 0
        var groups: [ReplayGroup] = []
    }

    /// The whole of a replay, its portions added up.
    private func replay(
        _ trial: PolicyTrial, rowsAPortion: Int = PolicyReplay.maximumRows
    ) throws -> Sum {
        let replay = try PolicyReplay(trial, at: desk)
        var all = Sum()
        var groups: [ReplayGroup.Key: ReplayGroup] = [:]
        var place: SignInPlace?
        repeat {
            let portion = try replay.portion(
                since: start, until: start.advanced(by: .seconds(1_000_000)), after: place,
                maximumRows: rowsAPortion, while: { true })
            all.rows += portion.rows
            all.judged += portion.judged
            all.failed += portion.failed
            all.incomplete += portion.incomplete
            all.gone += portion.gone
            for group in portion.groups {
                guard var known = groups[group.key] else {
                    groups[group.key] = group
                    continue
                }
                known.count += group.count
                known.lastAt = group.lastAt
                known.example = group.example
                known.policies.formUnion(group.policies)
                known.missing.formUnion(group.missing)
                groups[group.key] = known
            }
            place = portion.next
        } while place != nil
        all.groups = groups.values.sorted { $0.example < $1.example }
        return all
    }

    private func row(
        _ second: Int64, _ user: String, _ change: (inout RecordedRow) -> Void = { _ in }
    )
        -> RecordedRow
    {
        var row = RecordedRow(at: start.milliseconds + 1000 * second, user: user)
        row.application = "payroll"
        row.address = "198.51.100.9"
        change(&row)
        return row
    }

    @Test func `says by name who would have been let in, asked and blocked`() throws {
        try office.register(9, for: "bob")
        try office.store.write([
            row(0, "bob"), row(1, "bob") { $0.address = "192.0.2.5" },
            row(2, "carol"),
            row(3, "bob") {
                ($0.method, $0.clientKind) = ("apppass", "legacy")
                $0.password = nil
            },
            row(4, "bob"),
            row(5, "alice") {
                ($0.method, $0.isUserVerified) = ("webauthn", true)
                $0.credential = Array(repeating: 1, count: 32)
            },
            row(6, "carol") { ($0.isAccepted, $0.reason) = (false, "blocked-by-policy") },
        ])
        let found = try replay(PolicyTrial(.files([policyFile(PolicyYAML.payroll)])))
        #expect(
            [found.rows, found.judged, found.failed, found.incomplete, found.gone] == [
                7, 7, 0, 0, 0,
            ])
        func line(_ group: ReplayGroup) -> String {
            let key = group.key
            return [
                key.user.text, key.application ?? "-", key.outcome.rawValue, key.verdict.rawValue,
                String(group.count), String(group.example),
                String((group.firstAt.milliseconds - start.milliseconds) / 1000),
                String((group.lastAt.milliseconds - start.milliseconds) / 1000),
                group.policies.map(\.text).sorted().joined(separator: ","),
                group.missing.sorted().joined(separator: ","),
            ].joined(separator: " ")
        }
        #expect(
            found.groups.map(line) == [
                "bob payroll let-in let-in 1 2 1 1  ",
                "carol payroll let-in unable 1 3 2 2 payroll mfa",
                "bob payroll let-in blocked 1 4 3 3 payroll mfa",
                "bob payroll let-in asked 2 5 0 4 payroll mfa",
                "alice payroll let-in let-in 1 6 5 5  ",
                "carol payroll refused unable 1 7 6 6 payroll mfa",
            ])
    }

    @Test func `counts apart what policies cannot be asked about`() throws {
        try office.store.write([
            row(0, "bob") { ($0.isAccepted, $0.reason) = (false, "wrong-code") },
            row(1, "bob") { ($0.isAccepted, $0.reason) = (false, "user-locked") },
            // Written before there were policies, or tampered with.
            row(2, "bob") { $0.requirement = nil },
            row(3, "bob") { $0.userRisk = "extreme" },
            row(4, "bob") { $0.country = "Austria" },
            row(5, "bob") { $0.steps = "[{\"method\":7}]" },
            row(6, "bob") { $0.steps = "not JSON" },
            row(7, "bob") { $0.method = "telepathy" },
            row(8, "bob") { $0.user = nil },
            row(9, "dave"),
        ])
        let found = try replay(PolicyTrial(.inForce))
        #expect(
            [found.rows, found.judged, found.failed, found.incomplete, found.gone] == [
                10, 0, 2, 7, 1,
            ])
        #expect(found.groups == [])
    }

    @Test func `is about a time, and a row in it once`() throws {
        try office.store.write((0..<50).map { row(Int64($0), "bob") })
        let replay = try PolicyReplay(PolicyTrial(.inForce), at: desk)
        let portion = try replay.portion(
            since: start.advanced(by: .seconds(10)), until: start.advanced(by: .seconds(20)),
            while: { true })
        #expect(portion.rows == 10)
        #expect(portion.next == nil)
        #expect(portion.groups.map(\.firstAt) == [start.advanced(by: .seconds(10))])
        #expect(portion.groups.map(\.lastAt) == [start.advanced(by: .seconds(19))])
    }

    @Test func `ends when nobody wants it any more, and goes on from there`() throws {
        try office.store.write((0..<1700).map { row(Int64($0), "bob") })
        let replay = try PolicyReplay(PolicyTrial(.inForce), at: desk)
        let end = start.advanced(by: .seconds(10_000))
        var place: SignInPlace?
        var rows: [Int] = []
        repeat {
            let portion = try replay.portion(
                since: start, until: end, after: place, while: { false })
            rows.append(portion.rows)
            place = portion.next
        } while place != nil
        #expect(rows == [500, 500, 500, 200])
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `replay is what-if on each recorded sign-in`(seed: UInt64) throws {
        try office.store.set(.enforced, of: userName("carol"))
        try office.add("dave")
        let draft = policyFile(
            """
            strengths:
              - id: anvil
                combinations: [[webauthn], [password, totp]]
                key: { models: [acme-anvil], attestation: required, hardware: required }
            policies:
              - id: risk
                state: on
                users: all
                applications: all
                conditions: { sign-in-risk: [medium, high] }
                grant: { any: [mfa, { strength: anvil }] }
              - id: home
                state: on
                users: { include: { groups: [staff], roles: [global-administrator] } }
                applications: { include: [payroll, mail] }
                conditions: { locations: { include: any, exclude: [office, home] } }
                grant: { all: [{ strength: anvil }] }
              - id: legacy
                state: on
                users: { include: all, exclude: { users: [bob] } }
                applications: all
                conditions: { clients: [legacy] }
                grant: block
              - id: ill
                state: on
                users: all
                applications: all
                conditions: { devices: { include: { health: [advisory, unknown] } } }
                grant: block
              - id: change
                state: on
                users: all
                applications: all
                conditions: { user-risk: [high] }
                grant: { all: [mfa, password-change] }

            """)
        var random = RandomRows(seed: seed)
        let rows = (0..<400).map { random.next(at: start.milliseconds + Int64($0)) }
        try office.store.write(rows)
        let trial = PolicyTrial(.files([draft]))
        let found = try replay(trial, rowsAPortion: 100)
        #expect(found.judged == 400)

        var expected: [String: Int] = [:]
        var verdicts: Set<String> = []
        for row in rows {
            let answer = try desk.whatIf(question(row), of: trial)
            let verdict =
                switch answer.decision.outcome {
                case .granted: "let-in"
                case .blocked: "blocked"
                case .unsatisfied(let missing) where missing.contains(where: \.isBeyondClient):
                    "blocked"
                case .unsatisfied(let missing):
                    answer.sufficientMethods.isEmpty
                        && !missing.allSatisfy { $0.controls == [.passwordChange] }
                        ? "unable" : "asked"
                }
            verdicts.insert(verdict)
            let was =
                row.isAccepted ? "let-in" : row.reason == "interrupted" ? "unfinished" : "refused"
            expected["\(row.user ?? "") \(row.application ?? "-") \(was) \(verdict)", default: 0] +=
                1
        }
        #expect(verdicts == ["let-in", "blocked", "unable", "asked"])
        let counts = found.groups.map { group in
            let key = group.key
            return (
                "\(key.user.text) \(key.application ?? "-") \(key.outcome.rawValue) \(key.verdict.rawValue)",
                group.count
            )
        }
        #expect(Dictionary(counts, uniquingKeysWith: +) == expected)
    }

    /// The question that a row answers, put together by hand.
    private func question(_ row: RecordedRow) throws -> WhatIfQuestion {
        func device(_ credential: [UInt8]?, _ name: String?) throws -> DeviceFacts? {
            if credential == Array(repeating: 1, count: 32) {
                let id = try #require(credential)
                let key = try office.store.credentials(withIDs: [.init(bytes: id)]).values.first
                return DeviceFacts(try #require(key), office.catalogue)
            }
            return name.flatMap { DeviceFacts(named: $0, in: office.catalogue) }
        }
        var shown: [PresentedFactor] = []
        if row.steps?.contains("webauthn") == true {
            shown.append(
                PresentedFactor(
                    .webauthn, isUserVerified: false, isHardwareBound: true,
                    device: try device(Array(repeating: 1, count: 32), nil)))
        }
        if row.method != "password" {
            shown.append(
                PresentedFactor(
                    try #require(SignInMethod(rawValue: row.method)),
                    isUserVerified: row.isUserVerified ?? false,
                    isHardwareBound: row.isHardware ?? false,
                    device: try device(row.credential, row.device)))
        }
        return WhatIfQuestion(
            user: try userName(row.user ?? ""), application: row.application,
            address: try row.address.map { try IPAddress($0) },
            circumstances: SignInCircumstances(
                country: row.country.flatMap(Country.init),
                clientKind: row.clientKind.flatMap(ClientKind.init(rawValue:)),
                userAgent: row.userAgent,
                password: row.password.flatMap(SignInCircumstances.Password.init(rawValue:)),
                reportedRisk: row.signInRisk.flatMap(RiskLevel.init(rawValue:))),
            userRisk: row.userRisk.flatMap(RiskLevel.init(rawValue:)), presented: shown)
    }
}
