import ArgumentParser
import Authenticators
import Encoding
import LineProtocol
import SecurityKeys

struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Have a user sign in with a security key or a card, and say what came of it.",
        discussion: "Exit status 0 means authenticated; everything else does not.")

    @Argument(help: "The user.")
    var user: String

    @OptionGroup var options: CeremonyOptions

    func run() async throws {
        try await reporting {
            let authenticator = try options.authenticator.open()
            let connection = try await options.server.connect()
            let reply: Reply
            switch authenticator {
            case .key(let key):
                reply = try await Ceremony(connection: connection, origin: options.origin).verify(
                    user, relyingParty: options.rp, with: key, interaction: .terminal)
            case .card(let card):
                reply = try await CardCeremony(connection: connection).verify(
                    user, relyingParty: options.rp, with: card, interaction: .terminal)
            }
            await connection.close()
            if options.json { Terminal.say(reply.json.encoded()) }
            guard reply.isSuccess else {
                throw CommandFailure(
                    .refused, "not authenticated: \(reply.summary)",
                    advice: "The server's sign-in record says why.")
            }
            if !options.json { Terminal.say(try Self.text(reply)) }
        }
    }

    static func text(_ reply: Reply) throws(CommandFailure) -> String {
        let isCard = reply["method"] == "piv"
        let holder = isCard ? "card" : "key"
        var person =
            reply["uv"] == "yes" ? "the person was verified by the \(holder)" : "presence only"
        if let means = reply["uvm"] {
            person += ", which does so by \(means.split(separator: ",").joined(separator: " or "))"
        }
        let label = reply["label"] ?? ""
        var rows = [
            (holder, label.isEmpty ? try reply.required("cred") : label),
            ("person", person),
            (
                "methods",
                "\(try reply.required("amr")) (assurance level \(try reply.required("aal")))"
            ),
        ]
        if isCard {
            let serial = reply["serial"].map { ", card number \($0)" } ?? ""
            rows.append(("slot", try reply.required("slot") + serial))
        } else {
            rows.append(("counter", try reply.required("count")))
        }
        return "Authenticated \(try reply.required("user")).\n" + Terminal.table(rows)
    }
}
