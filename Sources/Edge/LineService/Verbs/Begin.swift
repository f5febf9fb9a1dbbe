import Accounts
import Ceremonies
import CredentialStore
import LineProtocol

/// Sign-ins that take more than one answer.
extension CoreServices {
    /// `BEGIN user [svc=] [rip=] [country=] [ua=] [kind=] [pw=ok|bad] [risk=]`: begins a sign-in. `+OK` means begun, and nobody
    /// is authenticated by it. Without `pw=ok` it says the same of every user.
    var beginVerb: Verb {
        let syntax = VerbSyntax(
            "BEGIN", summary: "Begin a sign-in", positionals: ["user"],
            options: ["svc", "rip"] + Request.circumstanceOptions)
        let access = access
        return Verb(syntax, requires: .verify) { invocation, promise in
            do throws(ArgumentError) {
                let request = invocation.request
                let begin = BeginRequest(
                    user: try request.userName(), service: try request.service(),
                    address: try request.address(),
                    circumstances: try request.circumstances(),
                    client: invocation.client.name)
                access.begin(begin) { verdict in
                    promise.fulfil(Self.reply(to: verdict, of: begin.user, for: invocation))
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }

    private static func reply(
        to verdict: BeginVerdict, of user: UserName, for invocation: Invocation
    ) -> Reply {
        switch verdict {
        case .begun(let signIn):
            .ok([
                "txn": signIn.transaction, "user": user.text,
                "methods": signIn.methods.map(\.rawValue).joined(separator: ","),
                "ref": signIn.correlation,
                "timeout": String(signIn.lifetime.wholeMilliseconds),
                "prompt": prompt(for: signIn.methods),
            ])
        case .refused(let user, let code):
            reply(to: .refused(user: user, code: code), for: invocation)
        case .unavailable: .unavailable
        }
    }

    /// `CONTINUE txn answer`: the next answer of a sign-in that was begun: a code, `push` for a push to the phone, or
    /// `password` where `methods` named it alone. `+OK` means authenticated and on disk; everything else does not.
    var continueVerb: Verb {
        let syntax = VerbSyntax(
            "CONTINUE", summary: "Give the next answer of a sign-in",
            positionals: ["txn", "answer"], options: ["method", "info"])
        let (access, codes, push) = (access, codes, push)
        return Verb(syntax, requires: .verify) { invocation, promise in
            do throws(ArgumentError) {
                let request = invocation.request
                let method = try request.codeMethod()
                guard
                    let state = access.open(
                        request.positionals[0], client: invocation.client.name)
                else { return promise.fulfil(.unknownTransaction) }
                switch request.positionals[1] {
                case "password":
                    access.conclude(state) { verdict in
                        promise.fulfil(Self.reply(to: verdict, for: invocation))
                    }
                case "push":
                    guard let push else { throw .badValue("answer") }
                    let prompt = PushRequest(state, detail: request["info"] ?? "")
                    push.begin(prompt) { result in
                        promise.fulfil(Self.reply(to: result, goingOnWith: state.user))
                    }
                case let code:
                    codes.verify(
                        CodeRequest(
                            user: state.user, code: code, method: method, service: state.service,
                            address: state.address, client: state.client, attempt: .step(state))
                    ) { verdict in
                        promise.fulfil(Self.reply(to: verdict, for: invocation))
                    }
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }

    /// A push that was sent is no yes: `-WAIT`, and what came of it is for `WAIT` to say.
    private static func reply(
        to result: Result<PushTransaction, CeremonyError>, goingOnWith user: UserName
    ) -> Reply {
        guard case .success(let transaction) = result else { return reply(to: result, user: user) }
        return .refusal(
            .wait,
            [
                "txn": transaction.identifier, "user": user.text, "state": "sent",
                "number": transaction.number,
                "timeout": String(transaction.lifetime.wholeMilliseconds),
            ])
    }

    /// What a person is asked for, in a line.
    static func prompt(for methods: [SignInMethod]) -> String {
        if methods == [.password] { return "" }
        var wishes: [String] = []
        if methods.contains(.webauthn) { wishes.append("touch your key") }
        if methods.contains(.piv) { wishes.append("insert your card") }
        if methods.contains(.push) { wishes.append("answer on your phone") }
        if !Set(methods).isDisjoint(with: [.totp, .hotp, .tap, .recovery]) {
            wishes.append("type a code")
        }
        if wishes.isEmpty { wishes.append("answer your token's challenge") }
        let text = wishes.joined(separator: ", or ")
        return text.prefix(1).uppercased() + text.dropFirst() + ": "
    }
}

extension PushRequest {
    /// A push that is a step of a sign-in.
    init(_ state: SignInState, detail: String) {
        self.init(
            user: state.user, application: state.service ?? state.client, detail: detail,
            address: state.address, country: state.circumstances.country?.code,
            client: state.client, attempt: .step(state))
    }
}

extension Reply {
    /// No transaction of this client's.
    static let unknownTransaction = Reply.refusal(.noTransaction, text: "no such transaction")
}

/// Where and with what somebody signs in.
extension Request {
    /// The options that say it, beside `svc` and `rip`.
    static let circumstanceOptions = ["country", "ua", "kind", "pw", "risk"]

    /// What those options say. `key` is the one of the kind of program, where `kind` is taken.
    func circumstances(kindOption key: String = "kind") throws(ArgumentError) -> SignInCircumstances
    {
        var circumstances = SignInCircumstances()
        if let code = self["country"] {
            guard let country = Country(code) else { throw .badValue("country") }
            circumstances.country = country
        }
        if let text = self["ua"] {
            guard text.utf8.count <= 256 else { throw .badValue("ua") }
            circumstances.userAgent = text.isEmpty ? nil : text
        }
        circumstances.clientKind = try word(key, as: ClientKind.self)
        circumstances.password = try word("pw", as: SignInCircumstances.Password.self)
        circumstances.reportedRisk = try word("risk", as: RiskLevel.self)
        return circumstances
    }

    /// The same for an answer that is all of a sign-in. That a password was wrong is for `BEGIN` to say.
    func attempt(kindOption key: String = "kind") throws(ArgumentError) -> SignInAttempt {
        let circumstances = try circumstances(kindOption: key)
        guard circumstances.password != .wrong else { throw .badValue("pw") }
        return .single(circumstances)
    }
}
