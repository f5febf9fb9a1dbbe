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
            requiredOptions: ["kind"], options: ["rp", "uv", "txn"])
        let (authentication, access) = (authentication, access)
        return Verb(syntax, requires: .verify) { invocation, promise in
            do throws(ArgumentError) {
                let request = invocation.request
                let method = try request.challengedMethod()
                let signIn = try request.signIn(access, invocation.client)
                let challenge = ChallengeRequest(
                    method: method, user: try request.userName(),
                    relyingPartyID: try request.relyingPartyID(),
                    userVerification: try request.word(
                        "uv", as: UserVerificationRequirement.self),
                    client: invocation.client.name, signIn: signIn?.state)
                guard signIn.map({ $0.state.user == challenge.user }) ?? true else {
                    return promise.fulfil(.unknownTransaction)
                }
                authentication.begin(challenge) { result in
                    promise.fulfil(
                        Self.reply(to: result, by: method, continuing: signIn?.transaction))
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }

    private static func reply(
        to result: Result<AuthenticationTransaction, CeremonyError>, by method: SignInMethod,
        continuing signIn: String?
    ) -> Reply {
        switch result {
        case .success(let transaction) where [.hmac, .ocra].contains(method):
            .ok(options: options(of: transaction, continuing: signIn))
        case .success(let transaction):
            .ok(options: [
                Option("txn", StepTransaction.text(transaction.identifier, of: signIn)),
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
    private static func options(
        of transaction: AuthenticationTransaction, continuing signIn: String?
    ) -> [Option] {
        var options = [Option("txn", StepTransaction.text(transaction.identifier, of: signIn))]
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
