/// What can be said to a report.
public enum ReportParameter: String, Sendable, Hashable, CaseIterable {
    /// The name of a user.
    case user
    /// The name of an application.
    case application = "app"
    /// How long the stretches are.
    case interval = "by"

    /// The name of the option, on the command line and on the wire.
    public var option: String { rawValue }
}

/// A report: the question that it answers, and what the answer looks like.
public struct ReportDefinition: Sendable, Hashable {
    /// Where a report belongs.
    public enum Area: String, Sendable, Hashable, CaseIterable {
        /// The audit logs.
        case auditLogs = "Audit logs"
        /// The sign-ins.
        case signIns = "Sign-ins"
        /// What users sign in with.
        case methods = "Authentication methods"
    }

    /// The name, in lower-case letters and dashes.
    public let id: String
    /// Where it belongs.
    public let area: Area
    /// The title for people.
    public let title: String
    /// The question that it answers.
    public let question: String
    /// What it may be told.
    public let parameters: Set<ReportParameter>
    /// What it must be told.
    public let required: Set<ReportParameter>
    /// Whether it is about a period, and not about now.
    public let hasPeriod: Bool
    /// Numbers that stand at the top.
    public let figures: [ReportColumn]
    /// The charts.
    public let charts: [ReportChart]
    /// The tables. The first is the one that CSV has.
    public let tables: [ReportTable]

    init(
        _ id: String, _ area: Area, title: String, question: String,
        parameters: Set<ReportParameter> = [], required: Set<ReportParameter> = [],
        hasPeriod: Bool = true, figures: [ReportColumn] = [], charts: [ReportChart] = [],
        tables: [ReportTable]
    ) {
        self.id = id
        self.area = area
        self.title = title
        self.question = question
        self.parameters = parameters.union(required)
        self.required = required
        self.hasPeriod = hasPeriod
        self.figures = figures
        self.charts = charts
        self.tables = tables
    }

    /// All reports, in the order in which they are listed.
    public static let all: [ReportDefinition] = [
        .roleChanges, .groupChanges, .applicationUsers, .passwordResets, .signInPattern,
        .signInVolume, .signInFailures, .methodUsage, .methodRegistration,
    ]

    /// The report of this id.
    public init(id: String) throws(ReportError) {
        guard let definition = Self.all.first(where: { $0.id == id }) else {
            throw .noSuchReport(id: String(id.prefix(64)))
        }
        self = definition
    }

    /// The table of this key.
    public func table(_ key: String) -> ReportTable? { tables.first { $0.key == key } }

    /// Checks that what is said to the report is what it takes.
    public func check(given parameters: Set<ReportParameter>) throws(ReportError) {
        let order = ReportParameter.allCases
        if let missing = order.first(where: { required.contains($0) && !parameters.contains($0) }) {
            throw .missing(missing)
        }
        if let extra = order.first(where: {
            parameters.contains($0) && !self.parameters.contains($0)
        }) {
            throw .unexpected(extra)
        }
    }
}
