import Authenticators
import Emulators
import LineProtocol
import SmartCards

extension Demo {
    /// The part of the story that a smart card plays.
    func tell(_ card: SoftwareCard, _ server: ScratchServer) async throws {
        let device = SmartCardDevice(path: .emulator(file: "in-memory")) {
            () throws(AuthenticatorFailure) in card.openTransport()
        }
        let connection = try await ServerConnection(to: server.endpoint, credentials: nil)
        let ceremony = CardCeremony(connection: connection)
        Self.title("6. Alice's smart card makes a key, and attests that it did")
        Self.note(
            "A PIV card in software; its new management key stays in it, for whoever knows the PIN."
        )
        let enrolled = try await ceremony.enroll(
            "alice", relyingParty: nil, label: "staff card", with: device, by: .generate(),
            interaction: Self.cardholder)
        Terminal.say(try Enroll.cardText(enrolled, reader: "the card"))

        Self.title("7. She signs in with card and PIN; the same signature is worth nothing again")
        Self.note(
            "The card signs a message that names server, user, key and challenge; never a bare challenge."
        )
        let answer = try await ceremony.answer(
            "alice", relyingParty: nil, with: device, interaction: Self.cardholder)
        let reply = try await connection.ask(
            "ASSERT", [answer.transaction], options: answer.options)
        guard reply.isSuccess else { throw Self.unexpected(reply) }
        Terminal.say(try Verify.text(reply))
        try Self.expectRefusal(
            "challenge-spent",
            try await connection.ask("ASSERT", [answer.transaction], options: answer.options))
        let fresh = try await connection.demand("CHALLENGE", ["alice"], ["kind": "piv"])
        try Self.expectRefusal(
            "wrong-challenge",
            try await connection.ask(
                "ASSERT", [try fresh.required("txn")], options: answer.options))
        await connection.close()
    }

    private static let cardholder = Interaction(
        report: { Terminal.say("  > \($0.prompt)") },
        // The PIN of a new software card.
        pin: { _ in PIN("123456") })
}
