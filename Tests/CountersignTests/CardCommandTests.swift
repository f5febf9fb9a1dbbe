import Accounts
import CredentialStore
import Cryptography
import Emulators
import Foundation
import LineProtocol
import TestSupport
import Testing

/// The commands about cards as a person meets them, who types a PIN at a terminal.
@Suite struct CardCommandTests {
    /// A software card in a file, which the server's options trust.
    private struct SoftwareCardFile {
        let scratch: Scratch
        var card: String { "emulator:\(scratch.file("card"))" }
        var trust: [String] { ["--card-root", scratch.file("root.der")] }

        init() async throws {
            scratch = try Scratch()
            let made = try await Program.run([
                "emulate", "card", "--state", scratch.file("card"), "--attestation-root",
                scratch.file("root.der"),
            ])
            try #require(made.status == 0, "\(made.complaints)")
        }
    }

    @Test(.needs("python3"), .timeLimit(.minutes(2)))
    func `a card is enrolled and signs in with its PIN, and the record says so`() async throws {
        let file = try await SoftwareCardFile()
        let server = try await TestServer(options: file.trust)
        let place = ["--card", file.card, "--socket", server.socket]
        let enrolled = try await Program.atTerminal(
            ["123456"], ["enroll", "alice", "--add-user", "--label", "staff card"] + place)
        #expect(enrolled.status == 0, "\(enrolled.output)")
        #expect(enrolled.output.contains("leads to a known root"))
        #expect(enrolled.output.contains("ES256 in slot 9a"))
        #expect(enrolled.output.contains("countersign-software-card"))
        #expect(enrolled.output.contains("verified by PIN"))

        let verified = try await Program.atTerminal(["123456"], ["verify", "alice"] + place)
        #expect(verified.status == 0, "\(verified.output)")
        #expect(verified.output.contains("swk,sc,pin,mfa (assurance level 2)"))
        #expect(verified.output.contains("staff card"))

        // A wrong PIN is asked for again, with the tries that are left.
        let clumsy = try await Program.atTerminal(
            ["000000", "123456"], ["verify", "alice"] + place)
        #expect(clumsy.status == 0, "\(clumsy.output)")
        #expect(clumsy.output.contains("(3 tries)"))
        #expect(clumsy.output.contains("Wrong PIN, 2 tries left."))
        for outcome in [enrolled, verified, clumsy] {
            #expect(!outcome.output.contains("123456"))
            #expect(!outcome.output.contains("000000"))
        }

        let occupied = try await Program.atTerminal(["123456"], ["enroll", "alice"] + place)
        #expect(occupied.status == 1)
        #expect(occupied.output.contains("slot 9a has a key already"))

        let connection = try await server.connect()
        let list = try await connection.ask("CRED LIST", ["alice"])
        guard case .list(let items) = list.body else {
            Issue.record("\(list)")
            return
        }
        let words = try #require(items.first).line.split(separator: " ")
        for fact in ["kind=piv", "evidence=attested", "model=countersign-software-card", "slot=9a"]
        {
            #expect(words.contains(Substring(fact)), "\(words)")
        }
        #expect(server.program.end() == 0)
        let signIns = try server.signIns()
        #expect(signIns.map(\.reason) == ["ok", "ok"])
        #expect(signIns.map(\.method) == [.piv, .piv])
    }

