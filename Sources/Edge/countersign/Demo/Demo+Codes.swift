import Encoding
import Glibc
import LineProtocol
import OATH
import VerificationCore

extension Demo {
    /// The part of the story that codes and app passwords play.
    func tellOfCodes(_ server: ScratchServer) async throws {
        let connection = try await ServerConnection(to: server.endpoint, credentials: nil)
        Self.title("11. Alice's authenticator app shows a code, which is good once")
        let begun = try await connection.demand("ENROLL BEGIN", ["alice"], ["kind": "totp"])
        let token = try SoftwareToken(uri: begun.required("uri"))
        let now = time(nil)
        _ = try await connection.demand(
            "ENROLL FINISH", [begun.required("txn")],
            ["code": token.code(at: now), "label": "app"])
        // The next one is in the window already, and the first cannot be used again.
        let code = try token.code(at: now + 30)
        let reply = try await connection.ask("VERIFY", ["alice", code], ["svc": "vpn"])
        guard reply.isSuccess else { throw Self.unexpected(reply) }
        Terminal.say("Authenticated: \(reply.summary)")
        try Self.expectRefusal(
            "code-replayed", try await connection.ask("VERIFY", ["alice", code], ["svc": "vpn"]))

        Self.title("12. Her mail program gets a password of its own, for mail alone")
        _ = try await connection.demand("USER MFA", ["alice"], ["state": "enforced"])
        let made = try await connection.demand(
            "APPPASS ADD", ["alice"], ["svc": "imap,smtp", "label": "mail program"])
        let secret = try made.required("secret")
        let mail = try await connection.ask("VERIFY", ["alice", secret], ["svc": "imap"])
        guard mail.isSuccess else { throw Self.unexpected(mail) }
        Terminal.say("Authenticated: \(mail.summary)")
        try Self.expectRefusal(
            "service-takes-no-app-password",
            try await connection.ask("VERIFY", ["alice", secret], ["svc": "sshd"]))
        await connection.close()
    }
}

/// An authenticator app, by the URI that it scanned.
struct SoftwareToken {
    /// The time, in seconds since 1970.
    static var now: Int { time(nil) }

    private let key: TokenKey
    private let period: Int

    init(uri: String) throws {
        let scanned = try KeyURI(uri)
        guard case .totp(_, let period) = scanned.parameters.mechanism else {
            throw MalformedOATH.period
        }
        key = try TokenKey(secret: scanned.secret, parameters: scanned.parameters)
        self.period = period
    }

    /// The code that it shows at a time, in seconds since 1970.
    func code(at time: Int) throws -> String {
        guard
            let step = MovingFactor.timeStep(
                atMilliseconds: Int64(time) * 1000, period: period),
            let code = oneTimePassword(key, movingFactor: step)
        else { throw MalformedOATH.period }
        return code
    }
}
