import Accounts
import Ceremonies
import CredentialStore
import DeviceModels
import Encoding
import LineProtocol
import PIV
import VerificationCore
import WebAuthn

extension CoreServices {
    static func begin(
        _ registration: CardRegistrationService, _ invocation: Invocation
    ) throws(ArgumentError) -> Reply {
        let request = invocation.request
        let name = try request.userName()
        let relyingPartyID = try request.relyingPartyID()
        let verification = try request.word("uv", as: UserVerificationRequirement.self)
        do throws(CeremonyError) {
            let transaction = try registration.begin(
                user: name, relyingPartyID: relyingPartyID, userVerification: verification,
                client: invocation.client.name)
            let slots = transaction.slots.map(\.description).sorted()
            return .ok([
                "txn": transaction.identifier, "user": name.text,
                "challenge": Base64URL.encode(transaction.challenge),
                "rp": transaction.relyingPartyID.text,
                "uv": transaction.userVerification.rawValue,
                "slots": slots.joined(separator: ","),
                "algs": transaction.algorithms.map(\.name).joined(separator: ","),
                "timeout": String(transaction.lifetime.components.seconds * 1000),
            ])
        } catch {
            return refusal(error, user: name.text)
        }
    }

    static func finish(
        _ registration: CardRegistrationService, _ invocation: Invocation
    ) throws(ArgumentError) -> Reply {
        let request = invocation.request
        let response = try request.cardRegistration()
        let claims = try request.cardClaims()
        let label = try request.label()
        do throws(CeremonyError) {
            let completed = try registration.finish(
                transaction: request.positionals[0], response: response, claims: claims,
                label: label, by: invocation.origin)
            return reply(to: completed)
        } catch {
            return refusal(error, user: registration.subject(of: request.positionals[0])?.text)
        }
    }

    private static func reply(to completed: CompletedCardRegistration) -> Reply {
        let key = completed.key
        var options = [
            Option("user", completed.user.text),
            Option("cred", completed.credentialID.text),
            Option("slot", key.slot.description),
            Option("alg", completed.algorithm.name),
        ]
        options += key.options
        if !completed.models.isEmpty {
            let models = completed.models.map(\.id.description)
            options.append(Option("model", models.joined(separator: ",")))
        }
        options += Self.advisories(completed.findings)
        return .ok(options: options)
    }
}

extension CardKeyRecord {
    /// What is known of a card's key, as replies tell it.
    var options: [Option] {
        var options = [
            Option("evidence", evidence.rawValue),
            Option("trusted", isTrusted ? "yes" : "no"),
            Option("uv", isPINRequired ? "yes" : "no"),
        ]
        if let serialNumber { options.append(Option("serial", String(serialNumber))) }
        if let firmware { options.append(Option("firmware", firmware.description)) }
        if let pinPolicy { options.append(Option("pin", pinPolicy.description)) }
        if let touchPolicy { options.append(Option("touch", touchPolicy.description)) }
        return options
    }
}
