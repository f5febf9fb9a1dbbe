extension ReportDocument {
    /// The document as one HTML file that needs nothing else: style within it, charts as SVG, no script. A policy in its
    /// head forbids everything but that style.
    ///
    /// All texts are escaped, and what could do harm or deceive the eye is written as `\u{…}`.
    public func html() -> String {
        var page = HTML()
        page.raw("<!DOCTYPE html>\n")
        page.element("html", ["lang": "en"]) { page in
            head(&page)
            page.element("body") { page in
                page.element("main") { page in
                    banner(&page)
                    figureTiles(&page)
                    charts(&page)
                    for table in definition.tables where !table.isDrawnOnly {
                        if let rows = rows[table.key] { section(table, rows, &page) }
                    }
                    remarks(&page)
                }
            }
        }
        return page.text + "\n"
    }

    private func head(_ page: inout HTML) {
        page.element("head") { page in
            page.raw("<meta charset=\"utf-8\">")
            page.empty(
                "meta",
                [
                    "http-equiv": "Content-Security-Policy",
                    "content":
                        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
                ])
            page.empty(
                "meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
            page.empty("meta", ["name": "color-scheme", "content": "light dark"])
            page.empty("meta", ["name": "referrer", "content": "no-referrer"])
            page.element("title") { $0.text("\(definition.title) – Countersign") }
            page.element("style") { $0.raw(StyleSheet.text) }
        }
    }

    private func banner(_ page: inout HTML) {
        page.element("header") { page in
            page.element("p", ["class": "area"]) { $0.text(definition.area.rawValue) }
            page.element("h1") { $0.text(definition.title) }
            page.element("p", ["class": "question"]) { $0.text(definition.question) }
            page.element("dl", ["class": "subject"]) { page in
                let made = [("Made (UTC)", ReportMoment.plainText(madeAt))]
                for (title, value) in subject + made {
                    page.element("div") { page in
                        page.element("dt") { $0.text(title) }
                        page.element("dd") { $0.element("bdi") { $0.text(value) } }
                    }
                }
            }
        }
    }

    private func figureTiles(_ page: inout HTML) {
        let shown = definition.figures.filter { figures[$0.key] != nil }
        guard !shown.isEmpty else { return }
        page.element("section", ["class": "figures", "aria-label": "Figures"]) { page in
            for figure in shown {
                page.element("div", ["class": "figure \(figure.kind.rawValue)"]) { page in
                    page.element("span", ["class": "value"]) {
                        $0.text(figure.shown(figures[figure.key]))
                    }
                    page.element("span", ["class": "name"]) { $0.text(figure.title) }
                }
            }
        }
    }

    private func charts(_ page: inout HTML) {
        let drawn = definition.charts.compactMap { chart in
            drawing(of: chart).map { (chart.title, $0) }
        }
        guard !drawn.isEmpty else { return }
        // They stand in pairs; one that has no other has the row to itself.
        let narrow = drawn.filter { !$0.1.isWide }.map(\.0)
        let lone = narrow.count.isMultiple(of: 2) ? nil : narrow.last
        page.element("section", ["class": "charts", "aria-label": "Charts"]) { page in
            for (title, drawing) in drawn {
                let isWide = drawing.isWide || title == lone
                page.element("figure", ["class": isWide ? "card wide" : "card"]) { page in
                    page.element("figcaption") { page in
                        page.element("h2") { $0.text(title) }
                        if drawing.legend.count > 1 {
                            page.element("ul", ["class": "legend"]) { page in
                                for (name, style) in drawing.legend {
                                    page.element("li", ["class": style]) { $0.text(name) }
                                }
                            }
                        }
                    }
                    page.raw(drawing.svg)
                }
            }
        }
    }

    private func section(_ table: ReportTable, _ rows: [ReportRow], _ page: inout HTML) {
        page.element("section", ["class": "card"]) { page in
            page.element("h2") { $0.text(table.title) }
            guard !rows.isEmpty else {
                return page.element("p", ["class": "empty"]) { $0.text("None.") }
            }
            page.element("div", ["class": "scroll"]) { page in
                page.element("table") { page in
                    page.element("thead") { page in
                        page.element("tr") { page in
                            for column in table.shownColumns {
                                page.element("th", ["scope": "col", "class": column.kind.rawValue])
                                {
                                    $0.text(column.title)
                                }
                            }
                        }
                    }
                    page.element("tbody") { page in
                        for row in rows {
                            page.element("tr") { page in
                                for column in table.shownColumns {
                                    cell(column, row[column.key], &page)
                                }
                            }
                        }
                    }
                }
            }
            if let count = omitted[table.key], count > 0 {
                page.element("p", ["class": "empty"]) {
                    $0.text("And \(HTML.grouped(count)) more.")
                }
            }
        }
    }

    private func cell(_ column: ReportColumn, _ value: String?, _ page: inout HTML) {
        let shown = column.shown(value)
        var style = column.kind.rawValue
        if column.kind == .text { style += shown.unicodeScalars.count > 28 ? " long" : " short" }
        if (value ?? "").isEmpty { style += " unknown" }
        page.element("td", ["class": style]) { page in
            page.element("bdi") { $0.text(shown) }
        }
    }

    private func remarks(_ page: inout HTML) {
        page.element("footer") { page in
            for note in notes { page.element("p") { $0.text(note) } }
            page.element("p") { page in
                page.text("Countersign · ")
                page.element("code") { $0.text("countersign report \(definition.id)") }
            }
        }
    }
}

extension ReportColumn {
    /// A value as it stands in a page: long texts cut, digits in groups.
    func shown(_ value: String?) -> String {
        guard let value, !value.isEmpty else { return unknown }
        switch kind {
        case .text: return HTML.cut(value)
        case .count: return Int(value).map(HTML.grouped) ?? unknown
        case .time: return Int64(value).map(ReportMoment.plainText) ?? unknown
        case .share: return value + " %"
        }
    }
}

extension ReportChart {
    var title: String {
        switch self {
        case .bars(let title, _, _, _, _), .stacked(let title, _, _, _), .week(let title, _, _):
            title
        }
    }
}
