/// A report that was made: figures, tables, and what they are about.
public struct ReportDocument: Sendable, Hashable {
    /// What report it is.
    public let definition: ReportDefinition
    /// The days that it is about.
    public var period: ReportPeriod
    /// When it was made, in milliseconds since 1970.
    public var madeAt: Int64
    /// What it was told.
    public var parameters: [ReportParameter: String]
    /// The figures, by the keys of the definition.
    public var figures: ReportRow
    /// The rows, by the keys of the tables.
    public var rows: [String: [ReportRow]]
    /// How many rows were left out, by the keys of the tables.
    public var omitted: [String: Int]
    /// What else is worth knowing.
    public var notes: [String]

    /// A document without rows.
    public init(
        _ definition: ReportDefinition, period: ReportPeriod, madeAt: Int64,
        parameters: [ReportParameter: String] = [:]
    ) {
        self.definition = definition
        self.period = period
        self.madeAt = madeAt
        self.parameters = parameters
        figures = [:]
        rows = [:]
        omitted = [:]
        notes = []
    }

    /// What it is about, in words: the period, the user, the application.
    var subject: [(title: String, value: String)] {
        var subject: [(String, String)] = []
        if definition.hasPeriod { subject.append(("Period (UTC)", period.text)) }
        for (parameter, title) in [(ReportParameter.user, "User"), (.application, "Application")] {
            if let value = parameters[parameter] { subject.append((title, value)) }
        }
        return subject
    }

    /// A part of a whole in percent, with one decimal, rounded half up; `0.0` of nothing.
    public static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0, part >= 0, part <= whole else { return "0.0" }
        let tenths = (part * 2000 / whole + 1) / 2
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension ReportDocument {
    /// The document as items of `key=value`, in which it travels: what it is about, the figures, the rows, the notes.
    public var items: [[(key: String, value: String)]] {
        var head = [
            ("report", definition.id), ("first", String(period.first.number)),
            ("last", String(period.last.number)), ("made", String(madeAt)),
        ]
        for parameter in ReportParameter.allCases {
            if let value = parameters[parameter] { head.append((parameter.option, value)) }
        }
        var items = [head]
        func append(_ table: String, _ row: ReportRow, _ columns: [ReportColumn]) {
            let values = columns.compactMap { column in row[column.key].map { (column.key, $0) } }
            if !values.isEmpty { items.append([("table", table)] + values) }
        }
        append("figures", figures, definition.figures)
        for table in definition.tables {
            for row in rows[table.key] ?? [] { append(table.key, row, table.columns) }
            if let count = omitted[table.key], count > 0 {
                items.append([("table", "omitted"), ("of", table.key), ("count", String(count))])
            }
        }
        items += notes.map { [("table", "notes"), ("note", $0)] }
        return items.map { item in
            item.map { (key: $0.0, value: VisibleText.portable($0.1)) }
        }
    }

    /// Takes a document out of its items.
    public init(items: [[(key: String, value: String)]]) throws(ReportError) {
        guard let head = Self.members(items.first ?? []) else { throw .unreadableItem(number: 0) }
        let definition = try ReportDefinition(id: head["report"] ?? "")
        guard
            let first = head["first"].flatMap(Int64.init),
            let last = head["last"].flatMap(Int64.init),
            let made = head["made"].flatMap(Int64.init)
        else { throw .unreadableItem(number: 0) }
        self.init(
            definition,
            period: ReportPeriod(
                first: CalendarDay(number: first), last: CalendarDay(number: last)),
            madeAt: made,
            parameters: ReportParameter.allCases.reduce(into: [:]) { parameters, parameter in
                parameters[parameter] = head[parameter.option]
            })
        for (number, item) in items.enumerated().dropFirst() {
            guard let members = Self.members(item), take(members) else {
                throw .unreadableItem(number: number)
            }
        }
    }

    /// The members of an item; `nil` where two have one key.
    private static func members(_ item: [(key: String, value: String)]) -> ReportRow? {
        var row: ReportRow = [:]
        for (key, value) in item where row.updateValue(value, forKey: key) != nil { return nil }
        return row
    }

    private mutating func take(_ members: ReportRow) -> Bool {
        var row = members
        guard let key = row.removeValue(forKey: "table") else { return false }
        switch key {
        case "figures":
            guard Self.fits(row, definition.figures) else { return false }
            figures = row
        case "notes":
            guard let note = row["note"] else { return false }
            notes.append(note)
        case "omitted":
            guard
                let of = row["of"], definition.table(of) != nil,
                let count = row["count"].flatMap(Int.init), count > 0
            else { return false }
            omitted[of] = count
        default:
            guard let table = definition.table(key), Self.fits(row, table.columns) else {
                return false
            }
            rows[key, default: []].append(row)
        }
        return true
    }

    /// Whether all values are of the columns, and are what these hold.
    private static func fits(_ row: ReportRow, _ columns: [ReportColumn]) -> Bool {
        row.allSatisfy { key, value in
            switch columns.first(where: { $0.key == key })?.kind {
            case .none: false
            case .text: true
            case .count, .time: Int64(value).map { $0 >= 0 } ?? false
            case .share: ReportColumn.isShare(value)
            }
        }
    }
}

extension ReportColumn {
    /// Whether a text is a share: digits, a point, a digit; no more than 100.0.
    static func isShare(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 1, (1...3).contains(parts[0].utf8.count)
        else {
            return false
        }
        let tenths = parts.joined()
        guard tenths.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = Int(tenths) else {
            return false
        }
        return value <= 1000
    }
}
