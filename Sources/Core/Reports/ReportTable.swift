/// What a column holds.
public enum ReportColumnKind: String, Sendable, Hashable {
    /// Any text.
    case text
    /// A number of things.
    case count
    /// A moment: milliseconds since 1970.
    case time
    /// A part of the whole, in percent with one decimal.
    case share
}

/// A column of a table, or a figure.
public struct ReportColumn: Sendable, Hashable {
    /// The key in rows and on the wire: lower-case letters, digits, `-`.
    public let key: String
    /// The title for people.
    public let title: String
    /// What it holds.
    public let kind: ReportColumnKind
    /// What stands in the place of an empty text.
    public let unknown: String
    /// Whether it is a detail: in JSON and CSV alone, where there is room.
    public let isDetail: Bool

    /// A column.
    public init(
        _ key: String, _ title: String, _ kind: ReportColumnKind = .text, unknown: String = "–",
        isDetail: Bool = false
    ) {
        self.key = key
        self.title = title
        self.kind = kind
        self.unknown = unknown
        self.isDetail = isDetail
    }
}

/// A row, or figures: values by the keys of the columns. A count is in decimal digits, a moment in milliseconds since
/// 1970; what is not known is missing.
public typealias ReportRow = [String: String]

/// What a table of a report looks like.
public struct ReportTable: Sendable, Hashable {
    /// The key within the report.
    public let key: String
    /// The title for people.
    public let title: String
    /// The columns in order.
    public let columns: [ReportColumn]
    /// The columns that people see.
    public var shownColumns: [ReportColumn] { columns.filter { !$0.isDetail } }
    /// Whether the table is only drawn: as such it has too many rows to read.
    public let isDrawnOnly: Bool

    /// A table.
    public init(
        _ key: String, _ title: String, _ columns: [ReportColumn], isDrawnOnly: Bool = false
    ) {
        self.key = key
        self.title = title
        self.columns = columns
        self.isDrawnOnly = isDrawnOnly
    }
}

/// A chart over one of the tables.
public enum ReportChart: Sendable, Hashable {
    /// A part of each column of a stacked chart.
    public struct Series: Sendable, Hashable {
        /// The column of counts.
        public let column: String
        /// The title for the legend.
        public let title: String
        /// What it should look like.
        public let tone: Tone

        /// A series.
        public init(_ column: String, _ title: String, _ tone: Tone) {
            self.column = column
            self.title = title
            self.tone = tone
        }
    }

    /// What a series means, and so what colour it gets.
    public enum Tone: Sendable, Hashable {
        /// What went well.
        case good
        /// What went wrong.
        case bad
        /// What is open.
        case open
        /// One of several that are alike, by number.
        case plain(Int)
    }

    /// A bar for each row, as long as its count.
    case bars(title: String, table: String, label: String, value: String, tone: Tone)
    /// A column for each row, in the order of time, made of counts.
    case stacked(title: String, table: String, axis: String, series: [Series])
    /// Weekdays by hours: rows with `weekday` 1 to 7, `hour` 0 to 23 and a count.
    case week(title: String, table: String, value: String)
}
