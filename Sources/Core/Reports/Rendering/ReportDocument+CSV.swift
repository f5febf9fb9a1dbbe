extension ReportDocument {
    /// One of the tables as CSV (RFC 4180): a line of titles, lines that end in CR LF, quotes where they are needed.
    ///
    /// What could do harm in a terminal is written as `\u{…}`; a cell that a spreadsheet would take for a formula has an
    /// apostrophe in front. Moments are texts of RFC 3339.
    ///
    /// - Parameter key: the table; the report's first that there is where it is `nil`.
    /// - Throws: `.noSuchTable`.
    public func csv(table key: String? = nil) throws(ReportError) -> String {
        let table =
            if let key { definition.table(key) } else {
                definition.tables.first { rows[$0.key] != nil } ?? definition.tables.first
            }
        guard let table else { throw .noSuchTable(key: String((key ?? "").prefix(64))) }
        let lines =
            [table.columns.map { CSV.cell($0.key) }]
            + (rows[table.key] ?? []).map { row in
                table.columns.map { column in CSV.cell(column.csv(row[column.key])) }
            }
        return lines.map { $0.joined(separator: ",") + "\r\n" }.joined()
    }
}

extension ReportColumn {
    fileprivate func csv(_ value: String?) -> String {
        guard let value else { return "" }
        switch kind {
        case .text: return value
        case .count, .share: return value
        case .time: return Int64(value).map(ReportMoment.text) ?? ""
        }
    }
}

/// Cells of CSV.
public enum CSV {
    /// A cell that is nothing but text to spreadsheets and terminals.
    public static func cell(_ text: String) -> String {
        // Spreadsheets look past blanks, and past what they do not show.
        let first = text.unicodeScalars.first { !$0.properties.isWhitespace }
        let begins = text.unicodeScalars.first
        let isFormula =
            first.map { formula.contains($0) } ?? false || begins == "\t" || begins == "\r"
        let safe = (isFormula ? "'" : "") + VisibleText.escaped(text)
        let needsQuotes = safe.unicodeScalars.contains { [",", "\"", ";", "'"].contains($0) }
        return needsQuotes ? "\"" + safe.replacing("\"", with: "\"\"") + "\"" : safe
    }

    /// With what a formula can begin, the full-width forms among them.
    private static let formula: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "|", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}", "\u{2212}",
    ]
}
