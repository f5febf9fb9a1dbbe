import Reports
import Testing

struct CSVTests {
    @Test func `a table is lines that end in CR LF, under the keys of its columns`() throws {
        let document = try Samples.volume()
        #expect(
            try document.csv()
                == "period,sign-ins,succeeded,failed,interrupted,failing\r\n"
                + "2026-11-22,410,400,10,0,2.4\r\n2026-11-23,504,500,0,4,0.0\r\n"
                + "2026-11-24,320,300,20,0,6.3\r\n")
        #expect(throws: ReportError.noSuchTable(key: "x")) { try document.csv(table: "x") }
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("=1+1", "\"'=1+1\""), ("+1", "\"'+1\""), ("-1", "\"'-1\""), ("@A1", "\"'@A1\""),
        (" =1", "\"' =1\""),
        ("\t=1", "\"'\\u{9}=1\""), ("\rx", "\"'\\u{d}x\""), ("a\nb", "a\\u{a}b"),
        ("\u{FF1D}1", "\"'\u{FF1D}1\""),
        ("it's", "\"it's\""), ("a\u{202E}b", "a\\u{202e}b"), ("=\"x\",1", "\"'=\"\"x\"\",1\""),
        ("\u{A0}=1", "\"'\u{A0}=1\""), ("|cmd", "\"'|cmd\""),
    ])
    func `a cell is nothing but text`(_ text: String, _ cell: String) {
        #expect(CSV.cell(text) == cell)
    }

    @Test(arguments: ReportDefinition.all)
    func `hostile tables have as many lines as rows`(_ definition: ReportDefinition) throws {
        let document = try Samples.hostileDocument(definition.id)
        for table in definition.tables {
            let csv = try document.csv(table: table.key)
            #expect(csv.components(of: "\r\n") == Samples.hostile.count + 2)
            #expect(Samples.harmful(in: csv, except: ["\r", "\n"]) == [])
        }
    }
}

extension String {
    /// How many pieces there are between this.
    fileprivate func components(of separator: String) -> Int {
        var (count, rest) = (1, self[...])
        while let range = rest.firstRange(of: separator) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
