import AuditLog

extension ReportDocument {
    /// The document as one JSON object (RFC 8259) on one line, members in a fixed order. Texts are as they were sent, with
    /// what could do harm in a terminal as `\u` escapes of JSON; moments are texts of RFC 3339, counts and shares numbers,
    /// what is not known is null.
    public func json() -> String {
        var members = [
            ("report", JSONText.string(definition.id)),
            ("title", JSONText.string(definition.title)),
            ("question", JSONText.string(definition.question)),
            ("made", JSONText.string(ReportMoment.text(madeAt))),
        ]
        if definition.hasPeriod {
            members.append(
                (
                    "period",
                    JSONText.object([
                        ("first", JSONText.string(period.first.text)),
                        ("last", JSONText.string(period.last.text)),
                    ])
                ))
        }
        members.append(
            (
                "parameters",
                JSONText.object(
                    ReportParameter.allCases.compactMap { parameter in
                        parameters[parameter].map { (parameter.option, JSONText.string($0)) }
                    })
            ))
        members.append(("figures", Self.object(figures, definition.figures)))
        let tables = definition.tables.compactMap { table in rows[table.key].map { (table, $0) } }
        members.append(("tables", JSONText.object(tables.map { ($0.key, json($0, $1)) })))
        members.append(("notes", JSONText.array(notes.map(JSONText.string))))
        return JSONText.object(members)
    }

    private func json(_ table: ReportTable, _ rows: [ReportRow]) -> String {
        JSONText.object([
            ("title", JSONText.string(table.title)),
            ("rows", JSONText.array(rows.map { Self.object($0, table.columns) })),
            ("omitted", String(omitted[table.key] ?? 0)),
        ])
    }

    private static func object(_ row: ReportRow, _ columns: [ReportColumn]) -> String {
        JSONText.object(columns.map { ($0.key, $0.json(row[$0.key])) })
    }
}

extension ReportColumn {
    fileprivate func json(_ value: String?) -> String {
        guard let value else { return "null" }
        switch kind {
        case .text: return JSONText.string(value)
        case .count: return Int64(value).map { String($0) } ?? "null"
        case .time: return Int64(value).map { JSONText.string(ReportMoment.text($0)) } ?? "null"
        case .share:
            guard Self.isShare(value) else { return "null" }
            // A number of JSON has no zeros in front.
            let digits = value.drop { $0 == "0" }
            return digits.hasPrefix(".") ? "0" + digits : String(digits)
        }
    }
}

/// JSON whose members keep their order.
enum JSONText {
    static func object(_ members: [(String, String)]) -> String {
        "{" + members.map { string($0.0) + ":" + $0.1 }.joined(separator: ",") + "}"
    }

    static func array(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

    /// A string, with quotes.
    static func string(_ value: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"", "\\": text.append(contentsOf: ["\\", scalar])
            case _ where HarmlessText.isHarmful(scalar): escape(scalar, into: &text)
            default: text.append(scalar)
            }
        }
        return "\"" + String(text) + "\""
    }

    private static func escape(_ scalar: Unicode.Scalar, into text: inout String.UnicodeScalarView)
    {
        for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
            let digits = String(unit, radix: 16)
            let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
            text.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
        }
    }
}
