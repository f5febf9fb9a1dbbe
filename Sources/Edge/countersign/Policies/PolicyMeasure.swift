import ArgumentParser
import ConditionalAccess
import Encoding

extension PolicyCommand {
    struct Measure: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure what policies cost a sign-in on this machine. No server is needed.")

        @Option(help: "How many policies, from 1 to 5000.")
        var policies: Int = 1000

        @Option(help: "How many sign-ins.")
        var requests: Int = 20_000

        @Option(help: "What the policies and the sign-ins are drawn with.")
        var seed: UInt64 = 1

        @Flag(help: "Print JSON.")
        var json = false

        func validate() throws {
            guard (1...PolicySet.maximumPolicies).contains(policies) else {
                throw ValidationError("--policies is from 1 to \(PolicySet.maximumPolicies).")
            }
            guard (1...1_000_000).contains(requests) else {
                throw ValidationError("--requests is from 1 to 1000000.")
            }
        }

        func run() async throws {
            try await reporting {
                let measurement: PolicyMeasurement
                do throws(PolicyRefusal) {
                    measurement = try PolicyMeasurement(
                        policies: policies, requests: requests, seed: seed)
                } catch {
                    throw CommandFailure(.internalError, "\(error)")
                }
                let clock = ContinuousClock()
                var times: [Int64] = []
                var (granted, applied) = (0, 0)
                for request in measurement.requests {
                    let start = clock.now
                    let decision = measurement.set.evaluate(request)
                    let (_, attoseconds) = (clock.now - start).components
                    times.append(attoseconds / 1_000_000_000)
                    if decision.outcome == .granted { granted += 1 }
                    applied += decision.applied.count
                }
                times.sort()
                say(times, granted: granted, applied: applied)
            }
        }

        private func say(_ times: [Int64], granted: Int, applied: Int) {
            let count = max(1, times.count)
            func microseconds(_ share: Double) -> Double {
                let place = min(times.count - 1, Int(Double(times.count) * share))
                return times.indices.contains(place) ? Double(times[place]) / 1000 : 0
            }
            let mean = Double(times.reduce(0, +)) / Double(count) / 1000
            let figures = [
                ("mean", mean), ("p50", microseconds(0.5)), ("p99", microseconds(0.99)),
                ("p99.9", microseconds(0.999)), ("most", microseconds(1)),
            ].map { ($0.0, Self.text($0.1)) }
            guard !json else {
                var members: [String: JSON] = [
                    "policies": .integer(policies), "requests": .integer(times.count),
                    "granted": .integer(granted), "applied": .integer(applied),
                ]
                for (name, value) in figures { members["\(name)-us"] = .number(value) }
                return Terminal.say(JSON.object(members).encoded())
            }
            Terminal.say(
                "\(policies) policies, \(times.count) sign-ins: \(applied / count) policies applied to one on average, \(granted) were let in."
            )
            Terminal.say(Terminal.table(figures.map { ($0.0, "\($0.1) µs") }))
        }

        private static func text(_ microseconds: Double) -> String {
            let tenths = Int((microseconds * 10).rounded())
            return "\(tenths / 10).\(tenths % 10)"
        }
    }
}
