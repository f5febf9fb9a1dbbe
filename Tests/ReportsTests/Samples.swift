import Foundation
import Reports
import TestSupport

enum Samples {
    /// 2026-11-24T18:34:00Z.
    static let now: Int64 = 1_795_545_240_000

    static func document(
        _ id: String, days: Int64 = 3, _ parameters: [ReportParameter: String] = [:]
    ) throws -> ReportDocument {
        let last = CalendarDay(at: now)
        return ReportDocument(
            try ReportDefinition(id: id),
            period: ReportPeriod(first: CalendarDay(number: last.number - days + 1), last: last),
            madeAt: now, parameters: parameters)
    }

    /// Three days.
    static func volume() throws -> ReportDocument {
        var document = try document("sign-in-volume", [.application: "mail"])
        document.figures = [
            "sign-ins": "1234", "succeeded": "1200", "failed": "30", "interrupted": "4",
            "failing": "2.4",
        ]
        document.rows["periods"] = [
            row("2026-11-22", 400, 10, 0), row("2026-11-23", 500, 0, 4),
            row("2026-11-24", 300, 20, 0),
        ]
        return document
    }

    private static func row(_ period: String, _ good: Int, _ bad: Int, _ open: Int) -> ReportRow {
        [
            "period": period, "sign-ins": "\(good + bad + open)", "succeeded": "\(good)",
            "failed": "\(bad)", "interrupted": "\(open)",
            "failing": ReportDocument.share(bad, of: good + bad + open),
        ]
    }

    /// What somebody could send as a name, as a program, or as an application.
    static let hostile = [
        "<script>document.title='owned'</script>",
        "<img src=x onerror=document.documentElement.dataset.owned=1>",
        "\"><svg onload=document.title='owned'>", "' onmouseover='document.title=1",
        "</title></style></svg>",
        "</bdi></td></tr></table><h1>All is well</h1>", "<!--", "]]>", "&lt;script&gt;",
        "&#60;b&#62;",
        "javascript:document.title='owned'", "`${document.title='owned'}`",
        "\u{1B}[2J\u{1B}]0;owned\u{7}\u{9B}31m", "line\r\nfeed\u{0}\u{85}\u{2028}\u{2029}",
        "invoice\u{202E}fdp.exe", "\u{2066}admin\u{2069}\u{200F}\u{61C}",
        "ali\u{200B}ce\u{FEFF}\u{AD}",
        "\u{E0041}\u{E0042}tagged", "Z\(String(repeating: "\u{301}", count: 40))algo",
        "=HYPERLINK(\"http://x\")",
        "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "שלום", "مرحبا بالعالم", "日本語テキスト", "👩‍👩‍👧‍👦", "",
        String(repeating: "long", count: 2000), "a,b;c|d", "\u{FF1D}1+1",
    ]

    /// Each of the definition's columns of text filled with each of the hostile texts.
    static func hostileDocument(_ id: String, extra: [String] = []) throws -> ReportDocument {
        var document = try document(id, [.user: hostile[0], .application: hostile[14]])
        for column in document.definition.figures {
            document.figures[column.key] = sample(column, hostile[1], 7)
        }
        for table in document.definition.tables {
            document.rows[table.key] = (hostile + extra).enumerated().map { number, text in
                table.columns.reduce(into: [:]) { row, column in
                    row[column.key] = sample(column, text, number + 1)
                }
            }
            document.omitted[table.key] = 3
        }
        document.notes = hostile
        return document
    }

    private static func sample(_ column: ReportColumn, _ text: String, _ number: Int) -> String {
        switch column.kind {
        case .text: text
        case .count: "\(number)"
        case .time: "\(now)"
        case .share: "12.5"
        }
    }

    /// What must not be in anything that is shown: controls, marks of direction, what is not seen.
    static func harmful(in text: String, except allowed: Set<Unicode.Scalar> = ["\n"]) -> [Unicode
        .Scalar]
    {
        text.unicodeScalars.filter { scalar in
            guard !allowed.contains(scalar) else { return false }
            switch scalar.value {
            case 0...0x1F, 0x7F...0x9F, 0xAD, 0x61C, 0x200B...0x200F, 0x2028...0x202E,
                0x2060...0x206F,
                0xFEFF, 0xE0000...0xE0FFF:
                return true
            default: return false
            }
        }
    }
}