    @Test(.needs("python3"), .timeLimit(.minutes(2)))
    func `a card that no root vouches for is refused with the reason`() async throws {
        let file = try await SoftwareCardFile()
        let server = try await TestServer()
        let outcome = try await Program.atTerminal(
            ["123456"],
            ["enroll", "alice", "--add-user", "--card", file.card, "--socket", server.socket])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("reason=attestation-not-trusted"))
        #expect(server.program.end() == 0)
    }

    @Test func `without a terminal there is no PIN, and nothing is tried`() async throws {
        let file = try await SoftwareCardFile()
        let server = try await TestServer(options: file.trust)
        let outcome = try await Program.run(
            ["--wait"] + [
                Program.path, "enroll", "alice", "--add-user", "--card", file.card, "--socket",
                server.socket,
            ], executable: "/usr/bin/setsid")
        #expect(outcome.status == 69)
        #expect(outcome.complaints.contains("needs its PIN, and none was given"))
        let info = try await Program.run(["cards", "info", file.card, "--json"])
        #expect(info.output.contains("\"pin\":{\"isDefault\":true,\"retriesLeft\":3}"))
        #expect(server.program.end() == 0)
    }

    @Test(.needs("python3"), .timeLimit(.minutes(2)))
    func `PIN and PUK are changed, and a blocked PIN is unblocked`() async throws {
        let file = try await SoftwareCardFile()
        let card = file.card
        let changed = try await Program.atTerminal(
            ["123456", "654321", "654321"], ["cards", "pin", card])
        #expect(changed.status == 0, "\(changed.output)")
        let different = try await Program.atTerminal(
            ["654321", "111111", "222222"], ["cards", "pin", card])
        #expect(different.status == 1)
        #expect(different.output.contains("the two are not the same"))
        for left in [2, 1, 0] {
            let wrong = try await Program.atTerminal(
                ["123456", "111111", "111111"], ["cards", "pin", card])
            #expect(wrong.status == (left == 0 ? 69 : 1), "\(wrong.output)")
            if left > 0 { #expect(wrong.output.contains("\(left) tr")) }
        }
        let unblocked = try await Program.atTerminal(
            ["12345678", "123123", "123123"], ["cards", "pin", card, "--unblock"])
        #expect(unblocked.status == 0, "\(unblocked.output)")
        let puk = try await Program.atTerminal(
            ["12345678", "87654321", "87654321"], ["cards", "puk", card])
        #expect(puk.status == 0, "\(puk.output)")
        let old = try await Program.atTerminal(
            ["12345678", "11111111", "11111111"], ["cards", "puk", card])
        #expect(old.status == 1)
        #expect(old.output.contains("the PUK is wrong; 2 tries are left"))
    }

    @Test(.needs("python3"), .timeLimit(.minutes(2)))
    func `a certificate that an organisation issued signs in until it is revoked`() async throws {
        let scene = try await IssuedCardScene(revoking: [])
        let server = try await TestServer(options: ["--config", scene.configuration])
        let place = ["--card", scene.card, "--socket", server.socket]
        let stranger = try await Program.atTerminal(
            ["123456"], ["enroll", "bob", "--add-user", "--existing"] + place)
        #expect(stranger.status == 1)
        #expect(stranger.output.contains("reason=wrong-subject"))
        let enrolled = try await Program.atTerminal(
            ["123456"], ["enroll", "alice", "--add-user", "--existing"] + place)
        #expect(enrolled.status == 0, "\(enrolled.output)")
        #expect(enrolled.output.contains("a certificate that an authority issued"))
        let verified = try await Program.atTerminal(["123456"], ["verify", "alice"] + place)
        #expect(verified.status == 0, "\(verified.output)")
        #expect(verified.output.contains("hwk,sc,pin,mfa (assurance level 3)"))

        // The server takes a new list in by itself.
        try scene.publish(revoking: [scene.serialNumber], number: 2)
        #expect(await server.program.says("agency.crl was renewed"))
        let refused = try await Program.atTerminal(["123456"], ["verify", "alice"] + place)
        #expect(refused.status == 1, "\(refused.output)")
        #expect(server.program.end() == 0)
        #expect(try server.signIns().first?.reason == "certificate-revoked")
    }

    @Test(.needs("python3"), .timeLimit(.minutes(2)))
    func `an issued key that works without the PIN is found out`() async throws {
        let scene = try await IssuedCardScene(revoking: [], making: ["--pin-policy", "never"])
        let server = try await TestServer(options: ["--config", scene.configuration])
        let enrolled = try await Program.atTerminal(
            ["123456"],
            [
                "enroll", "alice", "--add-user", "--existing", "--card", scene.card, "--socket",
                server.socket,
            ])
        #expect(enrolled.status == 1)
        #expect(enrolled.output.contains("reason=user-not-verified"), "\(enrolled.output)")
        #expect(server.program.end() == 0)
    }

    @Test(.needs("python3"), .timeLimit(.minutes(2)))
    func `what the server would refuse is refused before a key is destroyed`() async throws {
        let file = try await SoftwareCardFile()
        let server = try await TestServer(options: file.trust)
        let place = ["--card", file.card, "--socket", server.socket]
        let made = try await Program.atTerminal(["123456"], ["cards", "generate", file.card])
        #expect(made.status == 0)
        let before = try await Program.run(["cards", "info", file.card, "--json"])
        for options in [["--slot", "9c"], ["--pin-policy", "never"]] {
            let outcome = try await Program.run(
                ["enroll", "alice", "--add-user", "--replace"] + options + place)
            #expect(outcome.status == 1)
            #expect(outcome.complaints.contains("Nothing was changed."), "\(outcome.complaints)")
        }
        let after = try await Program.run(["cards", "info", file.card, "--json"])
        #expect(after.output == before.output)
        #expect(server.program.end() == 0)
    }

    @Test func `what is wrong in the configuration of cards is named, with file and line`()
        async throws
    {
        let scratch = try Scratch()
        let base = "relying-parties: [{id: example.org}]\ncards:\n"
        for (line, complaint) in [
            ("  slots: [f9]", "3: "), ("  user-domain: example.org", "user-domain"),
            ("  revocation: perhaps", "3: "), ("  user-from: hearsay", "3: "),
            ("  issuers: [\(scratch.file("none"))]", "user-from"),
        ] {
            let file = try scratch.write(base + line + "\n", to: "c.yaml")
            let outcome = try await Program.run([
                "serve", "--config", file, "--data", scratch.file("data"), "--socket",
                scratch.file("s.sock"),
            ])
            #expect(outcome.status == 78, "\(line)")
            #expect(outcome.complaints.contains(complaint), "\(outcome.complaints)")
        }
    }
}

