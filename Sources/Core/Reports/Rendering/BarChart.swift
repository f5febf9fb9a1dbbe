/// A bar for each of some names, the first twenty.
struct BarChart {
    struct Bar {
        let label: String
        let count: Int
    }

    let title: String
    let bars: [Bar]
    let style: String

    private static let shown = 20
    private static let row = 26.0
    private static let left = 190.0
    private static let right = 400.0
    private static let width = 470.0

    var drawing: Drawing {
        let bars = bars.prefix(Self.shown)
        let most = bars.map(\.count).max() ?? 1
        let height = Double(bars.count) * Self.row + 4
        var svg = HTML()
        svg.element(
            "svg",
            [
                "viewBox": "0 0 \(coordinate(Self.width)) \(coordinate(height))", "role": "img",
                "aria-label": title, "class": "bars",
            ]
        ) { svg in
            for (index, bar) in bars.enumerated() {
                draw(bar, at: Double(index) * Self.row + 2, most: most, &svg)
            }
        }
        return Drawing(svg: svg.text, legend: [], isWide: false)
    }

    private func draw(_ bar: Bar, at top: Double, most: Int, _ svg: inout HTML) {
        let length = max(2, Double(bar.count) / Double(max(1, most)) * (Self.right - Self.left))
        svg.element("g") { svg in
            svg.element("title") { $0.text("\(bar.label): \(HTML.grouped(bar.count))") }
            svg.element(
                "text",
                [
                    "x": coordinate(Self.left - 10), "y": coordinate(top + 16), "class": "label",
                    "text-anchor": "end",
                ]
            ) { $0.text(DisplayWidth.cut(VisibleText.escaped(bar.label), to: 23)) }
            svg.element(
                "rect",
                [
                    "x": coordinate(Self.left), "y": coordinate(top + 3),
                    "width": coordinate(length), "height": "17", "rx": "3", "class": style,
                ]
            ) { _ in }
            svg.element(
                "text",
                [
                    "x": coordinate(Self.left + length + 7), "y": coordinate(top + 16),
                    "class": "number",
                ]
            ) { $0.text(HTML.grouped(bar.count)) }
        }
    }
}
