import ArgumentParser
import Encoding
import LineProtocol

extension Tokens {
    struct Enroll: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Enrol a new token for a user, and have it prove that it works.",
            discussion: """
                For totp and hotp the QR code is for an authenticator app, which then shows the code to type. For hmac \
                the secret goes into a slot, with 'ykman otp chalresp 2 SECRET', and the answer is what 'ykman otp \
                calculate 2 CHALLENGE' prints.
                """)

        @Argument(help: "The user.")
        var user: String

        @Option(help: "totp, hotp, ocra or hmac.")
        var kind = "totp"

        @Option(help: "sha1, sha256 or sha512; many apps know sha1 alone.")
        var hash: String?

        @Option(help: "6, 7 or 8.")
        var digits: Int?

        @Option(help: "Seconds of a time step.")
        var period: Int?

        @Option(help: "The suite, for ocra.")
        var suite: String?

        @Option(help: "A name for the token.")
        var label = ""

        @OptionGroup var server: ServerOptions
        @OptionGroup var picture: QROptions

        func run() async throws {
            try await reporting {
                let connection = try await server.connect()
                let options: [LineProtocol.Option] = [
                    ("kind", kind), ("hash", hash), ("digits", digits.map { String($0) }),
                    ("period", period.map { String($0) }), ("suite", suite),
                ].compactMap { key, value in value.map { .init(key, $0) } }
                let begun = try await connection.demand("ENROLL BEGIN", [user], options: options)
                try tell(begun)
                let transaction = try begun.required("txn")
                let reply = try await prove(transaction, on: connection)
                await connection.close()
                Terminal.say("Enrolled a token for \(user).")
                Terminal.say(Terminal.table(reply.options.map { ($0.key, $0.value) }))
            }
        }

        private func tell(_ begun: Reply) throws(CommandFailure) {
            if let uri = begun["uri"] {
                try picture.show(uri)
                Terminal.say(uri)
            } else {
                Terminal.say("secret     \(try begun.required("secret"))")
            }
            if let challenge = begun["challenge"] { Terminal.say("challenge  \(challenge)") }
            if let question = begun["question"] { Terminal.say("question   \(question)") }
        }

        /// Asks for a code until one is right, five times at most.
        private func prove(
            _ transaction: String, on connection: ServerConnection
        ) async throws(CommandFailure) -> Reply {
            var last: Reply?
            for _ in 0..<5 {
                let prompt = kind == "hmac" ? "The token's answer: " : "The token's code: "
                guard let code = Terminal.ask(prompt) else { break }
                let reply = try await connection.ask(
                    "ENROLL FINISH", [transaction],
                    [kind == "hmac" ? "resp" : "code": code, "label": label])
                if reply.isSuccess { return reply }
                last = reply
                guard ["wrong-code", "wrong-response"].contains(reply["reason"] ?? "") else {
                    break
                }
                Terminal.complain("That is not it.")
            }
            throw CommandFailure(
                .refused, "the token was not enrolled\(last.map { ": \($0.summary)" } ?? "")",
                advice: "Nothing was kept. Begin again.")
        }
    }
}
