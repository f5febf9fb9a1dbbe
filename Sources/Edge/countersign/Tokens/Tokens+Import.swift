import ArgumentParser
import LineProtocol
import OATH

extension Tokens {
    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Import tokens from a file, and tell of each line what became of it.",
            discussion: """
                The file is a table of comma-separated values whose first line names the columns (serial number, secret \
                key or secret hex, and any of upn, time interval, manufacturer, model, kind, algorithm, digits, counter, \
                suite, issuer), a key container (PSKC, RFC 6030), or otpauth:// URIs, one a line. Which of them is told \
                by what is in it.

                A bad line stops no other; the exit status is 1 if there was any.
                """)

        @Argument(help: "The file, or - for standard input.")
        var file: String

        @Option(help: "What the file is: csv, pskc or uri.")
        var format: TokenFileFormat?

        @OptionGroup var keys: ContainerKeyOptions

        @Flag(help: "Only read the file, and add nothing.")
        var dryRun = false

        @OptionGroup var server: ServerOptions

        func run() async throws {
            try await reporting {
                let batch = try TokenBatch(InputFile.read(file), format: format, keys: keys)
                if batch.isSigned {
                    Terminal.complain("The container's signature is not verified.")
                }
                let connection = dryRun ? nil : try await server.connect()
                var failures = 0
                for line in batch.lines {
                    let outcome = try await Self.add(line, on: connection)
                    if case .failure = outcome { failures += 1 }
                    Terminal.say(Self.text(line, outcome))
                }
                await connection?.close()
                let done = batch.lines.count - failures
                Terminal.say(
                    "\(done) \(dryRun ? "can be added" : "added"), \(failures) not.")
                if failures > 0 { throw ExitCode(CommandFailure.Status.refused.rawValue) }
            }
        }

        /// What became of a line, in words.
        private enum Outcome {
            case success(String)
            case failure(String)
        }

        /// Adds a token. A server that has gone ends the import; one that refuses does not.
        private static func add(
            _ line: TokenBatch.Line, on connection: ServerConnection?
        ) async throws -> Outcome {
            let draft: TokenDraft
            switch line.content {
            case .success(let content): draft = content
            case .failure(let reason): return .failure(reason.text)
            }
            guard let connection else { return .success("\(draft.parameters.kind.rawValue)") }
            let reply: Reply
            do throws(CommandFailure) {
                reply = try await connection.ask("TOKEN ADD", [], options: draft.options)
            } catch {
                // What cannot be sent is the line's fault; all else is the connection's.
                guard error.status == .configuration else { throw error }
                return .failure(error.problem)
            }
            guard reply.isSuccess else {
                return .failure("the server refused: \(reply.summary)")
            }
            let owner = reply["user"].map { ", of \($0)" } ?? ""
            return .success(
                "\(draft.parameters.kind.rawValue) \(try reply.required("cred"))\(owner)")
        }

        private static func text(_ line: TokenBatch.Line, _ outcome: Outcome) -> String {
            // Of a line that is wrong all that is shown is the serial number, and that without what terminals obey.
            let serial = line.serial.map { "  \($0.escapedForTerminal)" } ?? ""
            return switch outcome {
            case .success(let words): "\(line.number)\(serial)  ok  \(words)"
            case .failure(let reason): "\(line.number)\(serial)  FAILED  \(reason)"
            }
        }
    }
}

extension TokenDraft {
    /// The arguments of TOKEN ADD.
    fileprivate var options: [LineProtocol.Option] {
        var options = [
            LineProtocol.Option("kind", parameters.kind.rawValue),
            LineProtocol.Option("secret", SecretText.encodeBase64URL(secret)),
        ]
        switch parameters.mechanism {
        case .totp(let digits, let period):
            options.append(.init("hash", parameters.hash.rawValue))
            options.append(.init("digits", String(digits.rawValue)))
            options.append(.init("period", String(period)))
        case .hotp(let digits):
            options.append(.init("hash", parameters.hash.rawValue))
            options.append(.init("digits", String(digits.rawValue)))
        case .ocra(let suite):
            options.append(.init("suite", suite.text))
        case .challengeResponse:
            options.append(.init("hash", parameters.hash.rawValue))
        }
        if counter > 0 { options.append(.init("counter", String(counter))) }
        if drift != 0 { options.append(.init("drift", String(drift))) }
        let facts = [
            ("user", user), ("serial", serial), ("manufacturer", manufacturer), ("model", model),
            ("label", issuer),
        ]
        options += facts.compactMap { key, value in
            value.flatMap { $0.isEmpty ? nil : LineProtocol.Option(key, $0) }
        }
        return options
    }
}

extension String {
    /// The text with control and format characters made visible.
    fileprivate var escapedForTerminal: String {
        unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
