import Accounts
import Addresses
import Ceremonies
import CredentialStore
import TestSupport
import Testing

/// Failure budgets against a model that remembers everything and works all of it out anew each time.
struct FailureBudgetsModelTests {
    /// All that happened to one count.
    private struct Log {
        enum Entry {
            case failure(at: Int64, secret: [UInt8]?)
            case success
            case withdrawal
        }

        var entries: [Entry] = []
    }

    /// What was let in, in the model's terms.
    private struct Pending {
        let accounts: [String]
        let blocksStrangers: Bool
        let admission: FailureBudgets.Admission
    }

    private struct Model {
        // 36 failures an hour are one each 100 seconds; the tests' times are sixteenths of that, so that all sums are exact.
        static let limits: FailureLimits = {
            var limits = FailureLimits()
            limits.perUser = 4
            limits.perFamiliarSource = 3
            limits.perSource = 36
            limits.firstDelay = .seconds(50)
            limits.longestDelay = .seconds(600)
            limits.memory = .seconds(20_000)
            return limits
        }()

        var logs: [String: Log] = [:]

        /// Failures, the end of the wait, and the secrets that are known.
        func user(
            _ account: String, _ limit: Int, at now: Int64
        ) -> (failures: Int, until: Int64, recent: [[UInt8]]) {
            var (failures, until) = (0, 0 as Int64)
            var recent: [[UInt8]] = []
            var last: Int64?
            func forget(at moment: Int64) {
                guard let past = last, moment - past >= 20_000_000 else { return }
                (failures, until, recent, last) = (0, 0, [], nil)
            }
            for entry in logs[account]?.entries ?? [] {
                switch entry {
                case .failure(let moment, let secret):
                    forget(at: moment)
                    failures += 1
                    last = moment
                    if let secret { recent = Array((recent + [secret]).suffix(3)) }
                    if failures >= limit {
                        var delay: Int64 = 50_000
                        for _ in limit..<failures { delay = min(2 * delay, 600_000) }
                        until = moment + delay
                    }
                case .success:
                    (failures, until, recent, last) = (0, 0, [], nil)
                case .withdrawal:
                    if last != nil { (failures, until) = (max(0, failures - 1), 0) }
                }
            }
            forget(at: now)
            return (failures, until, recent)
        }

        /// What a source has not been forgiven yet, in the milliseconds that it takes.
        func debt(_ account: String, at now: Int64) -> Int64 {
            var (debt, last) = (0 as Int64, Int64.min)
            func drain(at moment: Int64) {
                if last != .min { debt = max(0, debt - max(0, moment - last)) }
                last = max(last, moment)
            }
            for entry in logs[account]?.entries ?? [] {
                switch entry {
                case .failure(let moment, _):
                    drain(at: moment)
                    debt += 100_000
                case .success, .withdrawal:
                    debt = max(0, debt - 100_000)
                }
            }
            drain(at: now)
            return debt
        }

        mutating func note(_ entry: Log.Entry, _ account: String) {
            logs[account, default: Log()].entries.append(entry)
        }
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `agrees with a model that remembers everything`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var budgets = FailureBudgets(limits: Model.limits)
        var model = Model()
        var pending: [Pending] = []
        var now: Int64 = 1_790_000_000_000
        let start = now
        var (admitted, limited) = (0, 0)
        for step in 0..<400 {
            // Mostly nothing, sometimes a while, seldom long, and back.
            now +=
                6_250
                * [0, 0, 0, 0, 1, 2, 8, 16, 100, 0, -4][Int.random(in: 0...10, using: &random)]
            if step % 100 == 99 { now += 6_250 * 3_300 }
            now = max(now, start)
            let user = "user \(Int.random(in: 0...2, using: &random))"
            let source: String? = [nil, "192.0.2.1", "192.0.2.2", "2001:db8::/64"][
                Int.random(in: 0...3, using: &random)]
            let isFamiliar = source != nil && Int.random(in: 0...3, using: &random) == 0
            let secret: [UInt8]? =
                Int.random(in: 0...3, using: &random) == 0
                ? [UInt8.random(in: 1...5, using: &random)] : nil
            let isProgram = secret != nil
            let own =
                isProgram
                ? "programs of \(user)" : isFamiliar ? "\(user) at \(source ?? "")" : user
            let limit = isProgram ? .max : isFamiliar ? 3 : 4

            let known = model.user(own, limit, at: now)
            var wait = max(0, known.until - now)
            if let source, !isFamiliar {
                wait = max(wait, model.debt(source, at: now) + 100_000 - 3_600_000)
            }
            let answer = budgets.admit(
                try userName(user), from: try source.map { try IPNetwork($0) },
                isFamiliar: isFamiliar, secret: secret, at: Timestamp(milliseconds: now))
            switch answer {
            case .wait(let delay):
                limited += 1
                #expect(delay == .milliseconds(wait), "step \(step)")
            case .admitted(let admission):
                admitted += 1
                #expect(wait == 0, "step \(step)")
                if let secret, known.recent.contains(secret) {
                    #expect(!admission.blocksStrangers, "step \(step)")
                    pending.append(
                        Pending(accounts: [], blocksStrangers: false, admission: admission))
                } else {
                    let accounts = [own] + [source].compactMap(\.self)
                    for account in accounts {
                        model.note(.failure(at: now, secret: secret), account)
                    }
                    let blocks = !isProgram && !isFamiliar && known.failures + 1 == limit
                    #expect(admission.blocksStrangers == blocks, "step \(step)")
                    pending.append(
                        Pending(accounts: accounts, blocksStrangers: blocks, admission: admission))
                }
            }
            // Verdicts come in any order.
            while pending.count > Int.random(in: 0...4, using: &random) {
                let settled = pending.remove(
                    at: Int.random(in: pending.indices, using: &random))
                switch Int.random(in: 0...9, using: &random) {
                case 0:
                    budgets.succeed(settled.admission)
                    for account in settled.accounts { model.note(.success, account) }
                case 1:
                    budgets.withdraw(settled.admission)
                    for account in settled.accounts { model.note(.withdrawal, account) }
                default: break
                }
            }
        }
        #expect(admitted > 50)
        #expect(limited > 20)
    }
}
