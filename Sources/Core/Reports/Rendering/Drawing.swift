/// A chart that is drawn.
struct Drawing {
    /// The SVG element.
    let svg: String
    /// The names of what is drawn, each with its style.
    let legend: [(name: String, style: String)]
    /// Whether it takes the whole width of a page.
    let isWide: Bool
}

extension ReportDocument {
    /// Draws a chart; nothing where there is nothing to draw.
    func drawing(of chart: ReportChart) -> Drawing? {
        switch chart {
        case .bars(let title, let table, let label, let value, let tone):
            let column = definition.table(table)?.columns.first { $0.key == label }
            let bars = (rows[table] ?? []).compactMap { row -> BarChart.Bar? in
                guard let count = row[value].flatMap(Int.init), count > 0, let column else {
                    return nil
                }
                return BarChart.Bar(label: column.shown(row[label]), count: count)
            }
            return bars.isEmpty
                ? nil : BarChart(title: title, bars: bars, style: tone.style).drawing
        case .stacked(let title, let table, let axis, let series):
            let rows = rows[table] ?? []
            let drawn = series.filter { series in
                rows.contains { ($0[series.column].flatMap(Int.init) ?? 0) > 0 }
            }
            guard !drawn.isEmpty else { return nil }
            return StackedChart(
                title: title,
                columns: rows.map { row in
                    StackedChart.Column(
                        label: row[axis] ?? "",
                        counts: drawn.map { max(0, row[$0.column].flatMap(Int.init) ?? 0) })
                },
                series: drawn.map { ($0.title, $0.tone.style) }
            ).drawing
        case .week(let title, let table, let value):
            let grid = WeekGrid(rows[table] ?? [], value: value)
            return grid.most > 0 ? grid.drawing(title: title) : nil
        }
    }
}

extension ReportChart.Tone {
    /// The style sheet's name for it.
    var style: String {
        switch self {
        case .good: "good"
        case .bad: "bad"
        case .open: "open"
        case .plain(let number): "tone\(max(0, number) % 12)"
        }
    }
}

/// Numbers in coordinates.
func coordinate(_ value: Double) -> String {
    let hundredths = Int((value * 10).rounded())
    return hundredths % 10 == 0 ? String(hundredths / 10) : "\(Double(hundredths) / 10)"
}

/// Round numbers for an axis: at most five steps up from 0 to the first that is not below `most`.
func axisSteps(to most: Int) -> [Int] {
    var step = 1
    var factors = [2, 5, 10]
    var base = 1
    while step * 5 < most, step < Int.max / 100 {
        step = base * factors[0]
        factors.append(factors.removeFirst())
        if factors[0] == 2 { base *= 10 }
    }
    var steps = [0]
    while let last = steps.last, last < most { steps.append(last + step) }
    return steps
}
