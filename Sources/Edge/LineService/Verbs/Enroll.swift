import Ceremonies
import CredentialStore
import DeviceModels
import Encoding
import LineProtocol
import VerificationCore
import WebAuthn

extension CoreServices {
    /// `ENROLL BEGIN user kind=webauthn [rp=] [uv=] [resident=]`: asks for a new credential.
    var enrollBeginVerb: Verb {
        let syntax = VerbSyntax(
            "ENROLL BEGIN", summary: "Begin to enrol a credential for a user",
            positionals: ["user"], requiredOptions: ["kind"], options: ["rp", "uv", "resident"])
        let registration = registration
        return administrative(syntax, requires: .enroll) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            try request.checkKind()
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
                return Self.refusal(error, user: name.text)
            }
        }
    }

    /// `ENROLL FINISH txn json=… [label=]`: verifies and stores the new credential.
    ///
    /// Whoever may enrol is told why an enrolment failed.
    var enrollFinishVerb: Verb {
        let syntax = VerbSyntax(
            "ENROLL FINISH", summary: "Verify and store a new credential", positionals: ["txn"],
            requiredOptions: ["json"], options: ["label"], size: .large)
        let registration = registration
        return administrative(syntax, requires: .enroll) { (invocation) throws(ArgumentError) in
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
                    client: invocation.client.name)
                return Self.reply(to: completed)
            } catch {
                return Self.refusal(
                    error, user: registration.subject(of: request.positionals[0])?.text)
            }
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
        if !completed.findings.isEmpty {
            let findings = completed.findings.map {
                "\($0.advisory.id.description):\($0.status.rawValue)"
            }
            options.append(Option("advisories", findings.joined(separator: ",")))
        }
        return .ok(options: options)
    }

    private static func refusal(_ error: CeremonyError, user: String?) -> Reply {
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
        case .expired, .tooManyCredentials, .refusedByAdvisory, .failed:
            var reply = Reply.refusal(.no, text: explanation(of: error))
            reply.options = options + [Option("reason", error.code)]
            return reply
        }
    }

    private static func explanation(of error: CeremonyError) -> String? {
        switch error {
        case .expired: "the enrolment took too long: begin again"
        case .tooManyCredentials: "the user has as many credentials as allowed: delete one first"
        case .refusedByAdvisory(let id): "advisory \(id) says not to enrol this authenticator"
        default: nil
        }
    }
}
