import Accounts
import CredentialStore
import Cryptography
import LineProtocol
import WebAuthn

extension CoreServices {
    /// `USER ADD user [display=]`.
    var userAddVerb: Verb {
        let syntax = VerbSyntax(
            "USER ADD", summary: "Add a user", positionals: ["user"], options: ["display"])
        let (store, clock) = (store, clock)
        return administrative(syntax, requires: .administer) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            let display = invocation.request["display"] ?? name.text
            guard (1...128).contains(display.utf8.count) else { throw .badValue("display") }
            let handle: UserHandle
            do throws(MalformedWebAuthn) {
                handle = try UserHandle(bytes: SecureRandom.bytes(16))
            } catch {
                return .internalError
            }
            do throws(StoreError) {
                try store.add(
                    User(name: name, displayName: display, handle: handle, createdAt: clock()))
                return .ok(["user": name.text])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `USER GET user`.
    var userGetVerb: Verb {
        let syntax = VerbSyntax("USER GET", summary: "Show a user", positionals: ["user"])
        let store = store
        return administrative(syntax, requires: .administer) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            do throws(StoreError) {
                guard let user = try store.user(name) else { throw .noSuchUser(name) }
                let cards = try store.cardCredentialIDs(of: [name]).first ?? []
                let credentials = try store.credentials(of: name)
                let (tokens, phones) = (try store.tokens(of: name), try store.phones(of: name))
                let standing = try store.standing(of: name)
                return .ok([
                    "user": name.text, "display": user.displayName, "handle": user.handle.text,
                    "created": String(user.createdAt.milliseconds),
                    "credentials": String(credentials.count), "cards": String(cards.count),
                    "tokens": String(tokens.count), "phones": String(phones.count),
                    "mfa": standing.mfaState.rawValue, "risk": standing.risk.rawValue,
                ])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `USER DEL user`: deletes the user and all credentials. The sign-in record stays.
    var userDelVerb: Verb {
        let syntax = VerbSyntax(
            "USER DEL", summary: "Delete a user and all credentials", positionals: ["user"])
        let store = store
        return administrative(syntax, requires: .administer) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            do throws(StoreError) {
                try store.deleteUser(name)
                return .ok(["user": name.text])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }
}
