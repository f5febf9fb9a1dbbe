/// A line of a file. Lines count from 1.
public struct FilePosition: Sendable, Hashable, CustomStringConvertible {
    /// The file's name, as the caller gave it.
    public let file: String
    /// The line.
    public let line: Int

    /// The place `line` in `file`.
    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// `file:line`, as compilers write it.
    public var description: String { "\(file):\(line)" }
}
