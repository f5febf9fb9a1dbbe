extension WeekGrid {
    private static let (left, top, pitch, side) = (46.0, 24.0, 38.0, 34.0)
    private static let (row, height) = (26.0, 22.0)

    /// Draws a cell for each hour of the week, the fuller the stronger.
    func drawing(title: String) -> Drawing {
        var svg = HTML()
        svg.element(
            "svg",
            [
                "viewBox": "0 0 962 \(coordinate(Self.top + 7 * Self.row + 4))", "role": "img",
                "aria-label": title, "class": "week",
            ]
        ) { svg in
            for hour in stride(from: 0, to: 24, by: 2) {
                svg.element(
                    "text",
                    [
                        "x": coordinate(Self.left + Double(hour) * Self.pitch + Self.side / 2),
                        "y": "14", "text-anchor": "middle", "class": "label",
                    ]
                ) { $0.text("\(padded(hour, 2)):00") }
            }
            for weekday in Self.weekdays.indices { draw(weekday, &svg) }
        }
        return Drawing(svg: svg.text, legend: [], isWide: true)
    }

    private func draw(_ weekday: Int, _ svg: inout HTML) {
        let y = Self.top + Double(weekday) * Self.row
        svg.element(
            "text",
            [
                "x": coordinate(Self.left - 10), "y": coordinate(y + 15), "text-anchor": "end",
                "class": "label",
            ]
        ) { $0.text(Self.weekdays[weekday]) }
        for hour in 0..<24 {
            svg.element(
                "rect",
                [
                    "x": coordinate(Self.left + Double(hour) * Self.pitch), "y": coordinate(y),
                    "width": coordinate(Self.side), "height": coordinate(Self.height), "rx": "4",
                    "class": "heat\(level(weekday, hour, of: 5))",
                ]
            ) { svg in
                svg.element("title") {
                    $0.text(
                        "\(Self.weekdays[weekday]) \(padded(hour, 2)):00 to \(padded(hour, 2)):59: \(HTML.grouped(counts[weekday][hour]))"
                    )
                }
            }
        }
    }
}
