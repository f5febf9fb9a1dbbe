public import Encoding

extension LoadReport {
    /// The report as lines for people, the last one with its end.
    public var table: String { "" }

    /// The report for programs. Times are in the unit that their name ends with.
    public var json: JSON { [:] }
}
