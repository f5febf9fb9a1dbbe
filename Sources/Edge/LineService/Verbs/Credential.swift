import Accounts
import Ceremonies
import CredentialStore
import DeviceModels
import LineProtocol
import PIV
import PushMessages
import WebAuthn

extension CoreServices {
    /// `CRED LIST user`: one line a credential: security keys', cards', tokens, phones, each the oldest first.
    var credListVerb: Verb {
        let syntax = VerbSyntax(
            "CRED LIST", summary: "List a user's credentials", positionals: ["user"])
        let (store, catalogue) = (store, catalogue)
        return administrative(
            syntax, requires: .administer, right: .readDirectory
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            do throws(StoreError) {
                guard try store.user(name) != nil else { throw .noSuchUser(name) }
                let items =
                    try store.credentials(of: name).map { Self.item($0, catalogue) }
                    + store.cardCredentials(of: name).map { Self.item($0, catalogue) }
                    + store.tokens(of: name).map(Self.item)
                    + store.phones(of: name).map(Self.item)
                return .list(items, ["user": name.text])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `CRED DEL user cred`: deletes one of the user's credentials. It cannot sign in from then on.
    var credDelVerb: Verb {
        let syntax = VerbSyntax(
            "CRED DEL", summary: "Delete a user's credential", positionals: ["user", "cred"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageMethods
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            let identifier: CredentialID
            do throws(MalformedWebAuthn) {
                identifier = try CredentialID(text: invocation.request.positionals[1])
            } catch {
                throw .badValue("cred")
            }
            do throws(StoreError) {
                try store.deleteCredential(
                    identifier, of: name, by: invocation.origin, at: clock())
                return .ok(["user": name.text, "cred": identifier.text])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    private static func item(_ credential: Credential, _ catalogue: Catalogue) -> ListItem {
        var options = [
            Option("cred", credential.id.text),
            Option("kind", SignInMethod.webauthn.rawValue),
            Option("label", credential.label),
            Option("rp", credential.relyingPartyID.text),
            Option("aaguid", credential.aaguid.description),
            Option("fmt", credential.attestationFormat),
            Option("trusted", credential.isAttestationTrusted ? "yes" : "no"),
            Option("count", String(credential.signatureCounter)),
            Option("synced", credential.isBackupEligible ? "yes" : "no"),
            Option("created", String(credential.createdAt.milliseconds)),
        ]
        if let model = catalogue.model(for: credential.aaguid) {
            options.append(Option("model", model.id.description))
        }
        if let used = credential.lastUsedAt {
            options.append(Option("used", String(used.milliseconds)))
        }
        return ListItem(options: options)
    }

    private static func item(_ credential: CardCredential, _ catalogue: Catalogue) -> ListItem {
        var options = [
            Option("cred", credential.id.text),
            Option("kind", SignInMethod.piv.rawValue),
            Option("label", credential.label),
            Option("slot", credential.key.slot.description),
        ]
        options += credential.key.options
        options.append(Option("created", String(credential.createdAt.milliseconds)))
        let models = credential.key.models(in: catalogue).map(\.id.description)
        if !models.isEmpty { options.append(Option("model", models.joined(separator: ","))) }
        if let used = credential.lastUsedAt {
            options.append(Option("used", String(used.milliseconds)))
        }
        return ListItem(options: options)
    }

    private static func item(_ phone: Phone) -> ListItem {
        var options = [
            Option("cred", phone.id.text), Option("kind", SignInMethod.push.rawValue),
            Option("label", phone.name), Option("guard", phone.keyGuard.rawValue),
            Option("pushes", phone.subscription == nil ? "no" : "yes"),
            Option("created", String(phone.createdAt.milliseconds)),
        ]
        if let used = phone.lastUsedAt {
            options.append(Option("used", String(used.milliseconds)))
        }
        return ListItem(options: options)
    }
}
