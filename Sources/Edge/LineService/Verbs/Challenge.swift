import Accounts
import Ceremonies
import CredentialStore
import Encoding
import LineProtocol
import WebAuthn

extension CoreServices {
    /// `CHALLENGE user kind=webauthn|piv|hmac|ocra [rp=] [uv=]`: begins a sign-in. A user who does not exist gets the same answer as
    /// one who does.
    var challengeVerb: Verb {
        let syntax = VerbSyntax(
            "CHALLENGE", summary: "Issue a challenge for a user", positionals: ["user"],
            requiredOptions: ["kind"], options: ["rp", "uv"])
        let authentication = authentication
        return Verb(syntax, requires: .verify) { invocation, promise in
            do throws(ArgumentError) {
                let request = invocation.request
                let method = try request.challengedMethod()
                let challenge = ChallengeRequest(
                    method: method, user: try request.userName(),
                    relyingPartyID: try request.relyingPartyID(),
                    userVerification: try request.word(
                        "uv", as: UserVerificationRequirement.self),
                    client: invocation.client.name)
                authentication.begin(challenge) { result in
                    promise.fulfil(Self.reply(to: result, by: method))
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }

    private static func reply(
        to result: Result<AuthenticationTransaction, CeremonyError>, by method: SignInMethod
    ) -> Reply {
        switch result {
        case .success(let transaction) where [.hmac, .ocra].contains(method):
            .ok(options: options(of: transaction))
        case .success(let transaction):
            .ok(options: [
                Option("txn", transaction.identifier),
                Option("challenge", Base64URL.encode(transaction.challenge)),
                Option(
                    method == .piv ? "keys" : "allow",
                    transaction.allowedCredentials.map(\.text).joined(separator: ",")),
                Option("rp", transaction.relyingPartyID.text),
                Option("uv", transaction.userVerification.rawValue),
                Option("timeout", String(transaction.lifetime.components.seconds * 1000)),
            ])
        case .failure(.unknownRelyingParty): ArgumentError.badValue("rp").reply
        case .failure(.userVerificationRequired): ArgumentError.badValue("uv").reply
        case .failure: .unavailable
        }
    }

    /// What a token is asked: to answer a question, or bytes. Those who type into a token's tool have hexadecimal digits.
    private static func options(of transaction: AuthenticationTransaction) -> [Option] {
        var options = [Option("txn", transaction.identifier)]
        if let question = transaction.question {
            options.append(Option("question", question))
        } else {
            options.append(Option("challenge", Hex.encode(transaction.challenge)))
            options.append(Option("enc", "hex"))
        }
        if let slot = transaction.slot { options.append(Option("slot", String(slot))) }
        options.append(
            Option("timeout", String(transaction.lifetime.components.seconds * 1000)))
        return options
    }
}
