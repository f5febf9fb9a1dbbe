import Encoding
import LoadTest
import Testing

@Suite struct ReportTests {
    private func report() -> LoadReport {
        var report = LoadReport()
        report.setting.endpoint = "/run/countersign.sock"
        report.setting.server = "countersign/1.0"
        report.setting.connections = 8
        report.setting.depth = 16
        report.enrolment.credentials = 1024
        report.enrolment.seconds = 0.8
        report.requests = 40_000
        report.seconds = 1.6
        report.rounds = 2
        report.accepted = 39_990
        report.latency.p50 = 4_812_799
        report.latency.p90 = 9_400_000
        report.latency.p99 = 12_000_000
        report.latency.p999 = 999_600
        report.latency.max = 1_250_000_000
        report.refusals = [.init(reason: "BUSY", count: 10, isJudgement: false)]
        report.server.processorMilliseconds = 2000
        report.server.verified = 40_000
        report.server.batches = 1600
        report.server.committed = 40_000
        report.server.commits = 800
        report.server.rowsAccepted = 39_990
        report.baseline.name = "OpenSSL P-256"
        report.baseline.unit = "verifications"
        report.baseline.rate = 20_000
        return report
    }

    @Test func `the table is this`() {
        #expect(
            report().table == """
                Load test of /run/countersign.sock (countersign/1.0): webauthn, 8 connections, 16 outstanding each, closed loop

                  enrolled                   1 024   credentials, 1 280 a second
                  requests                  40 000   in 1.60 s, 2 rounds
                  accepted                  39 990
                  throughput                24 994   accepted a second
                  latency p50              4.81 ms
                  latency p90              9.40 ms
                  latency p99              12.0 ms
                  latency p99.9            1.00 ms
                  latency max               1.25 s
                  refused                       10   BUSY
                  server CPU              2 000 ms   50.0 µs a verification
                  verified in                1 600   batches, 25.0 in each
                  written in                   800   transactions, 50.0 in each
                  rows on disk              39 990   equal to the yeses counted
                  OpenSSL P-256             20 000   verifications a second on one core
                  ratio to OpenSSL            1.25

                """)
    }

    @Test func `the table tells an open loop, no refusals, a failure, and users left behind`() {
        var report = report()
        report.setting.connections = 1
        report.setting.rate = 2500
        report.rounds = 1
        report.refusals = []
        report.server.rowsAccepted = 39_991
        report.usersLeft = 3
        let lines = report.table.split(separator: "\n")
        #expect(
            lines[0].hasSuffix(
                ": webauthn, 1 connection, 16 outstanding each, open loop at 2 500 a second"))
        #expect(lines.contains("  requests                  40 000   in 1.60 s, 1 round"))
        #expect(lines.contains("  refused                        0"))
        #expect(
            lines.contains("  rows on disk              39 991   FAILED: 39 990 yeses were counted")
        )
        #expect(lines.last == "  left behind                    3   users could not be deleted")
    }

    @Test func `the JSON is this`() throws {
        let text = """
            {"accepted":39990,"accepted_per_second":24993.8,\
            "enrolment":{"credentials":1024,"credentials_per_second":1280.0,"seconds":0.800000},\
            "latency_us":{"max":1250000.000,"p50":4812.799,"p90":9400.000,"p99":12000.000,"p999":999.600},\
            "openssl_operation":"verifications","openssl_per_second":20000.0,"ratio_to_openssl":1.250,\
            "refused":[{"count":10,"reason":"BUSY"}],\
            "requests":40000,"rounds":2,"seconds":1.600000,\
            "server_work":{"batches":1600,"commits":800,"committed":40000,"cpu_ms":2000,\
            "cpu_us_per_verification":50.00,"rows_accepted":39990,"verified":40000},\
            "setting":{"connections":8,"endpoint":"/run/countersign.sock","method":"webauthn","pipeline":16,"rate":null,\
            "server":"countersign/1.0"},"sound":true,"users_left":0}
            """
        #expect(report().json.encoded() == text)
        #expect(try JSON.decode(Array(text.utf8)) == report().json)
    }

    @Test func `a run is sound when the rows are the yeses and there are some`() {
        var report = report()
        #expect(report.isSound)
        report.server.rowsAccepted += 1
        #expect(!report.isSound)
        report.server.rowsAccepted = 0
        report.accepted = 0
        #expect(!report.isSound)
        #expect(report.table.contains("FAILED: nothing was accepted"))
    }

    @Test func `a run is not sound where a right answer was judged wrong`() {
        var report = report()
        report.refusals.append(.init(reason: "NO wrong-code", count: 1, isJudgement: true))
        #expect(!report.isSound)
        #expect(report.json["sound"] == .bool(false))
        let lines = report.table.split(separator: "\n")
        #expect(
            lines.contains(
                "  refused                        1   NO wrong-code: FAILED, the answers were right"
            ))
        #expect(
            lines.contains("  rows on disk              39 990   equal to the yeses counted"))
    }

    @Test func `another method is named, and so is what it is compared with`() {
        var report = report()
        report.setting.method = .apppass
        report.baseline.name = "OpenSSL HMAC-SHA256"
        report.baseline.unit = "digests of an app password"
        report.baseline.rate = 1_234_567
        let lines = report.table.split(separator: "\n")
        #expect(lines[0].contains(": apppass, 8 connections,"))
        #expect(
            lines.contains(
                "  OpenSSL HMAC-SHA256    1 234 567   digests of an app password a second on one core"
            ))
        #expect(lines.contains("  ratio to OpenSSL           0.020"))
        #expect(report.json["setting"]?["method"] == "apppass")
        #expect(report.json["openssl_operation"] == "digests of an app password")
    }

    @Test func `a report of nothing divides by nothing`() {
        let report = LoadReport()
        #expect(report.throughput == 0)
        #expect(report.ratio == 0)
        #expect(report.table.contains("latency p50                 0 ns"))
        #expect(report.json["accepted_per_second"] == .number("0.0"))
    }
}

