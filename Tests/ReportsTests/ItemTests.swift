import Reports
import Testing

struct ItemTests {
    private typealias Item = [(key: String, value: String)]

    @Test func `a document travels as items`() throws {
        var document = try Samples.volume()
        document.omitted = ["periods": 9]
        document.notes = ["a note"]
        let items = document.items
        #expect(
            items[0].map { "\($0.key)=\($0.value)" } == [
                "report=sign-in-volume", "first=20779", "last=20781", "made=1795545240000",
                "app=mail",
            ])
        #expect(
            items[2].map { "\($0.key)=\($0.value)" } == [
                "table=periods", "period=2026-11-22", "sign-ins=410", "succeeded=400", "failed=10",
                "interrupted=0", "failing=2.4",
            ])
        #expect(try ReportDocument(items: items) == document)
    }

    @Test(arguments: ReportDefinition.all.map(\.id))
    func `a hostile document travels without control characters, and no value is long`(_ id: String)
        throws
    {
        let items = try Samples.hostileDocument(id).items
        for (_, value) in items.joined() {
            #expect(
                !value.unicodeScalars.contains {
                    $0.value < 0x20 || (0x7F...0x9F).contains($0.value)
                })
            #expect(value.utf8.count <= 515)
        }
        let document = try ReportDocument(items: items)
        #expect(document.rows.count == document.definition.tables.count)
        #expect(try ReportDocument(items: document.items) == document)
    }

    @Test func `what is no report is refused, and the item named`() throws {
        let good = try Samples.volume().items
        func replacing(_ number: Int, _ item: Item) -> [Item] {
            var items = good
            items[number] = item
            return items
        }
        #expect(throws: ReportError.noSuchReport(id: "")) { try ReportDocument(items: []) }
        #expect(throws: ReportError.noSuchReport(id: "x")) {
            try ReportDocument(items: replacing(0, [("report", "x")]))
        }
        #expect(throws: ReportError.unreadableItem(number: 0)) {
            try ReportDocument(items: replacing(0, [("report", "sign-in-volume"), ("first", "x")]))
        }
        for item: Item in [
            [], [("table", "x"), ("period", "1")], [("table", "periods"), ("failed", "x")],
            [("table", "periods"), ("failed", "-1")], [("table", "periods"), ("other", "1")],
            [("table", "periods"), ("failing", "100.1")], [("table", "periods"), ("failing", "1")],
            [("table", "periods"), ("period", "1"), ("period", "1")], [("table", "notes")],
            [("table", "omitted"), ("of", "x"), ("count", "1")],
            [("table", "omitted"), ("of", "periods"), ("count", "0")],
            [("table", "figures"), ("x", "1")],
        ] {
            #expect(throws: ReportError.unreadableItem(number: 2)) {
                try ReportDocument(items: replacing(2, item))
            }
        }
    }

    @Test(arguments: [
        (0, 0, "0.0"), (0, 7, "0.0"), (7, 7, "100.0"), (1, 3, "33.3"), (2, 3, "66.7"),
        (1, 2000, "0.1"),
        (1, 2001, "0.0"), (8, 7, "0.0"), (-1, 7, "0.0"), (1, 8, "12.5"),
    ])
    func `shares are rounded to a tenth of a percent`(_ part: Int, _ whole: Int, _ share: String) {
        #expect(ReportDocument.share(part, of: whole) == share)
    }
}

struct DefinitionTests {
    @Test func `keys and ids are of the wire, and none is there twice`() {
        #expect(Set(ReportDefinition.all.map(\.id)).count == ReportDefinition.all.count)
        let reserved: Set = ["figures", "omitted", "notes"]
        for definition in ReportDefinition.all {
            let tables = definition.tables.map(\.key)
            #expect(Set(tables).count == tables.count)
            #expect(reserved.isDisjoint(with: tables))
            for columns in definition.tables.map(\.columns) + [definition.figures] {
                let keys = columns.map(\.key)
                #expect(Set(keys).count == keys.count)
                #expect(!keys.contains("table"))
                for key in keys {
                    #expect(key.utf8.count <= 32 && key.first.map { $0.isLowercase } == true)
                    #expect(key.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D })
                }
            }
        }
    }

    @Test func `charts are over tables and columns that there are`() {
        for definition in ReportDefinition.all {
            for chart in definition.charts {
                let (table, columns) =
                    switch chart {
                    case .bars(_, let table, let label, let value, _): (table, [label, value])
                    case .stacked(_, let table, let axis, let series):
                        (table, [axis] + series.map(\.column))
                    case .week(_, let table, let value): (table, ["weekday", "hour", value])
                    }
                let keys = definition.table(table)?.columns.map(\.key) ?? []
                #expect(Set(columns).isSubset(of: keys), "\(definition.id)")
            }
        }
    }

    @Test func `a report says what it needs and what it does not take`() throws {
        #expect(throws: ReportError.noSuchReport(id: "x")) { try ReportDefinition(id: "x") }
        let pattern = try ReportDefinition(id: "sign-in-pattern")
        #expect(throws: ReportError.missing(.user)) { try pattern.check(given: []) }
        #expect(throws: ReportError.unexpected(.interval)) {
            try pattern.check(given: [.user, .interval])
        }
        try pattern.check(given: [.user])
        try ReportDefinition(id: "sign-in-volume").check(given: [])
    }
}
