import ArgumentParser
import AuditLog
import Encoding
import Glibc
import LineProtocol

extension Audit {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the log, up to a head signed now, as a file that can be verified.",
            discussion: """
                A line of JSON a record, for 'countersign audit verify' and for people. Where the log was tampered with \
                everything is written as it was found, and the exit status is 1.
                """)

        @Option(help: ArgumentHelp("Begin after the record of this number.", valueName: "number"))
        var after: Int = 0

        @Option(help: ArgumentHelp("Where to; standard output if not given.", valueName: "file"))
        var output: String?

        @OptionGroup var server: ServerOptions

        func validate() throws {
            guard after >= 0 else { throw ValidationError("Records are numbered from 1.") }
        }

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let source = AuditSource(connection: connection)
                let key = try await source.key()
                let (newest, problem) = try await source.head(verifiedWith: key)
                if let newest, newest.chain.count < after {
                    throw CommandFailure(
                        .refused, "the log has \(newest.chain.count) records, none after \(after)")
                }
                let file = try OutputFile(output)
                let start = try await source.start(after: after, origin: key.name)
                try file.write(AuditExport.header(origin: key.name, after: start))
                for note in try await source.notes(from: after, through: newest, key) {
                    try file.write(AuditExport.head(note))
                }
                var last = after
                pages: while true {
                    let rows = try await source.rows(after: last)
                    for row in rows {
                        if let newest, row.number > newest.chain.count { break pages }
                        try file.write(
                            AuditExport.record(
                                number: row.number, bytes: row.bytes, hash: row.hash))
                        last = row.number
                    }
                    if rows.isEmpty { break }
                }
                await connection.close()
                if let problem { throw problem }
                if output != nil {
                    Terminal.complain("Records \(after + 1) to \(last) were written.")
                }
            }
        }
    }
}

/// The log as the server gives it.
private struct AuditSource {
    let connection: ServerConnection

    func key() async throws(CommandFailure) -> NoteVerifierKey {
        let text = try await connection.demand("AUDIT KEY").required("key")
        guard let key = try? NoteVerifierKey(text) else {
            throw CommandFailure(.internalError, "the server sent a key that is none")
        }
        return key
    }

    /// A head signed now, or why there is none, which is no reason not to export what there is.
    func head(
        verifiedWith key: NoteVerifierKey
    ) async throws(CommandFailure) -> (head: AuditHead?, problem: CommandFailure?) {
        let reply = try await connection.ask("AUDIT HEAD")
        guard reply.isSuccess else {
            let problem = CommandFailure(
                .refused, "the server signs no head: \(HarmlessText.escaped(reply.summary))")
            // Whoever may not ask for a head may not ask for the rest.
            if reply.word == .noPermission { throw problem }
            return (nil, problem)
        }
        let note = try AuditNote.text(in: reply["note"])
        guard let head = try? AuditHead(verifying: note, with: key) else {
            throw CommandFailure(.internalError, "the server sent a head that its key did not sign")
        }
        return (head, nil)
    }

    /// The hash that the export begins with, as the server has it.
    func start(
        after number: Int, origin: NoteKeyName
    ) async throws(CommandFailure) -> ChainHead {
        guard number > 0 else { return ChainHead(origin: origin.text) }
        let row = try await rows(after: number - 1, limit: 1).first
        guard let row, row.number == number,
            let start = ChainHead(count: number, hash: row.hash)
        else {
            throw CommandFailure(.refused, "there is no record \(number) to begin after")
        }
        return start
    }

    /// Notes of the latest heads over what is exported, and those that are none of the key's, for a verification to find.
    func notes(
        from start: Int, through newest: AuditHead?, _ key: NoteVerifierKey
    ) async throws(CommandFailure) -> [String] {
        let items = try await connection.demand("AUDIT HEADS", [], ["limit": "8"]).items()
        var notes: [String] = []
        for item in items {
            let option = item.first { $0.key == "note" }?.value ?? ""
            let text = (try? Base64URL.decode(option)).map { String(decoding: $0, as: UTF8.self) }
            guard let text else { continue }
            if let head = try? AuditHead(verifying: text, with: key) {
                guard (start...(newest?.chain.count ?? .max)).contains(head.chain.count) else {
                    continue
                }
            }
            notes.append(text)
        }
        return notes
    }

    func rows(
        after number: Int, limit: Int = 256
    ) async throws(CommandFailure) -> [(number: Int, bytes: [UInt8], hash: [UInt8])] {
        let reply = try await connection.demand(
            "AUDIT EXPORT", [], ["after": String(number), "limit": String(limit)])
        return try reply.items().map { item throws(CommandFailure) in
            func value(_ key: String) -> String { item.first { $0.key == key }?.value ?? "" }
            guard let number = Int(value("number")),
                let bytes = try? Base64URL.decode(value("record")),
                let hash = try? Base64URL.decode(value("hash"))
            else {
                throw CommandFailure(.internalError, "the server sent a record that is none")
            }
            return (number, bytes, hash)
        }
    }
}

/// A file of lines that is written as they come, or standard output.
private struct OutputFile: ~Copyable {
    private let descriptor: Int32
    private let path: String

    init(_ path: String?) throws(CommandFailure) {
        self.path = path ?? "standard output"
        guard let path else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = unsafe open(
            path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.configuration, "\(path) cannot be made")
        }
    }

    deinit {
        if descriptor != STDOUT_FILENO { close(descriptor) }
    }

    func write(_ line: String) throws(CommandFailure) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            guard written > 0 else {
                throw CommandFailure(.configuration, "\(path) cannot be written")
            }
            rest = rest.dropFirst(written)
        }
    }
}
