import Accounts
import Ceremonies
import CredentialStore
import Encoding
import LineProtocol
import OATH
import WebAuthn

/// Tokens in batches and their owners.
extension CoreServices {
    /// `TOKEN ADD kind= secret= [user=] [serial=] [hash=] [digits=] [period=] [suite=] [counter=] [slot=] [manufacturer=]
    /// [model=] [label=]`: adds a token as it is, to a user or to stock.
    var tokenAddVerb: Verb {
        let syntax = VerbSyntax(
            "TOKEN ADD", summary: "Add a token of a batch, to a user or to stock",
            requiredOptions: ["kind", "secret"],
            options: [
                "user", "serial", "counter", "drift", "manufacturer", "model", "label",
            ] + Request.tokenOptions)
        let tokens = tokens
        return administrative(
            syntax, requires: .administer, right: .manageMethods
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            guard let kind = try request.word("kind", as: TokenKind.self) else {
                throw .badValue("kind")
            }
            try request.refuseTokenOptions(besides: kind)
            let owner = try request.userOption()
            let addition = TokenAddition(
                secret: try request.secretBytes(),
                parameters: try request.tokenParameters(kind), owner: owner,
                counter: try request.number("counter", in: 0...UInt64(Int64.max - 1)) ?? 0,
                drift: try request.number("drift", in: -1000...1000) ?? 0,
                device: TokenDevice(
                    serial: try request.shortText("serial"),
                    manufacturer: try request.shortText("manufacturer") ?? "",
                    model: try request.shortText("model") ?? "",
                    slot: try request.number("slot", in: 1...2)),
                label: try request.label())
            do throws(CeremonyError) {
                return .ok(
                    options: Self.tokenOptions(
                        try tokens.add(addition, by: invocation.origin)))
            } catch {
                return Self.refusal(error, user: owner?.text)
            }
        }
    }

    /// `TOKEN LIST [user=] [serial=]`: a user's tokens, the tokens of a serial number, or the first thousand in stock.
    var tokenListVerb: Verb {
        let syntax = VerbSyntax(
            "TOKEN LIST", summary: "List a user's tokens, or those in stock",
            options: ["user", "serial"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readDirectory
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let owner = try request.userOption()
            let serial = try request.shortText("serial")
            if owner != nil { try request.refuse(["serial"]) }
            do throws(StoreError) {
                let tokens: [Token]
                if let owner {
                    guard try store.user(owner) != nil else { throw .noSuchUser(owner) }
                    tokens = try store.tokens(of: owner)
                } else if let serial {
                    tokens = try store.tokens(serial: serial)
                } else {
                    tokens = try store.tokensInStock(limit: 1000)
                }
                return .list(tokens.map(Self.item))
            } catch {
                return Reply(error)
            }
        }
    }

    /// `TOKEN ASSIGN token user= [label=]`: gives a token to a user.
    var tokenAssignVerb: Verb {
        let syntax = VerbSyntax(
            "TOKEN ASSIGN", summary: "Give a token to a user", positionals: ["token"],
            requiredOptions: ["user"], options: ["label"])
        let tokens = tokens
        return administrative(
            syntax, requires: .administer, right: .manageMethods, about: Self.owners
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let id = try request.token(request.positionals[0])
            let owner = try request.userOption()
            let label = request["label"] == nil ? nil : try request.label()
            do throws(CeremonyError) {
                return .ok(
                    options: Self.tokenOptions(
                        try tokens.give(id, to: owner, label: label, by: invocation.origin)))
            } catch {
                return Self.refusal(error, user: owner?.text)
            }
        }
    }

    /// `TOKEN UNASSIGN token`: takes a token back into stock.
    var tokenUnassignVerb: Verb {
        let syntax = VerbSyntax(
            "TOKEN UNASSIGN", summary: "Take a token back into stock", positionals: ["token"])
        let tokens = tokens
        return administrative(
            syntax, requires: .administer, right: .manageMethods, about: Self.owners
        ) { (invocation) throws(ArgumentError) in
            let id = try invocation.request.token(invocation.request.positionals[0])
            do throws(CeremonyError) {
                return .ok(
                    options: Self.tokenOptions(
                        try tokens.give(id, to: nil, label: "", by: invocation.origin)))
            } catch {
                return Self.refusal(error, user: nil)
            }
        }
    }

    /// `TOKEN RESYNC user token= code= code2=`: finds a token that has gone astray by two codes that follow each other.
    var tokenResyncVerb: Verb {
        let syntax = VerbSyntax(
            "TOKEN RESYNC", summary: "Find a token again by two codes in a row",
            positionals: ["user"], requiredOptions: ["token", "code", "code2"])
        let tokens = tokens
        return administrative(
            syntax, requires: .enroll, right: .manageMethods
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let name = try request.userName()
            let id = try request.token(request.required("token"))
            let (first, second) = (try request.required("code"), try request.required("code2"))
            do throws(CeremonyError) {
                try tokens.synchronise(
                    id, of: name, by: first, second, origin: invocation.origin)
                return .ok(["user": name.text, "cred": id.text])
            } catch {
                return Self.refusal(error, user: name.text)
            }
        }
    }

    /// `TOKEN DEL token`: deletes a token, whoever has it.
    var tokenDelVerb: Verb {
        let syntax = VerbSyntax(
            "TOKEN DEL", summary: "Delete a token", positionals: ["token"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageMethods, about: Self.owners
        ) { (invocation) throws(ArgumentError) in
            let id = try invocation.request.token(invocation.request.positionals[0])
            do throws(StoreError) {
                try store.deleteToken(id, by: invocation.origin, at: clock())
                return .ok(["cred": id.text])
            } catch {
                return Reply(error)
            }
        }
    }

    /// The users whom a change of a token's owner concerns: the one who has it, and the one who is to have it.
    private static let owners: SubjectFinder = { (request, store) throws(StoreError) in
        guard let id = try? request.token(request.positionals[0]) else { return [] }
        return [try store.token(id)?.owner?.name, request["user"].flatMap(UserName.init)]
            .compactMap(\.self)
    }

    static func item(_ token: Token) -> ListItem {
        var options = tokenOptions(token)
        options.append(Option("created", String(token.createdAt.milliseconds)))
        if let used = token.lastUsedAt {
            options.append(Option("used", String(used.milliseconds)))
        }
        return ListItem(options: options)
    }
}

extension Request {
    /// A token's identifier.
    fileprivate func token(_ text: String) throws(ArgumentError) -> CredentialID {
        do throws(MalformedWebAuthn) {
            return try CredentialID(text: text)
        } catch {
            throw .badValue("token")
        }
    }

    /// The option `secret`, read without a table that a secret would index.
    fileprivate func secretBytes() throws(ArgumentError) -> [UInt8] {
        let text = try required("secret")
        do throws(MalformedOATH) {
            return try SecretText.decodeBase64URL(text)
        } catch {
            throw .badValue("secret")
        }
    }

    /// The option `user`.
    func userOption() throws(ArgumentError) -> UserName? {
        guard let text = self["user"] else { return nil }
        guard let name = UserName(text) else { throw .badValue("user") }
        return name
    }

    /// An option of 1 to 64 bytes.
    func shortText(_ key: String) throws(ArgumentError) -> String? {
        guard let text = self[key] else { return nil }
        guard (1...64).contains(text.utf8.count) else { throw .badValue(key) }
        return text
    }
}
