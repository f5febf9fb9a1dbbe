import CredentialStore
import TestSupport

/// A month of 1 000 users, written row by row, which knows the answers because it counts as it writes.
struct MonthOfSignIns {
    static let dayCount = 30
    static let watched = ["user0007", "user0500", "user0999"]

    /// What is counted of one user at one application.
    struct Use: Hashable {
        var counts = OutcomeCounts()
        var firstAt: Int64?
        var lastAt: Int64?
    }

    /// What is counted of one user's failures.
    struct Failures: Hashable {
        var count = 0
        var reasons: [String: Int] = [:]
        var lastAt: Int64 = 0
    }

    /// What is counted of a user who is watched.
    struct Habits: Hashable {
        var counts = OutcomeCounts()
        var hours = [[Int]](repeating: [Int](repeating: 0, count: 24), count: 7)
        var countries: [String: Int] = [:]
        var networks: [String: Int] = [:]
        var devices: [String: Int] = [:]
        var programs: [String: Int] = [:]
        var methods: [String: Int] = [:]
        var applications: [String: Int] = [:]
    }

    private(set) var volume: [Int: OutcomeCounts] = [:]
    private(set) var methods: [String: OutcomeCounts] = [:]
    private(set) var reasons: [String: Int] = [:]
    private(set) var uses: [String: [String: Use]] = [:]
    private(set) var failures: [String: Failures] = [:]
    private(set) var habits: [String: Habits] = [:]

    private var random: SplitMix64
    private var people: [Person] = []
    private let perDay: Int

    private struct Person {
        let name: String
        let applications: [String]
        let method: String
        let country: String
        let home: (address: String, network: String)
        let device: String
        let program: String
        let firstHour: Int
    }

    private static let applications = [
        "mail", "vpn", "wiki", "payroll", "crm", "git", "build", "chat", "files", "calendar",
        "travel", "desk",
    ]

    init(seed: UInt64, users: Int = 1000, perDay: Int) {
        random = SplitMix64(seed: seed)
        self.perDay = perDay
        for number in 0..<users { people.append(person(number)) }
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }

    private mutating func person(_ number: Int) -> Person {
        let digits = String(number)
        let others = (0..<3).map { _ in pick(Self.applications) }
        let (high, low) = (number / 200, number % 200)
        let home =
            number.isMultiple(of: 10)
            ? (
                address: "2001:db8:\(String(number, radix: 16)):1::5",
                network: "2001:db8:\(String(number, radix: 16))::/48"
            )
            : (address: "10.\(high).\(low).9", network: "10.\(high).\(low).0/24")
        return Person(
            name: "user" + String(repeating: "0", count: 4 - digits.count) + digits,
            applications: ["mail"] + others,
            method: pick(["webauthn", "push", "totp", "totp"]), country: pick(["SE", "NO", "DE"]),
            home: number == 0 ? (address: "2001:db8::5", network: "2001:db8::/48") : home,
            device: pick(["yubikey-5", "solo-2", "phone"]),
            program: pick(["Firefox", "Chrome", "Safari"]),
            firstHour: Int.random(in: 6...10, using: &random))
    }

    /// The rows of a day, in the order of time.
    mutating func rows(ofDay day: Int) -> [LogRow] {
        var moments = (0..<perDay).map { _ in Int64.random(in: 0..<36_000_000, using: &random) }
        moments.sort()
        return moments.map { offset in
            let person = pick(people)
            return row(
                of: person, at: moment(day) + Int64(person.firstHour) * 3_600_000 + offset, on: day)
        }
    }

    private mutating func row(of person: Person, at: Int64, on day: Int) -> LogRow {
        var row = LogRow(at: at, user: person.name, application: pick(person.applications))
        row.method = Int.random(in: 0..<20, using: &random) == 0 ? "recovery" : person.method
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<6:
            row.outcome = .failure
            row.reason = pick([
                "wrong-code", "wrong-code", "wrong-code", "blocked-by-policy", "user-declined",
            ])
        case 6: (row.outcome, row.reason) = (.interrupted, "interrupted")
        default: break
        }
        let isAway = Int.random(in: 0..<50, using: &random) == 0
        row.country = isAway ? "FR" : person.country
        row.address = isAway ? "198.51.100.77" : person.home.address
        (row.device, row.program, row.clientKind) = (person.device, person.program, "browser")
        note(row, on: day, network: isAway ? "198.51.100.0/24" : person.home.network)
        return row
    }

    private mutating func note(_ row: LogRow, on day: Int, network: String) {
        let (user, application) = (row.user ?? "", row.application ?? "")
        volume[day, default: OutcomeCounts()].note(row.outcome)
        methods[row.method, default: OutcomeCounts()].note(row.outcome)
        uses[application, default: [:]][user, default: Use()].note(row)
        if row.outcome == .failure {
            reasons[row.reason, default: 0] += 1
            failures[user, default: Failures()].note(row)
        }
        if Self.watched.contains(user) {
            habits[user, default: Habits()].note(row, on: day, network: network)
        }
    }
}

extension OutcomeCounts {
    mutating func note(_ outcome: SignInOutcome) {
        switch outcome {
        case .success: succeeded += 1
        case .failure: failed += 1
        case .interrupted: interrupted += 1
        }
    }
}

extension MonthOfSignIns.Use {
    fileprivate mutating func note(_ row: LogRow) {
        counts.note(row.outcome)
        guard row.outcome == .success else { return }
        firstAt = min(firstAt ?? row.at, row.at)
        lastAt = max(lastAt ?? row.at, row.at)
    }
}

extension MonthOfSignIns.Failures {
    fileprivate mutating func note(_ row: LogRow) {
        count += 1
        reasons[row.reason, default: 0] += 1
        lastAt = max(lastAt, row.at)
    }
}

extension MonthOfSignIns.Habits {
    /// The first day is a Monday.
    fileprivate mutating func note(_ row: LogRow, on day: Int, network: String) {
        counts.note(row.outcome)
        hours[day % 7][Int((row.at - moment(day)) / 3_600_000)] += 1
        countries[row.country ?? "", default: 0] += 1
        networks[network, default: 0] += 1
        devices[row.device ?? "", default: 0] += 1
        programs[row.program ?? "", default: 0] += 1
        methods[row.method, default: 0] += 1
        applications[row.application ?? "", default: 0] += 1
    }
}