/// An organisation that issues to a software card's key, and a configuration that trusts it.
private struct IssuedCardScene {
    let serialNumber: [UInt8] = [0x2A]
    private let scratch: Scratch
    private let agency: CertificateAuthority
    private let day: CertificateAuthority.Validity

    var card: String { "emulator:\(scratch.file("card"))" }
    var configuration: String { scratch.file("countersign.yaml") }

    /// - Parameter making: options for making the key.
    init(revoking serialNumbers: [[UInt8]], making: [String] = []) async throws {
        scratch = try Scratch()
        let now = Int64(Date().timeIntervalSince1970)
        day = .init(notBefore: now - 3600, notAfter: now + 86_400)
        agency = try CertificateAuthority(
            subject: ["CN": "Agency"], key: P256PrivateKey(), validity: day)
        try await issue(making)
        try Data(agency.certificate.derRepresentation)
            .write(to: URL(fileURLWithPath: scratch.file("agency.der")))
        try publish(revoking: serialNumbers, number: 1)
        _ = try scratch.write(
            """
            relying-parties: [{id: example.org}]
            cards:
              issuers: [\(scratch.file("agency.der"))]
              revocation-lists: [\(scratch.file("agency.crl"))]
              user-from: upn
              user-domain: example.org

            """, to: "countersign.yaml")
    }

    func publish(revoking serialNumbers: [[UInt8]], number: UInt32) throws {
        let list = try agency.revocationList(
            revoking: serialNumbers, validity: day, number: number)
        try Data(list.derRepresentation).write(
            to: URL(fileURLWithPath: scratch.file("agency.crl")), options: .atomic)
    }

    /// The card makes a key, and Alice's certificate for it goes into the card.
    private func issue(_ making: [String]) async throws {
        let made = try await Program.atTerminal(
            ["123456"], ["cards", "generate", card] + making)
        try #require(made.status == 0, "\(made.output)")
        let base64 = made.output.split(whereSeparator: \.isNewline).drop { !$0.hasPrefix("-----") }
            .filter { !$0.hasPrefix("-----") }.joined()
        let key = try PublicKey(
            subjectPublicKeyInfo: Array(#require(Data(base64Encoded: base64))))
        var profile = CertificateAuthority.Profile()
        profile.keyUsage = .digitalSignature
        profile.userPrincipalNames = ["alice@example.org"]
        profile.serialNumber = serialNumber
        let certificate = try agency.issue(
            to: ["CN": "Alice Adams"], key: key, profile: profile, validity: day)
        try Data(certificate.derRepresentation)
            .write(to: URL(fileURLWithPath: scratch.file("alice.der")))
        let put = try await Program.atTerminal(
            ["123456"], ["cards", "import", card, scratch.file("alice.der")])
        try #require(put.status == 0, "\(put.output)")
    }
}

extension Program {
    /// Runs the command at a terminal of its own, where somebody answers its prompts.
    static func atTerminal(
        _ answers: [String], _ arguments: [String]
    ) async throws -> Outcome {
        try await run(
            [Peer.script("at_terminal.py")] + answers + ["--", path] + arguments,
            executable: #require(Peer.path("python3")))
    }
}
