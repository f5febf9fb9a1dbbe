/// How far a load test is.
public struct LoadProgress: Sendable, Hashable {
    /// What it is doing.
    public enum Phase: String, Sendable, CaseIterable {
        /// Adds users and enrols their credentials.
        case enrolling = "enrolling"
        /// Measures how fast one core is with OpenSSL alone.
        case calibrating = "calibrating"
        /// Makes the requests of a round.
        case preparing = "preparing"
        /// Has them verified, timed.
        case measuring = "measuring"
        /// Deletes what it added.
        case cleaning = "cleaning up"
    }

    /// What it is doing.
    public let phase: Phase
    /// How much of the phase is done, from 0 to 1; of all rounds for ``Phase/preparing`` and ``Phase/measuring``.
    public let fraction: Double
    /// The figures of the phase, for people: `1 024 of 4 096`.
    public let text: String

    /// Progress from its parts.
    public init(phase: Phase, fraction: Double, text: String) {
        self.phase = phase
        self.fraction = fraction
        self.text = text
    }
}

/// Draws progress as one line of text. Pure: whether standard error is a terminal, how wide it is, and how a line is
/// drawn over is the caller's.
public struct ProgressBar: Sendable {
    /// The columns of the terminal.
    public let columns: Int

    /// A bar for a terminal of this width.
    public init(columns: Int = 80) { self.columns = columns }

    /// One line, without its end, `columns` wide at most and never shorter than the last one was: padded with spaces,
    /// so that what it is drawn over disappears.
    public func line(fraction: Double, text: String) -> String {
        let width = min(32, max(0, columns - 10))
        let share = fraction.isFinite ? min(1, max(0, fraction)) : 0
        let filled = Int((share * Double(width)).rounded(.down))
        let bar =
            String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        let percent = Figures.padded(String(Int((share * 100).rounded(.down))), to: 3)
        let line = "[\(bar)] \(percent)% \(text)"
        let shown = line.prefix(max(0, columns - 1))
        return shown + String(repeating: " ", count: max(0, columns - 1) - shown.count)
    }

    /// One line for a phase.
    public func line(_ progress: LoadProgress) -> String {
        line(fraction: progress.fraction, text: "\(progress.phase.rawValue): \(progress.text)")
    }
}
