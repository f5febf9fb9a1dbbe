import ArgumentParser
import Authenticators
import Cryptography
import Encoding
import LineProtocol
import SecurityKeys
import WebAuthn

struct Enroll: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Enrol a security key for a user.",
        discussion: """
            The key makes a credential and proves what it is; the server verifies and keeps it. The person is \
            verified by fingerprint where the key can, else by PIN.
            """)

    @Argument(help: "The user.")
    var user: String

    @OptionGroup var options: CeremonyOptions

    @OptionGroup(title: "Options for a card") var cardKey: CardKeyOptions

    @Option(help: "A name for the key, such as 'blue key'.")
    var label: String = ""

    @Flag(help: "Add the user first, if there is none of that name.")
    var addUser = false

    func run() async throws {
        try await reporting {
            let authenticator = try options.authenticator.open()
            let connection = try await options.server.connect()
            if addUser { try await add(on: connection) }
            let reply: Reply
            let text: String
            switch authenticator {
            case .key(let key):
                reply = try await Ceremony(connection: connection, origin: options.origin).enroll(
                    user, relyingParty: options.rp, label: label, with: key,
                    interaction: .terminal)
                text = try Self.text(reply, path: options.authenticator.place)
            case .card(let card):
                reply = try await CardCeremony(connection: connection).enroll(
                    user, relyingParty: options.rp, label: label, with: card,
                    by: try cardKey.way(), chain: try cardKey.intermediates(),
                    interaction: .terminal)
                text = try Self.cardText(reply, reader: options.authenticator.place)
            }
            await connection.close()
            Terminal.say(options.json ? reply.json.encoded() : text)
        }
    }

    private func add(on connection: ServerConnection) async throws(CommandFailure) {
        let reply = try await connection.ask("USER ADD", [user])
        guard reply.isSuccess || reply.word == .conflict else {
            throw CommandFailure(.refused, "the server refused USER ADD: \(reply.summary)")
        }
    }

    static func text(_ reply: Reply, path: String) throws(CommandFailure) -> String {
        let trusted =
            reply["trusted"] == "yes" ? "leads to a known root" : "not traced to a known root"
        var lines = [
            "Enrolled \(path) for \(try reply.required("user")).",
            "  credential   \(try reply.required("cred"))",
            "  model        \(reply["model"] ?? "not in the catalogue") (AAGUID \(try reply.required("aaguid")))",
            "  attestation  \(try reply.required("fmt")), \(try reply.required("attestation")), \(trusted)",
            "  verified     \(reply["uv"] == "yes" ? "the person, by the key" : "presence only")",
        ]
        if let advisories = reply["advisories"] {
            lines.append("  advisories   \(advisories)  (see 'countersign devices info \(path)')")
        }
        return lines.joined(separator: "\n")
    }
}

extension Reply {
    /// The reply for programs: its word, and its options by their names.
    var json: JSON {
        var members = Dictionary(options.map { ($0.key, JSON.string($0.value)) }) { first, _ in
            first
        }
        members["reply"] = .string(word.rawValue)
        members["ok"] = .bool(isSuccess)
        return .object(members)
    }
}
