/// Counts by weekday and hour.
struct WeekGrid {
    /// Seven rows, Monday first, of 24 hours.
    let counts: [[Int]]
    /// The greatest of them.
    let most: Int

    static let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

    init(_ rows: [ReportRow], value: String = "sign-ins") {
        var counts = [[Int]](repeating: [Int](repeating: 0, count: 24), count: 7)
        for row in rows {
            guard
                let weekday = row["weekday"].flatMap(Int.init), (1...7).contains(weekday),
                let hour = row["hour"].flatMap(Int.init), (0...23).contains(hour),
                let count = row[value].flatMap(Int.init), count > 0
            else { continue }
            counts[weekday - 1][hour] = count
        }
        self.counts = counts
        most = counts.joined().max() ?? 0
    }

    /// How full a cell is: 0 for nothing, else 1 to `steps`.
    func level(_ weekday: Int, _ hour: Int, of steps: Int) -> Int {
        let count = counts[weekday][hour]
        guard count > 0, most > 0 else { return 0 }
        return min(steps, 1 + Int(Double(count) * Double(steps) / Double(most) - 0.000_001))
    }

    /// Two columns an hour, the fuller the darker.
    var text: String {
        let shades = ["· ", "░░", "▒▒", "▓▓", "██"]
        let hours = stride(from: 0, to: 24, by: 3).map {
            DisplayWidth.pad(padded($0, 2), to: 6, rightAligned: false)
        }.joined()
        let scale = "       " + hours.prefix(44)
        let lines = Self.weekdays.indices.map { weekday in
            "  \(Self.weekdays[weekday])  "
                + (0..<24).map { shades[level(weekday, $0, of: 4)] }.joined()
        }
        return ([scale] + lines).joined(separator: "\n")
    }
}
