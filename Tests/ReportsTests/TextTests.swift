import Reports
import Testing

struct TextTests {
    @Test func `a document is tables in columns`() throws {
        let text = try Samples.volume().text()
        #expect(
            text == """
                Volume of sign-ins
                How many users sign in, by day, week or month?
                Period (UTC): 2026-11-22 to 2026-11-24
                Application: mail

                  Sign-ins  Succeeded  Failed  Not finished  Failed, of all
                      1234       1200      30             4             2.4

                Over time
                  Period      Sign-ins  Succeeded  Failed  Not finished  Failed, %
                  2026-11-22       410        400      10             0        2.4
                  2026-11-23       504        500       0             4        0.0
                  2026-11-24       320        300      20             0        6.3

                """)
    }

    @Test func `what is empty, left out or noted is said`() throws {
        var document = try Samples.document("audit-role-changes")
        document.rows = ["changes": [], "actors": [["by": "alice", "added": "1", "removed": "0"]]]
        document.omitted = ["actors": 12]
        document.notes = ["older records were not read"]
        #expect(
            document.text() == """
                Administrator roles
                Who was added to an administrator role, and by whom?
                Period (UTC): 2026-11-22 to 2026-11-24

                Changes, the latest first
                  (none)

                By whom
                  By     Added  Removed
                  alice      1        0
                  and 12 more

                Note: older records were not read

                """)
    }

    @Test(arguments: [20, 40, 60, 80, 120])
    func `no line is longer than the terminal, where its columns can be cut so far`(_ width: Int)
        throws
    {
        var document = try Samples.document("audit-app-users")
        document.rows["applications"] = [
            [
                "application": String(repeating: "日本", count: 60), "succeeded": "1", "failed": "2",
                "interrupted": "3",
            ]
        ]
        let lines = document.text(width: width).split(separator: "\n").drop { !$0.hasPrefix("  ") }
        for line in lines {
            let columns = line.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x3000 ? 2 : 1) }
            #expect(columns <= max(width, 48), "\(line)")
        }
        #expect(document.text(width: width).contains("…"))
    }

    @Test func `wide characters and marks take the columns that they take`() throws {
        var document = try Samples.document("audit-password-resets")
        document.rows["actors"] = [
            ["by": "日本", "resets": "1"], ["by": "e\u{301}tat", "resets": "22"],
            ["by": "abcd", "resets": "3"],
        ]
        let lines = document.text().split(separator: "\n")
        #expect(lines.contains("  日本       1"))
        #expect(lines.contains("  e\u{301}tat      22"))
        #expect(lines.contains("  abcd       3"))
    }

    @Test(arguments: ReportDefinition.all.map(\.id))
    func `nothing hostile gets to a terminal`(_ id: String) throws {
        let document = try Samples.hostileDocument(id)
        for width in [nil, 80] {
            #expect(Samples.harmful(in: document.text(width: width)) == [])
        }
        let text = document.text()
        if id == "sign-in-failures" {
            #expect(text.contains("\\u{1b}[2J\\u{1b}]0;owned\\u{7}\\u{9b}31m"))
            #expect(text.contains("invoice\\u{202e}fdp.exe"))
            #expect(text.contains("Z\u{301}\u{301}\u{301}\u{301}\\u{301}"))
        }
    }

    @Test func `hours of the week are drawn`() throws {
        var document = try Samples.document("sign-in-pattern", [.user: "alice"])
        document.rows["hours"] = [
            ["weekday": "1", "hour": "0", "sign-ins": "1"],
            ["weekday": "1", "hour": "1", "sign-ins": "4"],
            ["weekday": "7", "hour": "23", "sign-ins": "2"],
        ]
        let lines = document.text().split(separator: "\n")
        let blank = "· "
        #expect(
            lines.contains("  Mon  ░░██" + Substring(String(repeating: blank, count: 21)) + "· "))
        #expect(lines.contains("  Sun  " + Substring(String(repeating: blank, count: 23)) + "▒▒"))
    }
}
