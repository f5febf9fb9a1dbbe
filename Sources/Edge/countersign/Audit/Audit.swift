import ArgumentParser
import AuditLog
import Encoding
import Foundation
import LineProtocol

struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read, export and verify the record of every administrative act.",
        discussion: """
            Each record has a hash over itself and all before it, and the server signs the last hash at intervals. An \
            export is verified without the server:

              countersign audit key > audit.key
              countersign audit export --output audit.jsonl
              countersign audit verify audit.jsonl --key audit.key

            Keep the key, and from time to time what 'countersign audit head' prints, where nobody who administers the \
            server can write. Given to 'verify' with --head, such a head shows whether anything of before was altered or \
            deleted since, even by one who has the server's key.
            """,
        subcommands: [List.self, Export.self, Head.self, Key.self, Verify.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List records, the newest first.")

        @Option(help: ArgumentHelp("What was done.", valueName: "add-user"))
        var activity: String?

        @Option(help: ArgumentHelp("Who did it.", valueName: "administrator:alice"))
        var by: String?

        @Option(help: ArgumentHelp("What it was done to.", valueName: "user:bob"))
        var target: String?

        @Option(help: ArgumentHelp("Not before this.", valueName: "2026-11-24, 12h or 30d ago"))
        var since: String?

        @Option(help: ArgumentHelp("Before this.", valueName: "2026-11-24, 12h or 30d ago"))
        var until: String?

        @Option(help: ArgumentHelp("Before the record of this number.", valueName: "number"))
        var before: Int?

        @Option(help: "How many at most, up to 1000.")
        var limit: Int = 100

        @Flag(help: "Print JSON.")
        var json = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let now = Date()
                let options = [
                    ("activity", activity), ("actor", by), ("target", target),
                    ("since", try since.map { try Self.moment($0, now: now) }),
                    ("until", try until.map { try Self.moment($0, now: now) }),
                    ("before", before.map { String($0) }), ("limit", String(limit)),
                ].compactMap { key, value in value.map { LineProtocol.Option(key, $0) } }
                let connection = try await server.connect()
                let reply = try await connection.demand("AUDIT LIST", [], options: options)
                await connection.close()
                let items = try reply.items().map(AuditItem.init)
                guard !json else {
                    Terminal.say(HarmlessText.json(.array(items.map(\.json))))
                    return
                }
                if items.isEmpty { Terminal.say("No records.") }
                for item in items { Terminal.say(item.text) }
            }
        }

        /// Milliseconds since 1970 of a date, a time, or a span before now.
        private static func moment(_ text: String, now: Date) throws(CommandFailure) -> String {
            guard let moment = AuditMoment(text, now: now) else {
                throw CommandFailure(
                    .configuration, "'\(HarmlessText.escaped(text))' is no time",
                    advice: "Give it as 2026-11-24, 2026-11-24T18:00:00Z, 90m, 12h or 30d.")
            }
            return String(moment.milliseconds)
        }
    }

    struct Head: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Have the server sign a head over the log, and print it for a witness.")

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let reply = try await connection.demand("AUDIT HEAD")
                await connection.close()
                Terminal.say(String(try AuditNote.text(in: reply["note"]).dropLast()))
            }
        }
    }

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the key that heads of the log are verified with.")

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let reply = try await connection.demand("AUDIT KEY")
                await connection.close()
                Terminal.say(HarmlessText.escaped(try reply.required("key")))
            }
        }
    }
}

/// A moment that somebody typed.
struct AuditMoment {
    /// Milliseconds since 1970.
    let milliseconds: Int64

    /// Reads `2026-11-24`, `2026-11-24T18:00:00Z`, or a span before now: `90m`, `12h`, `30d`.
    init?(_ text: String, now: Date) {
        let seconds: Double
        if let unit = text.last, let span = Int32(text.dropLast()), span >= 0,
            let length = ["m": 60.0, "h": 3600, "d": 86_400][unit]
        {
            seconds = now.timeIntervalSince1970 - Double(span) * length
        } else if let date = (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: .iso8601.year().month().day()))
        {
            seconds = date.timeIntervalSince1970
        } else {
            return nil
        }
        milliseconds = Int64(seconds * 1000)
    }
}

/// A note as replies have it.
enum AuditNote {
    static func text(in option: String?) throws(CommandFailure) -> String {
        guard let option, let bytes = try? Base64URL.decode(option),
            let text = String(validating: bytes, as: UTF8.self), let note = try? SignedNote(text)
        else {
            throw CommandFailure(.internalError, "the server sent a head that is no signed note")
        }
        return note.encoded
    }
}
