extension ReportDocument {
    /// The document for a terminal: tables in columns. Nothing in it is a command to the terminal, and no cell goes over
    /// a line.
    ///
    /// - Parameter width: how many columns the terminal has, 20 or more; cells are as long as they are where it is `nil`.
    public func text(width: Int? = nil) -> String {
        var parts = [head]
        if !figures.isEmpty {
            let shown = definition.figures.filter { figures[$0.key] != nil }
            parts.append(
                TextTable(columns: shown, rows: [figures]).lines(width: width).joined(
                    separator: "\n"))
        }
        for table in definition.tables {
            guard let rows = rows[table.key] else { continue }
            if table.isDrawnOnly {
                parts.append("\(table.title) (UTC)\n" + WeekGrid(rows).text)
            } else {
                parts.append(text(table, rows, width: width))
            }
        }
        parts += notes.map { "Note: " + VisibleText.escaped($0) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var head: String {
        let subject = subject.map { "\($0.title): \(VisibleText.escaped($0.value))" }
        return ([definition.title, definition.question] + subject).joined(separator: "\n")
    }

    private func text(_ table: ReportTable, _ rows: [ReportRow], width: Int?) -> String {
        var lines = [table.title]
        if rows.isEmpty {
            lines.append("  (none)")
        } else {
            lines += TextTable(columns: table.shownColumns, rows: rows).lines(width: width)
        }
        if let count = omitted[table.key], count > 0 { lines.append("  and \(count) more") }
        return lines.joined(separator: "\n")
    }
}

/// Rows in columns, for a terminal.
struct TextTable {
    let columns: [ReportColumn]
    let rows: [ReportRow]

    private static let indent = 2
    private static let gap = 2
    /// The least that a column of texts is cut to.
    private static let least = 8

    func lines(width: Int?) -> [String] {
        let cells = rows.map { row in columns.map { $0.text(row[$0.key]) } }
        let widths = fitted(
            columns.indices.map { index in
                cells.reduce(DisplayWidth.of(columns[index].title)) {
                    max($0, DisplayWidth.of($1[index]))
                }
            }, to: width)
        let titles = line(columns.map(\.title), widths)
        return [titles] + cells.map { line($0, widths) }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { index in
            DisplayWidth.pad(
                DisplayWidth.cut(cells[index], to: widths[index]), to: widths[index],
                rightAligned: columns[index].isNumber)
        }
        let text =
            String(repeating: " ", count: Self.indent)
            + padded.joined(separator: String(repeating: " ", count: Self.gap))
        let end = text.utf8.lastIndex { $0 != UInt8(ascii: " ") }
        return end.map { String(text[...$0]) } ?? ""
    }

    /// The widths, with the widest columns of texts cut until all fit.
    private func fitted(_ widths: [Int], to width: Int?) -> [Int] {
        guard let width else { return widths }
        var widths = widths
        var excess =
            Self.indent + widths.reduce(0, +) + Self.gap * max(0, widths.count - 1) - max(20, width)
        while excess > 0 {
            let longest = widths.indices.filter {
                columns[$0].kind == .text && widths[$0] > Self.least
            }.max { widths[$0] < widths[$1] }
            guard let longest else { break }
            let next =
                widths.indices.filter { $0 != longest && columns[$0].kind == .text }
                .map { widths[$0] }.filter { $0 < widths[longest] }.max() ?? Self.least
            let cut = min(excess, widths[longest] - max(Self.least, next))
            widths[longest] -= max(1, cut)
            excess -= max(1, cut)
        }
        return widths
    }
}

extension ReportColumn {
    var isNumber: Bool { kind == .count || kind == .share }

    /// A value as people read it, with nothing harmful in it.
    func text(_ value: String?) -> String {
        guard let value, !value.isEmpty else { return unknown }
        return kind == .time
            ? Int64(value).map(ReportMoment.plainText) ?? unknown : VisibleText.escaped(value)
    }
}
