import Accounts
import Ceremonies
import CredentialStore
import DeviceModels
import Encoding
import LineProtocol
import OATH
import VerificationCore
import WebAuthn

extension CoreServices {
    /// `ENROLL BEGIN user kind=webauthn|piv|totp|hotp|ocra|hmac|push …`: asks for a new credential.
    var enrollBeginVerb: Verb {
        let syntax = VerbSyntax(
            "ENROLL BEGIN", summary: "Begin to enrol a credential for a user",
            positionals: ["user"], requiredOptions: ["kind"],
            options: ["rp", "uv", "resident"] + Request.tokenOptions)
        let (registration, cardRegistration) = (registration, cardRegistration)
        let (tokens, push) = (tokens, push)
        return administrative(
            syntax, requires: .enroll, right: .manageMethods
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let method = try request.word("kind", as: SignInMethod.self)
            let kind = (try? request.word("kind", as: TokenKind.self)) ?? nil
            try request.refuseTokenOptions(besides: kind)
            switch method {
            case .webauthn: return try Self.begin(registration, invocation)
            case .piv:
                try request.refuse(["resident"])
                return try Self.begin(cardRegistration, invocation)
            default: try request.refuse(["rp", "uv", "resident"])
            }
            if let kind { return try Self.begin(tokens, kind, invocation) }
            guard method == .push else { throw .badValue("kind") }
            guard let push else {
                return .refusal(.no, ["reason": "push-not-configured"])
            }
            return try Self.begin(push, invocation)
        }
    }

    private static func begin(
        _ registration: RegistrationService, _ invocation: Invocation
    ) throws(ArgumentError) -> Reply {
        let request = invocation.request
        let name = try request.userName()
        let relyingPartyID = try request.relyingPartyID()
        let verification = try request.word("uv", as: UserVerificationRequirement.self)
        let resident = try request.word("resident", as: ResidentKeyRequirement.self)
        do throws(CeremonyError) {
            let transaction = try registration.begin(
                user: name, relyingPartyID: relyingPartyID, userVerification: verification,
                residentKey: resident ?? .preferred, client: invocation.client.name)
            return .ok([
                "txn": transaction.identifier, "user": name.text,
                "options": Base64URL.encode(transaction.options.encoded().utf8),
            ])
        } catch {
            return refusal(error, user: name.text)
        }
    }

    /// `ENROLL FINISH txn json=… [label=]`, and for a card `ENROLL FINISH txn sig=… alg=… slot=…` with `att=…`, `cert=…` or
    /// both, and `[chain=] [msg=] [disc=] [atr=] [mgmkey=] [label=]`; for a token `ENROLL FINISH txn code=…|resp=…
    /// [label=] [slot=]`: verifies and stores the new credential.
    ///
    /// Whoever may enrol is told why an enrolment failed.
    var enrollFinishVerb: Verb {
        let syntax = VerbSyntax(
            "ENROLL FINISH", summary: "Verify and store a new credential", positionals: ["txn"],
            options: ["json", "label", "code", "resp"] + Request.cardRegistrationOptions,
            size: .large)
        let (registration, cardRegistration) = (registration, cardRegistration)
        let tokens = tokens
        let enrolled: SubjectFinder = { (request, _) throws(StoreError) in
            [registration.subject(of: request.positionals[0])].compactMap(\.self)
        }
        return administrative(
            syntax, requires: .enroll, right: .manageMethods, about: enrolled
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            if request["code"] != nil || request["resp"] != nil {
                try request.refuse(["json"])
                try request.refuse(Request.cardRegistrationOptions.filter { $0 != "slot" })
                return try Self.finish(tokens, invocation)
            }
            guard request["json"] != nil else {
                return try Self.finish(cardRegistration, invocation)
            }
            try request.refuse(Request.cardRegistrationOptions)
            return try Self.finish(registration, invocation)
        }
    }

    private static func finish(
        _ registration: RegistrationService, _ invocation: Invocation
    ) throws(ArgumentError) -> Reply {
        let request = invocation.request
        let json = try request.json()
        let label = try request.label()
        let response: RegistrationResponse
        do throws(MalformedWebAuthn) {
            response = try RegistrationResponse(decoding: json)
        } catch {
            throw .badValue("json")
        }
        do throws(CeremonyError) {
            let completed = try registration.finish(
                transaction: request.positionals[0], response: response, label: label,
                by: invocation.origin)
            return reply(to: completed)
        } catch {
            return refusal(error, user: registration.subject(of: request.positionals[0])?.text)
        }
    }

    private static func reply(to completed: CompletedRegistration) -> Reply {
        var options = [
            Option("user", completed.user.text),
            Option("cred", completed.credentialID.text),
            Option("aaguid", completed.aaguid.description),
            Option("fmt", completed.attestation.format),
            Option("attestation", completed.attestation.kind.rawValue),
            Option("trusted", completed.attestation.isTrusted ? "yes" : "no"),
            Option("uv", completed.isUserVerified ? "yes" : "no"),
        ]
        if let model = completed.model { options.append(Option("model", model.id.description)) }
        options += advisories(completed.findings)
        return .ok(options: options)
    }

    /// What advisories say, in an option; in none where there are none.
    static func advisories(_ findings: [Finding]) -> [Option] {
        guard !findings.isEmpty else { return [] }
        let words = findings.map { "\($0.advisory.id.description):\($0.status.rawValue)" }
        return [Option("advisories", words.joined(separator: ","))]
    }

    /// Why an enrolment failed.
    static func refusal(_ error: CeremonyError, user: String?) -> Reply {
        let options: [Option] = (user.map { [Option("user", $0)] } ?? [])
        switch error {
        case .unknownRelyingParty: return ArgumentError.badValue("rp").reply
        case .userVerificationRequired: return ArgumentError.badValue("uv").reply
        case .unknownTransaction:
            return .refusal(.noTransaction, text: "no such transaction")
        case .store(let error):
            var reply = Reply(error)
            reply.options = options + reply.options
            return reply
        case .secret: return .unavailable
        case .limited(let delay):
            return .refusal(.limit, ["retry": String(delay.wholeMilliseconds)])
        case .busy: return .refusal(.busy, ["retry": "1000"])
        case .expired, .tooManyCredentials, .methodNotAllowed, .refusedByAdvisory, .failed, .card,
            .keyNotRegistered, .keyOfAnotherUser, .defaultManagementKey, .code, .token,
            .appPassword, .accessPass, .prompt:
            var reply = Reply.refusal(.no, text: explanation(of: error))
            reply.options = options + [Option("reason", error.code)]
            return reply
        }
    }

    private static func explanation(of error: CeremonyError) -> String? {
        switch error {
        case .expired: "the enrolment took too long: begin again"
        case .methodNotAllowed: "policy does not let the user register this"
        case .tooManyCredentials: "the user has as many credentials as allowed: delete one first"
        case .refusedByAdvisory(let id): "advisory \(id) says not to enrol this authenticator"
        case .defaultManagementKey: "give the card a management key of its own first"
        case .code(.wrongCode), .code(.wrongResponse): "the code is not the token's: try again"
        case .token: "the token cannot be as it is said to be"
        case .appPassword(.notAllowed): "the configuration allows no app passwords"
        case .appPassword(.service): "app passwords are for services that cannot ask for more"
        case .appPassword(.expiry), .accessPass(.lifetime): "too short or too long"
        case .accessPass(.issuerIsUser): "nobody issues a pass to oneself"
        case .accessPass(.length): "a pass has 8 to 48 characters"
        default: nil
        }
    }
}
