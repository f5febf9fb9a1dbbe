import Accounts
import ArgumentParser
import CredentialStore
import Foundation

/// Fills a log with sign-ins and says how long each report over it takes.
@main
struct ReportFigures: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report-figures",
        abstract: "Fill a log with sign-ins and say how long each report over it takes.")

    @Option(help: "How many sign-ins.")
    var rows: Int = 1_000_000

    @Option(help: "Of how many users.")
    var users: Int = 1000

    @Option(help: "Over how many days.")
    var days: Int = 30

    @Option(help: "How often each report is made.")
    var times: Int = 5

    @Option(help: "A folder for the database, which is deleted afterwards.")
    var folder: String = NSTemporaryDirectory()

    func validate() throws {
        guard (1...100_000_000).contains(rows), (1...1_000_000).contains(users),
            (1...3650).contains(days), times > 0
        else { throw ValidationError("Up to 100 000 000 rows, 1 000 000 users, 3650 days.") }
    }

    func run() throws {
        let place = folder + "/report-figures-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: place) }
        let path = place + "/store.sqlite"
        let month = GeneratedLog(rows: rows, users: users, days: days)
        try SQLiteStore(path: path).close()
        let generation = try ContinuousClock().measure { try month.write(to: path) }
        let store = try SQLiteStore(path: path)
        say(
            "\(rows) sign-ins of \(users) users over \(days) days, written in \(seconds(generation))"
        )
        try countAll(store)
        say("database: \(try size(of: place) / 1_000_000) MB")
        try Measurements(store: store, log: month, path: path, times: times).run()
        try store.close()
    }

    /// Counts most rows at once, as after an update, and the last in the portions in which a server does.
    private func countAll(_ store: SQLiteStore) throws {
        let last = min(rows, 200_000)
        for first in stride(from: 0, to: rows - last, by: 500_000) {
            _ = try store.rollUpSignIns(limit: min(500_000, rows - last - first))
        }
        var portions: [Duration] = []
        let clock = ContinuousClock()
        var count = 2000
        while count == 2000 {
            portions.append(try clock.measure { count = try store.rollUpSignIns(limit: 2000) })
        }
        let total = portions.reduce(.zero, +)
        let rate = Int(Double(last) / (total / .seconds(1)))
        portions.sort()
        say(
            "the last \(last) counted in portions of 2000: \(rate) a second; "
                + "a portion \(seconds(portions[portions.count / 2])), the longest \(seconds(portions.last ?? .zero))"
        )
    }

    private func size(of folder: String) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: folder).reduce(0) { sum, name in
            let attributes = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
            return sum + (attributes[.size] as? Int ?? 0)
        }
    }
}

/// Writes a line at once.
func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

func seconds(_ duration: Duration) -> String {
    let milliseconds = duration / .milliseconds(1)
    return milliseconds < 10_000
        ? String(Int((milliseconds * 10).rounded()) / 10) + "."
            + String(Int((milliseconds * 10).rounded()) % 10) + " ms"
        : String(Int(milliseconds / 1000)) + " s"
}
