/// A column for each stretch of time, made of counts that lie on each other.
struct StackedChart {
    struct Column {
        let label: String
        let counts: [Int]

        var total: Int { counts.reduce(0, +) }
    }

    let title: String
    let columns: [Column]
    let series: [(name: String, style: String)]

    private static let (width, height) = (980.0, 280.0)
    private static let (left, right, top, bottom) = (64.0, 972.0, 12.0, 246.0)

    var drawing: Drawing {
        let steps = axisSteps(to: columns.map(\.total).max() ?? 0)
        let most = Double(max(1, steps.last ?? 1))
        let pitch = (Self.right - Self.left) / Double(max(1, columns.count))
        var svg = HTML()
        svg.element(
            "svg",
            [
                "viewBox": "0 0 \(coordinate(Self.width)) \(coordinate(Self.height))",
                "role": "img", "aria-label": title, "class": "stacked",
            ]
        ) { svg in
            for step in steps {
                draw(step, at: Self.bottom - Double(step) / most * (Self.bottom - Self.top), &svg)
            }
            for (index, column) in columns.enumerated() {
                draw(column, at: Self.left + Double(index) * pitch, pitch, most, &svg)
            }
            drawLabels(pitch, &svg)
        }
        return Drawing(svg: svg.text, legend: series.map { ($0.name, $0.style) }, isWide: true)
    }

    private func draw(_ step: Int, at y: Double, _ svg: inout HTML) {
        svg.element(
            "line",
            [
                "x1": coordinate(Self.left), "x2": coordinate(Self.right), "y1": coordinate(y),
                "y2": coordinate(y), "class": step == 0 ? "axis" : "grid",
            ]
        ) { _ in }
        svg.element(
            "text",
            [
                "x": coordinate(Self.left - 10), "y": coordinate(y + 4), "text-anchor": "end",
                "class": "number",
            ]
        ) { $0.text(HTML.grouped(step)) }
    }

    private func draw(
        _ column: Column, at x: Double, _ pitch: Double, _ most: Double, _ svg: inout HTML
    ) {
        let width = min(56, max(0.6, pitch * 0.76))
        var y = Self.bottom
        svg.element("g") { svg in
            svg.element("title") { title in
                title.text(
                    ([column.label]
                        + zip(series, column.counts).map { "\($0.name): \(HTML.grouped($1))" })
                        .joined(separator: ", "))
            }
            for ((_, style), count) in zip(series, column.counts) where count > 0 {
                let height = Double(count) / most * (Self.bottom - Self.top)
                y -= height
                svg.element(
                    "rect",
                    [
                        "x": coordinate(x + (pitch - width) / 2), "y": coordinate(y),
                        "width": coordinate(width), "height": coordinate(max(height, 0.3)),
                        "class": style,
                    ]
                ) { _ in }
            }
        }
    }

    /// As many labels as have room.
    private func drawLabels(_ pitch: Double, _ svg: inout HTML) {
        let longest = columns.map { DisplayWidth.of($0.label) }.max() ?? 1
        let room = Double(longest) * 6.6 + 18
        let every = max(1, Int((room / pitch).rounded(.up)))
        for (index, column) in columns.enumerated() where index.isMultiple(of: every) {
            svg.element(
                "text",
                [
                    "x": coordinate(Self.left + (Double(index) + 0.5) * pitch),
                    "y": coordinate(Self.bottom + 20), "text-anchor": "middle", "class": "label",
                ]
            ) { $0.text(DisplayWidth.cut(VisibleText.escaped(column.label), to: 40)) }
        }
    }
}
