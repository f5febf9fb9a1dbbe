import AuditLog
import Encoding
import LineProtocol
import Reports

/// A list of the directory's on the terminal.
struct DirectoryList {
    /// A column: its heading, and what it shows of an item.
    struct Column {
        let title: String
        let text: ([LineProtocol.Option]) -> String

        /// Shows an option as it is, with what could do harm escaped; a dash where it is empty or missing.
        init(_ title: String, _ key: String) {
            self.init(title) { item in item.value(key) ?? "" }
        }

        init(_ title: String, _ text: @escaping ([LineProtocol.Option]) -> String) {
            self.title = title
            self.text = { item in
                let shown = VisibleText.escaped(text(item))
                return shown.isEmpty ? "-" : shown
            }
        }

        /// Shows a moment.
        static func moment(_ title: String, _ key: String) -> Column {
            Column(title) { item in item.value(key).map(Moment.text) ?? "" }
        }
    }

    let columns: [Column]

    /// Headings and items in columns, the last of which is as long as it is.
    func text(_ items: [[LineProtocol.Option]]) -> String {
        let rows =
            [columns.map { $0.title.uppercased() }]
            + items.map { item in columns.map { $0.text(item) } }
        let widths = columns.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { index, cell in
                index == row.count - 1
                    ? cell.0
                    : cell.0 + String(repeating: " ", count: cell.1 - cell.0.count)
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// The items as a JSON array of objects of texts.
    static func json(_ items: [[LineProtocol.Option]]) -> String {
        HarmlessText.json(
            .array(
                items.map { item in
                    .object(
                        Dictionary(
                            item.map { ($0.key, JSON.string($0.value)) },
                            uniquingKeysWith: { first, _ in first }))
                }))
    }
}

extension ServerConnection {
    /// All items of a list that the server gives a page at a time.
    ///
    /// - Parameter key: the option that names an item, by which the next page is asked for.
    func pages(
        of verb: String, _ positionals: [String] = [], by key: String,
        options: [LineProtocol.Option] = []
    ) async throws(CommandFailure) -> [[LineProtocol.Option]] {
        let length = 500
        var items: [[LineProtocol.Option]] = []
        while true {
            var asked = options + [.init("limit", String(length))]
            if let last = items.last?.value(key) { asked.append(.init("after", last)) }
            let page = try await demand(verb, positionals, options: asked).items()
            items += page
            guard page.count == length, page.last?.value(key) != nil else { return items }
        }
    }
}

/// Has the server do something, and says what it answered.
func administer(
    _ server: ServerOptions, _ verb: String, _ positionals: [String],
    _ options: [LineProtocol.Option] = []
) async throws {
    try await reporting {
        let connection = try await server.connect()
        let reply = try await connection.demand(verb, positionals, options: options)
        await connection.close()
        Terminal.say(
            Terminal.table(reply.options.map { ($0.key, VisibleText.escaped($0.value)) }))
    }
}

/// Options of a request, without those that were not given.
func given(_ options: [(String, String?)]) -> [LineProtocol.Option] {
    options.compactMap { key, value in value.map { LineProtocol.Option(key, $0) } }
}
