import Ceremonies
import Encoding
import LineProtocol
import WebAuthn

extension CoreServices {
    /// `CHALLENGE user kind=webauthn [rp=] [uv=]`: begins a sign-in. A user who does not exist gets the same answer as
    /// one who does.
    var challengeVerb: Verb {
        let syntax = VerbSyntax(
            "CHALLENGE", summary: "Issue a challenge for a user", positionals: ["user"],
            requiredOptions: ["kind"], options: ["rp", "uv"])
        let authentication = authentication
        return Verb(syntax, requires: .verify) { invocation, promise in
            do throws(ArgumentError) {
                let request = invocation.request
                try request.checkKind()
                let challenge = ChallengeRequest(
                    user: try request.userName(),
                    relyingPartyID: try request.relyingPartyID(),
                    userVerification: try request.word(
                        "uv", as: UserVerificationRequirement.self),
                    client: invocation.client.name)
                authentication.begin(challenge) { result in
                    promise.fulfil(Self.reply(to: result))
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }

    private static func reply(
        to result: Result<AuthenticationTransaction, CeremonyError>
    ) -> Reply {
        switch result {
        case .success(let transaction):
            .ok([
                "txn": transaction.identifier,
                "challenge": Base64URL.encode(transaction.challenge),
                "allow": transaction.allowedCredentials.map(\.text).joined(separator: ","),
                "rp": transaction.relyingPartyID.text,
                "uv": transaction.userVerification.rawValue,
                "timeout": String(transaction.lifetime.components.seconds * 1000),
            ])
        case .failure(.unknownRelyingParty): ArgumentError.badValue("rp").reply
        case .failure(.userVerificationRequired): ArgumentError.badValue("uv").reply
        case .failure: .unavailable
        }
    }
}
