import ArgumentParser
import AuditLog
import Foundation

extension Audit {
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify an export, without a server.",
            discussion: """
                Exit status 0: the records are those that the log's key signed, but for the last ones where it says so. \
                Exit status 1: something was altered, is missing or stands elsewhere, and the first such is named; or no \
                signed head is over the records.
                """)

        @Argument(help: "The export; '-' for standard input.")
        var file: String

        @Option(
            help: ArgumentHelp(
                "What 'countersign audit key' printed once, or a file with it.", valueName: "key"))
        var key: String

        @Option(
            help: ArgumentHelp(
                "A file with a head that was kept elsewhere; may be given again.",
                valueName: "file"))
        var head: [String] = []

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let key = try Self.key(key)
                let heads = try head.map { try Self.head($0, key) }
                var verifier = AuditVerifier(key: key, earlierHeads: heads)
                do {
                    let input =
                        file == "-"
                        ? FileHandle.standardInput
                        : try FileHandle(forReadingFrom: URL(fileURLWithPath: file))
                    while !verifier.hasFailed, let part = try input.read(upToCount: 65_536),
                        !part.isEmpty
                    {
                        verifier.read(part)
                    }
                } catch {
                    throw CommandFailure(.configuration, "\(file) cannot be read")
                }
                let verdict = verifier.finish()
                if json {
                    Terminal.say(HarmlessText.json(verdict.json))
                } else {
                    for line in verdict.conclusion { Terminal.say(line) }
                }
                guard verdict.isProven else {
                    throw ExitCode(CommandFailure.Status.refused.rawValue)
                }
            }
        }

        private static func key(_ text: String) throws(CommandFailure) -> NoteVerifierKey {
            if let key = try? NoteVerifierKey(text) { return key }
            let content = try content(of: text, upTo: 4096)
            guard let key = try? NoteVerifierKey(content.trimmingCharacters(in: .newlines)) else {
                throw CommandFailure(
                    .configuration, "\(HarmlessText.escaped(text)) holds no key of a log",
                    advice: "Give what 'countersign audit key' prints.")
            }
            return key
        }

        private static func head(
            _ path: String, _ key: NoteVerifierKey
        ) throws(CommandFailure) -> AuditHead {
            let content = try content(of: path, upTo: SignedNote.maximumLength)
            do throws(AuditLogError) {
                return try AuditHead(verifying: content, with: key)
            } catch {
                throw CommandFailure(
                    .refused, "\(path) is no head that the log's key signed (\(error.code))",
                    advice: "Give what 'countersign audit head' printed, unaltered.")
            }
        }

        private static func content(
            of path: String, upTo limit: Int
        ) throws(CommandFailure) -> String {
            guard let input = FileHandle(forReadingAtPath: path),
                let content = try? input.read(upToCount: limit),
                let text = String(validating: content, as: UTF8.self)
            else {
                throw CommandFailure(
                    .configuration, "\(HarmlessText.escaped(path)) cannot be read")
            }
            return text
        }
    }
}
