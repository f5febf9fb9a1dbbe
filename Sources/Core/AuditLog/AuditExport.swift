import Encoding

/// The lines of an export: a header, signed heads, and the records in order, each a JSON object that has one text form.
///
/// What is readable in a record's line is there for people; it follows from the record's bytes, and verification holds it
/// against them. A line has no line ends, control characters or marks that turn writing around in it. Every line ends
/// with a line feed, which these functions do not give.
public enum AuditExport {
    /// The longest line, in bytes.
    public static let maximumLineLength = 256 * 1024

    /// The first line: which log, and after which of its records the export begins.
    public static func header(origin: NoteKeyName, after start: ChainHead) -> String {
        var line = JSONLine()
        line.add("countersign-audit", number: 1)
        line.add("origin", origin.text)
        line.add("after", number: start.count)
        line.add("hash", Base64URL.encode(start.hash))
        return line.text
    }

    /// A line for a signed head. Heads stand before the records, so that one reading is enough to compare them.
    public static func head(_ note: String) -> String {
        var line = JSONLine()
        line.add("head", note)
        return line.text
    }

    /// A line for a record. Bytes that are no record, as they may be found in a log that was tampered with, are exported
    /// as they are.
    ///
    /// - Parameters:
    ///   - number: the place that the record was found at.
    ///   - bytes: the record.
    ///   - hash: the hash that was kept with it.
    public static func record(number: Int, bytes: [UInt8], hash: [UInt8]) -> String {
        Self.line(
            number: number, try? AuditRecord(decoding: bytes), bytes: bytes, hash: hash)
    }

    static func line(
        number: Int, _ record: AuditRecord?, bytes: [UInt8], hash: [UInt8]
    ) -> String {
        var line = JSONLine()
        line.add("number", number: number)
        record?.describe(in: &line)
        line.add("record", Base64URL.encode(bytes))
        line.add("hash", Base64URL.encode(hash))
        return line.text
    }
}

extension AuditRecord {
    fileprivate func describe(in line: inout JSONLine) {
        line.add("at", UTCTime.text(at))
        line.add("activity", entry.activity.rawValue)
        line.add("by", origin.actor)
        line.add("client", origin.client)
        line.add("from", origin.from)
        line.add("targets", entry.targets.map { .string($0.word) })
        line.add(
            "changes",
            entry.changes.map { change in
                [
                    .string(change.property), change.old.map(JSON.string) ?? .null,
                    change.new.map(JSON.string) ?? .null,
                ]
            })
        switch entry.outcome {
        case .success: line.add("outcome", "success")
        case .failure(let code): line.add("outcome", "failure: \(code)")
        }
        line.add("reason", entry.reason)
        if isCut { line.add("cut", .bool(true)) }
    }
}

/// Writes a JSON object whose members stand in the order in which they are added. Their names need no escapes.
struct JSONLine {
    private var members = ""

    var text: String { "{\(members)}" }

    mutating func add(_ name: String, _ value: String) { add(name, .string(value)) }

    mutating func add(_ name: String, number: Int) { add(name, .integer(number)) }

    mutating func add(_ name: String, _ items: [JSON]) { add(name, .array(items)) }

    mutating func add(_ name: String, _ value: JSON) {
        if !members.isEmpty { members += "," }
        members += "\"\(name)\":\(HarmlessText.json(value))"
    }
}