@Suite struct FiguresTests {
    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1 000"), (1_234_567, "1 234 567"), (-1234, "-1 234"),
        (.max, "9 223 372 036 854 775 807"), (.min, "-9 223 372 036 854 775 808"),
    ])
    func `integers are grouped in threes`(number: Int, text: String) {
        #expect(Figures.grouped(number) == text)
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (0.005, 2, "0.01"), (1.0 / 3, 3, "0.333"), (12.05, 0, "12"),
        (-0.001, 2, "0.00"), (-1.5, 1, "-1.5"), (999.999, 2, "1000.00"), (.nan, 1, "-"),
        (.infinity, 1, "-"), (1e300, 1, "-"),
    ])
    func `decimals are rounded`(number: Double, decimals: Int, text: String) {
        #expect(Figures.fixed(number, decimals: decimals) == text)
    }

    @Test(arguments: [
        (0, "0 ns"), (999, "999 ns"), (1000, "1.00 µs"), (9994, "9.99 µs"), (9996, "10.0 µs"),
        (99_960, "100 µs"), (999_499, "999 µs"), (999_500, "1.00 ms"), (42_000_000, "42.0 ms"),
        (999_500_000, "1.00 s"), (60_000_000_000, "60.0 s"),
    ])
    func `times have three digits`(nanoseconds: UInt64, text: String) {
        #expect(Figures.time(nanoseconds: nanoseconds) == text)
    }
}

@Suite struct LatenciesTests {
    @Test func `percentiles are exact to three digits and merge`() {
        var first = Latencies()
        var second = Latencies()
        for value in 1...500 { first.record(UInt64(value) * 1000) }
        for value in 501...1000 { second.record(UInt64(value) * 1000) }
        first.merge(second)
        let summary = first.summary
        #expect(first.count == 1000)
        for (found, wanted) in [
            (summary.p50, 500_000), (summary.p90, 900_000), (summary.p99, 990_000),
            (summary.p999, 999_000),
        ] as [(UInt64, UInt64)] {
            #expect(found >= wanted)
            #expect(found - wanted <= wanted / 1000)
        }
        #expect(summary.max == 1_000_000)
    }

    @Test func `no percentile is over the longest, and what took over a minute counts as one`() {
        var latencies = Latencies()
        latencies.record(123_456_789)
        #expect(latencies.summary.p50 == 123_456_789)
        latencies.record(.max)
        #expect(latencies.summary.max == 60_000_000_000)
    }

    @Test func `none at all are nothing`() {
        #expect(Latencies().summary == LoadReport.Latency())
    }
}

@Suite struct ProgressBarTests {
    @Test func `a line has a bar, a percentage and a text`() {
        let bar = ProgressBar(columns: 61)
        #expect(
            bar.line(fraction: 0.5, text: "1 024 of 2 048")
                == "[################................]  50% 1 024 of 2 048      ")
        #expect(
            bar.line(LoadProgress(phase: .cleaning, fraction: 1, text: "8 of 8"))
                == "[################################] 100% cleaning up: 8 of 8 ")
    }

    @Test(arguments: [0, 1, 9, 10, 20, 40, 80, 200])
    func `a line fits its terminal, whatever it is given`(columns: Int) {
        let bar = ProgressBar(columns: columns)
        for fraction in [-1, 0, 0.999, 1, 7, .nan, .infinity] as [Double] {
            let line = bar.line(fraction: fraction, text: String(repeating: "x", count: 300))
            #expect(line.count == max(0, columns - 1))
        }
        #expect(!bar.line(fraction: 0.999, text: "").contains("100%"))
    }
}
