import Accounts
import Ceremonies
import CredentialStore
import LineProtocol
import PushMessages
import WebAuthn

/// Pushes to phones.
extension CoreServices {
    /// `PUSH user [svc=] [rip=] [country=] [info=]`: asks a user on the phone. The front end shows `number`.
    func pushVerb(_ push: PushService) -> Verb {
        let syntax = VerbSyntax(
            "PUSH", summary: "Ask a user on the phone", positionals: ["user"],
            options: ["svc", "rip", "info", "txn"] + Request.circumstanceOptions)
        let access = access
        return Verb(syntax, requires: .verify) { invocation, promise in
            do throws(ArgumentError) {
                let request = invocation.request
                let name = try request.userName()
                let attempt = try request.attempt()
                var prompt = PushRequest(
                    user: name, application: try request.service() ?? invocation.client.name,
                    detail: request["info"] ?? "", address: try request.address(),
                    country: request["country"], client: invocation.client.name,
                    attempt: attempt)
                if let signIn = try request.signIn(access, invocation.client) {
                    try request.refuse(["svc", "rip"] + Request.circumstanceOptions)
                    guard signIn.state.user == name else {
                        return promise.fulfil(.unknownTransaction)
                    }
                    prompt = PushRequest(signIn.state, detail: request["info"] ?? "")
                }
                push.begin(prompt) { result in
                    promise.fulfil(Self.reply(to: result, user: name))
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }

    static func reply(
        to result: Result<PushTransaction, CeremonyError>, user: UserName
    ) -> Reply {
        switch result {
        case .success(let transaction):
            .ok([
                "txn": transaction.identifier, "user": user.text, "state": "sent",
                "number": transaction.number,
                "timeout": String(transaction.lifetime.wholeMilliseconds),
            ])
        case .failure(.limited(let delay)):
            .refusal(.limit, ["user": user.text, "retry": String(delay.wholeMilliseconds)])
        case .failure(.busy): .refusal(.busy, ["retry": "1000"])
        case .failure(.prompt(.value("country"))): ArgumentError.badValue("country").reply
        case .failure(.prompt(.value("application"))): ArgumentError.badValue("svc").reply
        case .failure(.prompt): ArgumentError.badValue("info").reply
        case .failure: .unavailable
        }
    }

    /// `WAIT txn [timeout=]`: what came of a push, at once or within as many seconds. `+OK` means authenticated and on disk;
    /// everything else does not.
    func waitVerb(_ push: PushService) -> Verb {
        let syntax = VerbSyntax(
            "WAIT", summary: "Wait for what comes of a push", positionals: ["txn"],
            options: ["timeout"])
        return Verb(syntax, requires: .verify) { invocation, promise in
            do throws(ArgumentError) {
                let transaction = invocation.request.positionals[0]
                let timeout = try invocation.request.timeout()
                invocation.await(promise) { finish in
                    push.wait(
                        for: transaction, client: invocation.client.name, timeout: timeout
                    ) { verdict in
                        finish(Self.reply(to: verdict, of: transaction, for: invocation))
                    }
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }

    private static func reply(
        to verdict: PushVerdict, of transaction: String, for invocation: Invocation
    ) -> Reply {
        switch verdict {
        case .accepted(let signIn): reply(to: .accepted(signIn), for: invocation)
        case .unfinished(let signIn): reply(to: .unfinished(signIn), for: invocation)
        case .pending: .refusal(.wait, ["txn": transaction, "state": "pending"])
        case .refused(let user, let code):
            invocation.no(user.map { ["user": $0.text] } ?? [:], reason: code)
        case .unknownTransaction: .refusal(.noTransaction, text: "no such transaction")
        case .unavailable: .unavailable
        }
    }

    /// `CANCEL txn`: withdraws a push.
    func cancelVerb(_ push: PushService) -> Verb {
        let syntax = VerbSyntax("CANCEL", summary: "Withdraw a push", positionals: ["txn"])
        return Verb(syntax, requires: .verify) { invocation, promise in
            let transaction = invocation.request.positionals[0]
            promise.fulfil(
                push.cancel(transaction, client: invocation.client.name)
                    ? .ok(["txn": transaction])
                    : .refusal(.noTransaction, text: "no such transaction, or it was decided"))
        }
    }

    /// `ENROLL WAIT txn [timeout=]`: waits until a phone has registered with the ticket of the enrolment.
    func enrollWaitVerb(_ push: PushService) -> Verb {
        let syntax = VerbSyntax(
            "ENROLL WAIT", summary: "Wait until a phone has registered", positionals: ["txn"],
            options: ["timeout"])
        return Verb(syntax, requires: .enroll) { invocation, promise in
            do throws(ArgumentError) {
                let transaction = invocation.request.positionals[0]
                let timeout = try invocation.request.timeout()
                invocation.await(promise) { finish in
                    push.waitForEnrolment(
                        transaction, client: invocation.client.name, timeout: timeout
                    ) { verdict in
                        finish(Self.reply(to: verdict, of: transaction))
                    }
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }

    private static func reply(
        to verdict: PhoneEnrolmentVerdict, of transaction: String
    ) -> Reply {
        switch verdict {
        case .completed(let phone):
            .ok([
                "user": phone.user.text, "cred": phone.phone.text, "name": phone.name,
                "guard": phone.keyGuard.rawValue, "pushes": phone.takesPushes ? "yes" : "no",
            ])
        case .pending: .refusal(.wait, ["txn": transaction, "state": "pending"])
        case .refused(let refusal): .refusal(.no, ["reason": refusal.rawValue])
        case .expired: .refusal(.expired, text: "the enrolment took too long: begin again")
        case .unknownTransaction: .refusal(.noTransaction, text: "no such transaction")
        }
    }

    /// Begins to enrol a phone: `uri` is what it scans.
    static func begin(
        _ push: PushService, _ invocation: Invocation
    ) throws(ArgumentError) -> Reply {
        let name = try invocation.request.userName()
        do throws(CeremonyError) {
            let enrolment = try push.beginEnrolment(user: name, by: invocation.origin)
            return .ok([
                "txn": enrolment.transaction, "user": name.text, "kind": "push",
                "uri": enrolment.ticket.encoded(),
                "timeout": String(enrolment.lifetime.wholeMilliseconds),
            ])
        } catch {
            return refusal(error, user: name.text)
        }
    }
}

extension Invocation {
    /// Fulfils a promise with what is waited for; a connection that ends meanwhile waits no longer.
    fileprivate func await(
        _ promise: ReplyPromise,
        _ begin: (@escaping @Sendable (Reply) -> Void) -> PushWait
    ) {
        let slot = WaitSlot(connection)
        let wait = begin { reply in
            slot.finish()
            promise.fulfil(reply)
        }
        slot.began(wait)
    }
}

extension Request {
    /// The option `timeout` in seconds: 0 to 60.
    fileprivate func timeout() throws(ArgumentError) -> Duration {
        .seconds(try number("timeout", in: 0...60) ?? 50)
    }
}
