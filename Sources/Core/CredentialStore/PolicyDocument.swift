/// A file of policies, as it was put in force.
public struct PolicyDocument: Sendable, Hashable {
    /// Its name, which messages about it begin with.
    public var file: String
    /// What is in it.
    public var yaml: String

    /// A document from its parts.
    public init(file: String, yaml: String) {
        self.file = file
        self.yaml = yaml
    }
}

/// How far a reading of the sign-in log from the oldest row on has come.
public struct SignInPlace: Sendable, Hashable, Comparable {
    /// The moment of the row that was read last.
    public let at: Timestamp
    /// Its number.
    public let number: Int64

    /// Behind a row.
    public init(after row: SignInRow) {
        self.init(at: row.at, number: row.number)
    }

    /// Behind the row of this moment and number.
    public init(at: Timestamp, number: Int64) {
        self.at = at
        self.number = number
    }

    /// The order of the log: by time, then by number.
    public static func < (left: SignInPlace, right: SignInPlace) -> Bool {
        (left.at, left.number) < (right.at, right.number)
    }
}
