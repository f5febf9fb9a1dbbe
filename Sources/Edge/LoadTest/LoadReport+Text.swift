public import Encoding

extension LoadReport {
    /// The report as lines for people, the last one with its end.
    public var table: String {
        var lines = ["Load test of \(setting.endpoint) (\(setting.server)): \(manner)", ""]
        func row(_ name: String, _ figure: String, _ rest: String = "") {
            let padding = String(repeating: " ", count: max(1, 22 - name.count))
            let line = "  \(name)\(padding)\(Figures.padded(figure, to: 10))"
            lines.append(rest.isEmpty ? line : "\(line)   \(rest)")
        }
        row(
            "enrolled", Figures.grouped(enrolment.credentials),
            "credentials, \(Figures.grouped(enrolment.rate)) a second")
        row(
            "requests", Figures.grouped(requests),
            "in \(Figures.fixed(seconds, decimals: 2)) s, "
                + "\(Figures.grouped(rounds)) round\(rounds == 1 ? "" : "s")")
        row("accepted", Figures.grouped(accepted))
        row("throughput", Figures.grouped(throughput), "accepted a second")
        for (name, time) in percentiles { row("latency \(name)", Figures.time(nanoseconds: time)) }
        if refusals.isEmpty { row("refused", "0") }
        for refusal in refusals {
            row(
                "refused", Figures.grouped(refusal.count),
                refusal.reason + (refusal.isJudgement ? ": FAILED, the answers were right" : ""))
        }
        row(
            "server CPU", "\(Figures.grouped(server.processorMilliseconds)) ms",
            "\(Figures.fixed(server.microsecondsPerVerification, decimals: 1)) µs a verification")
        row(
            "verified in", Figures.grouped(server.batches),
            "batches, \(Figures.fixed(server.meanBatch, decimals: 1)) in each")
        row(
            "written in", Figures.grouped(server.commits),
            "transactions, \(Figures.fixed(server.meanCommit, decimals: 1)) in each")
        row("rows on disk", Figures.grouped(server.rowsAccepted), rowsVerdict)
        row(baseline.name, Figures.grouped(baseline.rate), "\(baseline.unit) a second on one core")
        row("ratio to OpenSSL", Figures.fixed(ratio, decimals: ratio < 0.1 ? 3 : 2))
        if usersLeft > 0 {
            row("left behind", Figures.grouped(usersLeft), "users could not be deleted")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The report for programs. What a time is in stands at the end of its name.
    public var json: JSON {
        let setting: JSON = [
            "endpoint": .string(setting.endpoint), "server": .string(setting.server),
            "method": .string(setting.method.rawValue),
            "connections": .integer(setting.connections), "pipeline": .integer(setting.depth),
            "rate": setting.rate.map { Self.number($0, decimals: 3) } ?? .null,
        ]
        return [
            "setting": setting,
            "enrolment": [
                "credentials": .integer(enrolment.credentials),
                "seconds": Self.number(enrolment.seconds, decimals: 6),
                "credentials_per_second": Self.number(enrolment.rate, decimals: 1),
            ],
            "requests": .integer(requests),
            "rounds": .integer(rounds),
            "seconds": Self.number(seconds, decimals: 6),
            "accepted": .integer(accepted),
            "accepted_per_second": Self.number(throughput, decimals: 1),
            "latency_us": .object(
                Dictionary(
                    uniqueKeysWithValues: percentiles.map { name, time in
                        (
                            name.replacing(".", with: ""),
                            Self.number(Double(time) / 1000, decimals: 3)
                        )
                    })),
            "refused": .array(
                refusals.map { ["reason": .string($0.reason), "count": .integer($0.count)] }),
            "server_work": [
                "cpu_ms": .integer(server.processorMilliseconds),
                "cpu_us_per_verification": Self.number(
                    server.microsecondsPerVerification, decimals: 2),
                "verified": .integer(server.verified),
                "batches": .integer(server.batches),
                "committed": .integer(server.committed),
                "commits": .integer(server.commits),
                "rows_accepted": .integer(server.rowsAccepted),
            ],
            "openssl_operation": .string(baseline.unit),
            "openssl_per_second": Self.number(baseline.rate, decimals: 1),
            "ratio_to_openssl": Self.number(ratio, decimals: 3),
            "users_left": .integer(usersLeft),
            "sound": .bool(isSound),
        ]
    }

    private var manner: String {
        let connections =
            "\(setting.method.rawValue), \(setting.connections) connection\(setting.connections == 1 ? "" : "s"), "
            + "\(setting.depth) outstanding each"
        guard let rate = setting.rate else { return connections + ", closed loop" }
        let decimals = rate < 10 ? 2 : 0
        let shown =
            decimals == 0 ? Figures.grouped(rate) : Figures.fixed(rate, decimals: decimals)
        return connections + ", open loop at \(shown) a second"
    }

    private var percentiles: [(name: String, time: UInt64)] {
        [
            ("p50", latency.p50), ("p90", latency.p90), ("p99", latency.p99),
            ("p99.9", latency.p999), ("max", latency.max),
        ]
    }

    private var rowsVerdict: String {
        if accepted == 0, server.rowsAccepted == 0 { return "FAILED: nothing was accepted" }
        if server.rowsAccepted == accepted { return "equal to the yeses counted" }
        return "FAILED: \(Figures.grouped(accepted)) yeses were counted"
    }

    private static func number(_ value: Double, decimals: Int) -> JSON {
        let text = Figures.fixed(value, decimals: decimals)
        return text == "-" ? .null : .number(text)
    }
}
