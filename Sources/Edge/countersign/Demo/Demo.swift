import Accounts
import ArgumentParser
import Authenticators
import CredentialStore
import Emulators
import LineProtocol
import LoadTest
import PhoneEmulator
import SecurityKeys
import WebAuthn

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Show the whole story in a minute, with a security key, a card and a phone in software."
    )

    @Option(help: "Seconds of the load test at the end.")
    var seconds = 5.0

    private static let relyingParty = "example.org"

    func run() async throws {
        try await reporting {
            let key: SoftwareSecurityKey
            let card: SoftwareCard
            do throws(EmulatorError) {
                key = try SoftwareSecurityKey()
                card = try SoftwareCard()
            } catch {
                throw CommandFailure(.internalError, "\(error)")
            }
            let server = try await ScratchServer.start(
                relyingParty: Self.relyingParty, attestationRoot: key.attestationRoot,
                cardRoot: card.attestationRoot)
            defer { server.remove() }
            let phone: SoftwarePhone
            do throws(PhoneFailure) {
                phone = try SoftwarePhone()
            } catch {
                throw CommandFailure(.internalError, "\(error)")
            }
            try await tell(key, server)
            try await tell(card, server)
            try await tell(phone, server)
            try await tellOfCodes(server)
            try await tellOfPolicies(server)
            try await loadTest(server)
        }
    }

    private func tell(_ key: SoftwareSecurityKey, _ server: ScratchServer) async throws {
        let device = SecurityKeyDevice(path: .emulator(file: "in-memory")) {
            () throws(AuthenticatorFailure) in key.openTransport()
        }
        let connection = try await ServerConnection(to: server.endpoint, credentials: nil)
        Self.title("1. A help desk enrols Alice's security key with her fingerprint")
        Self.note(
            "libfido2 speaks CTAP2 to a security key in software; the server trusts its root.")
        _ = try await connection.demand("USER ADD", ["alice"], ["display": "Alice Adams"])
        let ceremony = Ceremony(connection: connection, origin: nil)
        let enrolled = try await ceremony.enroll(
            "alice", relyingParty: nil, label: "blue key", with: device, interaction: Self.person)
        Terminal.say(try Enroll.text(enrolled, path: "the key"))

        Self.title("2. Alice signs in: a biometric-backed assertion, verified")
        let answer = try await ceremony.answer(
            "alice", relyingParty: nil, with: device, interaction: Self.person)
        let reply = try await Self.send(answer, on: connection)
        guard reply.isSuccess else { throw Self.unexpected(reply) }
        Terminal.say(try Verify.text(reply))

        Self.title("3. A thief replays the very same answer")
        Self.note("A challenge is answered once; its row was written with the yes.")
        try await expectRefusal("challenge-spent", of: answer, on: connection)

        Self.title("4. Somebody who borrowed the key touches it without the right finger")
        Self.note("The key signs that a person was there, and that it verified nobody.")
        var careless = ceremony
        careless.skipsUserVerification = true
        let touched = try await careless.answer(
            "alice", relyingParty: nil, with: device, interaction: Self.person)
        try await expectRefusal("user-not-verified", of: touched, on: connection)

        Self.title("5. A phishing page at https://examp1e.org gets Alice to sign")
        Self.note("The signature holds, and the origin that the browser put into it is not ours.")
        var phishing = ceremony
        phishing.origin = "https://examp1e.org"
        let phished = try await phishing.answer(
            "alice", relyingParty: nil, with: device, interaction: Self.person)
        try await expectRefusal("wrong-origin", of: phished, on: connection)
        await connection.close()
    }

    private func loadTest(_ server: ScratchServer) async throws {
        Self.title("16. How many sign-ins with keys a second does this machine hold?")
        Self.note("Each one verified, spent and on disk before its yes. This takes a few seconds.")
        let relyingPartyID = try RelyingPartyID(Self.relyingParty)
        let report: LoadReport
        do throws(LoadTestError) {
            report = try await LoadTestCommand.run(
                LoadPlan(
                    endpoint: server.endpoint, relyingPartyID: relyingPartyID,
                    origin: "https://\(Self.relyingParty)", credentials: 512, connections: 16,
                    depth: 16, goal: .seconds(seconds)))
        } catch {
            throw CommandFailure(.internalError, "\(error)")
        }
        Terminal.say(report.table)
        // Alice's own five and Bob's one are on disk too.
        let rows = try server.counts().accepted - 6
        guard report.isSound, rows == report.accepted else {
            throw CommandFailure(.refused, "yeses and rows on disk differ")
        }
        Terminal.say(
            "The server has ended; \(rows) accepted rows of the test are in its database.")
    }

    private static let person = Interaction(
        report: { Terminal.say("  > \($0.prompt)") }, pin: { _ in nil })

    static func title(_ text: String) { Terminal.say("\n== \(text)") }

    static func note(_ text: String) { Terminal.say("   \(text)") }

    private static func send(
        _ answer: Ceremony.Answer, on connection: ServerConnection
    ) async throws(CommandFailure) -> Reply {
        try await connection.ask("ASSERT", [answer.transaction], answer.options)
    }

    /// The demonstration fails if the server says yes, or no for another reason.
    private func expectRefusal(
        _ reason: String, of answer: Ceremony.Answer, on connection: ServerConnection
    ) async throws(CommandFailure) {
        try Self.expectRefusal(reason, try await Self.send(answer, on: connection))
    }

    static func expectRefusal(_ reason: String, _ reply: Reply) throws(CommandFailure) {
        guard reply.word == .no, reply["reason"] == reason else { throw unexpected(reply) }
        Terminal.say("Refused: \(reply.summary)")
    }

    static func unexpected(_ reply: Reply) -> CommandFailure {
        CommandFailure(.internalError, "the server did not answer as expected: \(reply.summary)")
    }
}
