import Accounts
import Ceremonies
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
        return administrative(
            syntax, requires: .administer, right: .manageUsers
        ) { (invocation) throws(ArgumentError) in
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
                    User(name: name, displayName: display, handle: handle, createdAt: clock()),
                    by: invocation.origin)
                return .ok(["user": name.text])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `USER GET user`: with groups, roles, and the lock where there is one.
    var userGetVerb: Verb {
        let syntax = VerbSyntax("USER GET", summary: "Show a user", positionals: ["user"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readDirectory
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            do throws(StoreError) {
                guard let user = try store.user(name) else { throw .noSuchUser(name) }
                let cards = try store.cardCredentialIDs(of: [name]).first ?? []
                let credentials = try store.credentials(of: name)
                let (tokens, phones) = (try store.tokens(of: name), try store.phones(of: name))
                let standing = try store.standing(of: name)
                let facts = try store.accountFacts(of: [name])[0].get()
                var options: [Option] = [
                    Option("user", name.text), Option("display", user.displayName),
                    Option("handle", user.handle.text),
                    Option("created", String(user.createdAt.milliseconds)),
                    Option("credentials", String(credentials.count)),
                    Option("cards", String(cards.count)),
                    Option("tokens", String(tokens.count)),
                    Option("phones", String(phones.count)),
                    Option("mfa", standing.mfaState.rawValue),
                    Option("risk", standing.risk.rawValue),
                    Option(
                        "groups",
                        (facts?.groups.sorted().map(\.text) ?? []).joined(separator: ",")),
                    Option(
                        "roles",
                        (facts?.roles.map(\.rawValue).sorted() ?? []).joined(separator: ",")),
                ]
                options += Self.options(of: standing.lock)
                return .ok(options: options)
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `USER DEL user`: deletes the user and all credentials. The sign-in record stays.
    var userDelVerb: Verb {
        let syntax = VerbSyntax(
            "USER DEL", summary: "Delete a user and all credentials", positionals: ["user"])
        let (store, clock, use) = (store, clock, policies.policyUse)
        return administrative(
            syntax, requires: .administer, right: .manageUsers
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            do throws(StoreError) {
                try store.deleteUser(
                    name, unlessNamedBy: use, by: invocation.origin, at: clock())
                return .ok(["user": name.text])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }
}
