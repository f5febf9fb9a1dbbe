import ArgumentParser
import Glibc
import Reports

/// How a report comes out.
struct ReportOutput: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false

    @Flag(help: "Print CSV: the report's first table, or that of --table.")
    var csv = false

    @Option(help: ArgumentHelp("The table that CSV has.", valueName: "key"))
    var table: String?

    @Option(
        help: ArgumentHelp(
            "Write a page with charts that needs nothing but a browser.", valueName: "file"))
    var html: String?

    func validate() throws {
        let ways = [json, csv, html != nil].count { $0 }
        guard ways <= 1 else { throw ValidationError("Choose one of --json, --csv and --html.") }
        guard table == nil || csv else { throw ValidationError("--table goes with --csv.") }
    }

    /// Checks what can be checked before the server is asked.
    func check(_ definition: ReportDefinition) throws(CommandFailure) {
        guard let table, definition.table(table) == nil else { return }
        throw CommandFailure(
            .configuration, ReportError.noSuchTable(key: table).advice,
            advice: "It has " + definition.tables.map(\.key).joined(separator: ", ") + ".")
    }

    /// Writes the document as was asked.
    func write(_ document: ReportDocument) throws(CommandFailure) {
        if json {
            Terminal.say(document.json())
        } else if csv {
            let table = table
            let text = try reportOrFailure { () throws(ReportError) in
                try document.csv(table: table)
            }
            // A line ends in CR LF here, which is one character.
            Terminal.say(String(text.unicodeScalars.dropLast()))
        } else if let html {
            try PrivateFile.write(Array(document.html().utf8), to: html)
            Terminal.complain("\(html) was written.")
        } else {
            let text = document.text(width: Self.terminalWidth)
            Terminal.say(String(text.dropLast()))
        }
    }

    /// How many columns the terminal has; `nil` where there is none.
    private static var terminalWidth: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return nil
        }
        return Int(size.ws_col)
    }
}
