/// Why there is no report.
public enum ReportError: Error, Hashable, Sendable {
    /// No report has this id.
    case noSuchReport(id: String)
    /// The text is no moment.
    case badMoment(text: String)
    /// The period ends before it begins.
    case emptyPeriod
    /// The report cannot be made without this.
    case missing(ReportParameter)
    /// The report takes no such thing.
    case unexpected(ReportParameter)
    /// The report has no such table.
    case noSuchTable(key: String)
    /// What the server sent is no report of this kind: the item of this number, from 0.
    case unreadableItem(number: Int)

    /// A stable name for logs and replies.
    public var code: String {
        switch self {
        case .noSuchReport: "no-such-report"
        case .badMoment: "bad-moment"
        case .emptyPeriod: "empty-period"
        case .missing: "missing-parameter"
        case .unexpected: "unexpected-parameter"
        case .noSuchTable: "no-such-table"
        case .unreadableItem: "unreadable-item"
        }
    }

    /// What happened and what to do.
    public var advice: String {
        switch self {
        case .noSuchReport(let id):
            "there is no report '\(VisibleText.escaped(id))': 'countersign report list' names them"
        case .badMoment(let text):
            "'\(VisibleText.escaped(text))' is no moment: write 30d, 12h, 2026-11-01 or 2026-11-01T09:30:00Z"
        case .emptyPeriod: "the period ends before it begins"
        case .missing(let parameter): "this report needs --\(parameter.option)"
        case .unexpected(let parameter): "this report takes no --\(parameter.option)"
        case .noSuchTable(let key): "the report has no table '\(VisibleText.escaped(key))'"
        case .unreadableItem(let number):
            "item \(number) of the report cannot be read: server and command may be of different versions"
        }
    }
}
