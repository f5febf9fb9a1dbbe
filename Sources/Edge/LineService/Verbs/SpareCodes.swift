import Accounts
import Addresses
import Ceremonies
import CredentialStore
import LineProtocol

/// Recovery codes, Temporary Access Passes and app passwords.
extension CoreServices {
    /// `RECOVERY NEW user`: fresh recovery codes, one a line, in the place of all before. They are told once.
    var recoveryNewVerb: Verb {
        let syntax = VerbSyntax(
            "RECOVERY NEW", summary: "Make recovery codes; those before count no more",
            positionals: ["user"])
        let spares = spares
        return administrative(
            syntax, requires: .enroll, right: .manageMethods
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            do throws(CeremonyError) {
                let codes = try spares.makeRecoveryCodes(for: name, by: invocation.origin)
                return .list(codes.map { ListItem(["code": $0]) }, ["user": name.text])
            } catch {
                return Self.refusal(error, user: name.text)
            }
        }
    }

    /// `PASS ADD user [by=] [minutes=] [delay=] [length=] [once=yes|no]`: a Temporary Access Pass of another user's, told
    /// once. A client that asks for itself says by whom; an administrator can issue none in another's name.
    var passAddVerb: Verb {
        let syntax = VerbSyntax(
            "PASS ADD", summary: "Issue a Temporary Access Pass", positionals: ["user"],
            options: ["by", "minutes", "delay", "length", "once"])
        let spares = spares
        return administrative(
            syntax, requires: .administer, right: .issuePasses
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let name = try request.userName()
            if invocation.actor != nil { try request.refuse(["by"]) }
            var issuer = invocation.actor
            if issuer == nil { issuer = UserName(try request.required("by")) }
            guard let issuer else { throw .badValue("by") }
            let minutes = try request.number("minutes", in: 1...100_000) ?? 60
            let delay = try request.number("delay", in: 0...43_200) ?? 0
            let length = try request.number("length", in: 1...1000) ?? AccessPassText.usualLength
            let once = try request.word("once", as: YesNo.self) ?? .yes
            do throws(CeremonyError) {
                let (text, pass) = try spares.issueAccessPass(
                    to: name, by: issuer, lifetime: .seconds(60 * minutes),
                    delay: .seconds(60 * delay), length: length, isOneTime: once == .yes,
                    origin: invocation.origin)
                return .ok([
                    "user": name.text, "secret": text, "once": once.rawValue,
                    "from": String(pass.startsAt.milliseconds),
                    "until": String(pass.expiresAt.milliseconds),
                ])
            } catch {
                return Self.refusal(error, user: name.text)
            }
        }
    }

    /// `PASS DEL user`.
    var passDelVerb: Verb {
        let syntax = VerbSyntax(
            "PASS DEL", summary: "Take a Temporary Access Pass away", positionals: ["user"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .issuePasses
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            do throws(StoreError) {
                try store.deleteAccessPass(of: name, by: invocation.origin, at: clock())
                return .ok(["user": name.text])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `APPPASS ADD user svc= [net=] [label=] [days=]`: an app password for services, from anywhere or from networks. It
    /// is told once.
    var appPassAddVerb: Verb {
        let syntax = VerbSyntax(
            "APPPASS ADD", summary: "Make an app password", positionals: ["user"],
            requiredOptions: ["svc"], options: ["net", "label", "days"])
        let spares = spares
        return administrative(
            syntax, requires: .enroll, right: .manageMethods
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let name = try request.userName()
            let wanted = AppPasswordRequest(
                user: name, services: try request.services(),
                networks: try request.networks(), label: try request.label(),
                lifetime: try request.number("days", in: 1...3650).map { .seconds(86_400 * $0) })
            do throws(CeremonyError) {
                let made = try spares.makeAppPassword(wanted, by: invocation.origin)
                return .ok([
                    "user": name.text, "app": String(made.number), "secret": made.text,
                ])
            } catch {
                return Self.refusal(error, user: name.text)
            }
        }
    }

    /// `APPPASS LIST user`: one line an app password, the oldest first; never the password.
    var appPassListVerb: Verb {
        let syntax = VerbSyntax(
            "APPPASS LIST", summary: "List a user's app passwords", positionals: ["user"])
        let store = store
        return administrative(
            syntax, requires: .enroll, right: .readDirectory
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            do throws(StoreError) {
                guard try store.user(name) != nil else { throw .noSuchUser(name) }
                return .list(
                    try store.appPasswords(of: name).map(Self.item), ["user": name.text])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `APPPASS DEL user app=17|all`: deletes an app password of the user, or all.
    var appPassDelVerb: Verb {
        let syntax = VerbSyntax(
            "APPPASS DEL", summary: "Delete an app password, or all", positionals: ["user"],
            requiredOptions: ["app"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .enroll, right: .manageMethods
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let name = try request.userName()
            let number =
                request["app"] == "all" ? nil : try request.number("app", in: 1...Int64.max)
            do throws(StoreError) {
                let count = try store.deleteAppPasswords(
                    of: name, number: number, by: invocation.origin, at: clock())
                return .ok(["user": name.text, "deleted": String(count)])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    private static func item(_ password: AppPassword) -> ListItem {
        var options = [
            Option("app", String(password.number)), Option("label", password.label),
            Option("svc", password.services.sorted().joined(separator: ",")),
            Option("created", String(password.createdAt.milliseconds)),
        ]
        if !password.networks.isEmpty {
            options.append(Option("net", password.networks.joined(separator: ",")))
        }
        if let end = password.expiresAt {
            options.append(Option("until", String(end.milliseconds)))
        }
        if let used = password.lastUsedAt {
            options.append(Option("used", String(used.milliseconds)))
        }
        if let from = password.lastUsedFrom { options.append(Option("rip", from)) }
        return ListItem(options: options)
    }
}

/// Yes or no, as arguments say it.
enum YesNo: String {
    case yes, no
}

extension Request {
    /// The option `net`: up to 16 networks with commas between.
    fileprivate func networks() throws(ArgumentError) -> [IPNetwork] {
        guard let text = self["net"] else { return [] }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count <= 16 else { throw .badValue("net") }
        var networks: [IPNetwork] = []
        for part in parts {
            do throws(MalformedAddress) {
                networks.append(try IPNetwork(String(part)))
            } catch {
                throw .badValue("net")
            }
        }
        return networks
    }
}
