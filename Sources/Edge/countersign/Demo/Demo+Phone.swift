import LineProtocol
import PhoneEmulator
import PushMessages

extension Demo {
    /// The part of the story that a phone plays.
    func tell(_ phone: SoftwarePhone, _ server: ScratchServer) async throws {
        let connection = try await ServerConnection(to: server.endpoint, credentials: nil)
        Self.title("8. Alice scans a QR code, and her phone is enrolled")
        Self.note(
            "The code carries address, key and a secret that is good once; the phone makes a key.")
        let begun = try await connection.demand("ENROLL BEGIN", ["alice"], ["kind": "push"])
        try await phone.enrol(EnrolmentTicket(decoding: begun.required("uri")))
        let enrolled = try await connection.demand("ENROLL WAIT", [begun.required("txn")])
        Terminal.say(try Phones.EnrollPhone.text(enrolled))

        let numbers = ShownNumbers()
        let person = Task {
            try await phone.run(person: .script([.approve, .notMe], numbers: numbers))
        }
        defer { person.cancel() }
        Self.title("9. The VPN asks on the phone; she types the number that it shows")
        Self.note(
            "By Web Push: encrypted for her phone, signed by the server. She signs what she saw.")
        let sent = try await connection.demand(
            "PUSH", ["alice"], ["svc": "vpn", "rip": "192.0.2.7", "info": "laptop"])
        let number = try sent.required("number")
        Terminal.say("  > The VPN shows \(number)")
        numbers.show(number)
        let approved = try await connection.ask("WAIT", [sent.required("txn")])
        guard approved.isSuccess else { throw Self.unexpected(approved) }
        Terminal.say(try Phones.Ask.text(approved))

        Self.title("10. Somebody who knows her password tries; she says: that was not me")
        Self.note("No more prompts to her until an administrator, or her own key, says so.")
        let unasked = try await connection.demand(
            "PUSH", ["alice"], ["svc": "mail", "rip": "203.0.113.9"])
        numbers.show("")
        try Self.expectRefusal(
            "push-not-me", try await connection.ask("WAIT", [unasked.required("txn")]))
        let risk = try await connection.demand("RISK GET", ["alice"])
        for item in try risk.items().prefix(2) {
            Terminal.say("  " + item.map { "\($0.key)=\($0.value)" }.joined(separator: "  "))
        }
        _ = try await person.value
        await connection.close()
        await phone.close()
    }
}
