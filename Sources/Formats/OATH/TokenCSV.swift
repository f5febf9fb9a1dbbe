/// A batch of hardware tokens as a table of comma-separated values (RFC 4180), the way that vendors deliver them.
///
/// The first line names the columns, in any order and in letters of either case. `serial number` has to be there and one
/// of `secret key` (Base32) and `secret hex`; the rest may be: `upn` (the user), `time interval` (seconds), `manufacturer`,
/// `model`, `kind` (totp, hotp, ocra, hmac), `algorithm`, `digits`, `counter`, `suite` (of OCRA), `issuer`. An empty field
/// is an absent one. So the six columns of the tables that Microsoft Entra takes are a table here.
///
/// A field may be quoted, but holds no line's end: what is wrong with quoting in one line does not reach the next.
public enum TokenCSV {
    /// Decodes a table.
    ///
    /// - Throws: what is wrong with the file or its header: `.tooLarge`, `.tooManyTokens`, `.encoding`, `.fields`,
    ///   `.column`, `.missing`.
    public static func decode(
        _ file: [UInt8]
    ) throws(MalformedOATH) -> [ImportedLine<TokenDraft>] {
        let lines = try BatchText(file).lines
        guard let first = lines.first else { throw .missing("header") }
        guard lines.count - 1 <= BatchLimits.tokens else {
            throw .tooManyTokens(limit: BatchLimits.tokens)
        }
        let header = try Header(first.text.get())
        var serials = SerialNumbers()
        return lines.dropFirst().map { line in
            let row = line.text.flatMap { text in
                Result { () throws(MalformedOATH) in try Row(text, header) }
            }
            let serial = try? row.get()[.serialNumber]
            let outcome = row.flatMap { row in
                Result { () throws(MalformedOATH) in try row.draft() }
            }
            return ImportedLine(
                number: line.number, serial: serial,
                outcome: serials.admit(outcome, serial: serial, line: line.number))
        }
    }

    /// The columns, by the names that the header has for them.
    enum Column: String, CaseIterable {
        case upn
        case serialNumber = "serial number"
        case secretKey = "secret key"
        case secretHex = "secret hex"
        case timeInterval = "time interval"
        case manufacturer
        case model
        case kind
        case algorithm
        case digits
        case counter
        case suite
        case issuer
    }

    /// The columns in their order.
    struct Header {
        let columns: [Column]

        init(_ line: String) throws(MalformedOATH) {
            var columns: [Column] = []
            for (index, name) in try TokenCSV.fields(of: line).enumerated() {
                guard let column = Column(rawValue: name.lowercased()), !columns.contains(column)
                else { throw .column(index + 1) }
                columns.append(column)
            }
            guard columns.contains(.serialNumber) else {
                throw .missing(Column.serialNumber.rawValue)
            }
            switch (columns.contains(.secretKey), columns.contains(.secretHex)) {
            case (false, false): throw .missing(Column.secretKey.rawValue)
            case (true, true): throw .duplicate(Column.secretKey.rawValue)
            default: self.columns = columns
            }
        }
    }

    /// The fields of a line, without quotation marks and the spaces around them.
    static func fields(of line: String) throws(MalformedOATH) -> [String] {
        var fields: [String] = []
        var field: [UInt8] = []
        var state = QuotingState.start
        for byte in line.utf8 {
            switch (state, byte) {
            case (.start, UInt8(ascii: " ")), (.trailing, UInt8(ascii: " ")):
                break
            case (.closed, UInt8(ascii: " ")):
                state = .trailing
            case (.start, UInt8(ascii: "\"")):
                state = .quoted
            case (.quoted, UInt8(ascii: "\"")):
                state = .closed
            case (.closed, UInt8(ascii: "\"")):
                // Two of them within a quoted field stand for one.
                field.append(byte)
                state = .quoted
            case (.quoted, _):
                field.append(byte)
            case (_, UInt8(ascii: ",")):
                fields.append(Self.text(field, state))
                (field, state) = ([], .start)
            case (.closed, _), (.trailing, _), (_, UInt8(ascii: "\"")):
                throw .fields
            default:
                field.append(byte)
                state = .plain
            }
        }
        guard state != .quoted else { throw .fields }
        fields.append(Self.text(field, state))
        return fields
    }

    private enum QuotingState {
        case start
        case plain
        case quoted
        case closed
        case trailing
    }

    private static func text(_ field: [UInt8], _ state: QuotingState) -> String {
        var field = field
        if state == .plain {
            while field.last == UInt8(ascii: " ") { field.removeLast() }
        }
        return String(decoding: field, as: UTF8.self)
    }
}
