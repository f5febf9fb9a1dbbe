/// What became of one line or key package of a batch: a batch is imported line by line, and a bad line stops no other.
public struct ImportedLine<Content: Sendable>: Sendable {
    /// The line's number in the file, or the package's in the container, from 1.
    public let number: Int
    /// The token's serial number, where one could be read.
    public let serial: String?
    /// The token, or why the line gave none.
    public let outcome: Result<Content, MalformedOATH>

    /// A line with its outcome.
    public init(number: Int, serial: String?, outcome: Result<Content, MalformedOATH>) {
        self.number = number
        self.serial = serial
        self.outcome = outcome
    }
}

/// How much a batch may hold.
public enum BatchLimits {
    /// The longest file: 8 MiB.
    public static let bytes = 8 << 20
    /// The most tokens in a file.
    public static let tokens = 100_000
    /// The longest line of a file of lines.
    public static let lineBytes = 4_096
}

/// Finds serial numbers that stood in an earlier line.
struct SerialNumbers {
    private var lines: [String: Int] = [:]

    /// The outcome with which `line` counts: that of an earlier one where they have a serial number in common.
    mutating func admit<Content>(
        _ outcome: Result<Content, MalformedOATH>, serial: String?, line: Int
    ) -> Result<Content, MalformedOATH> {
        guard case .success = outcome, let serial else { return outcome }
        if let earlier = lines[serial] { return .failure(.repeatedSerial(line: earlier)) }
        lines[serial] = line
        return outcome
    }
}
