import Encoding
import Reports
import LineProtocol
import OATH
import VerificationCore

extension Demo {
    /// The part of the story in which an organisation asks for more than one factor, and looks at who signed in.
    func tellOfPolicies(_ server: ScratchServer) async throws {
        let connection = try await ServerConnection(to: server.endpoint, credentials: nil)
        Self.title(
            "13. The identity team wants two factors for the VPN, and tries it on last month first")
        _ = try await connection.demand("APP ADD", ["vpn"])
        _ = try await connection.demand(
            "POLICY DRAFT", [],
            ["file": "vpn.yaml", "yaml": Base64URL.encode(Array(Self.policies.utf8))])
        let replay = try await connection.demand(
            "POLICY REPLAY", [], ["since": "0", "draft": "yes"])
        for item in try replay.items().dropFirst() {
            Terminal.say(
                "  " + Self.line(item, ["user", "app", "was", "then", "count", "policies"]))
        }
        _ = try await connection.demand("POLICY APPLY")

        Self.title("14. Bob's code alone is not enough any more; with his password it is")
        _ = try await connection.demand("USER ADD", ["bob"])
        let begun = try await connection.demand("ENROLL BEGIN", ["bob"], ["kind": "totp"])
        let token = try SoftwareToken(uri: begun.required("uri"))
        let now = SoftwareToken.now
        _ = try await connection.demand(
            "ENROLL FINISH", [begun.required("txn")], ["code": token.code(at: now), "label": "app"])
        let alone = try await connection.ask(
            "VERIFY", ["bob", token.code(at: now + 30)], ["svc": "vpn"])
        try Self.expectRefusal("no-method-satisfies", alone)
        let signIn = try await connection.demand("BEGIN", ["bob"], ["svc": "vpn", "pw": "ok"])
        Terminal.say("  > \(try signIn.required("prompt"))")
        // The token's next code is half a minute away; a recovery code is something that Bob has, too.
        let second = try await connection.demand("RECOVERY NEW", ["bob"])
        guard let code = try second.items().first?.first(where: { $0.key == "code" })?.value else {
            throw Self.unexpected(second)
        }
        let done = try await connection.ask("CONTINUE", [signIn.required("txn"), code])
        guard done.isSuccess else { throw Self.unexpected(done) }
        Terminal.say("Authenticated: \(done.summary)")

        Self.title("15. Who signed in, and what did the administrators do?")
        let report = try await connection.demand("REPORT", ["sign-in-failures"])
        Terminal.say(try report.report().text(width: 100))
        let audit = try await connection.demand("AUDIT LIST", [], ["limit": "3"])
        for item in try audit.items() {
            Terminal.say("  " + Self.line(item, ["at", "actor", "activity", "targets"]))
        }
        await connection.close()
    }

    private static func line(_ item: [LineProtocol.Option], _ keys: [String]) -> String {
        item.filter { keys.contains($0.key) }.map { "\($0.key)=\($0.value)" }
            .joined(separator: "  ")
    }

    private static let policies = """
        schema: 1
        policies:
          - id: vpn-mfa
            title: Two factors for the VPN
            state: on
            users: all
            applications: [vpn]
            grant: {all: [mfa]}
            session: {sign-in-frequency: 12h}

        """
}
