import Accounts
import Ceremonies
import CredentialStore
import LineProtocol

/// What users sign in to.
extension CoreServices {
    /// `APP ADD app [display=] [kind=browser|native|legacy]`: `app` is what front ends give as `svc`.
    var appAddVerb: Verb {
        let syntax = VerbSyntax(
            "APP ADD", summary: "Add an application", positionals: ["app"],
            options: ["display", "kind"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageApplications
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let name = try request.directoryName(at: 0, "app")
            let application = Application(
                name: name, displayName: try request.displayName() ?? name.text,
                clientKind: try request.word("kind", as: ClientKind.self), createdAt: clock())
            do throws(StoreError) {
                try store.add(application, by: invocation.origin)
                return .ok(options: Self.options(of: application))
            } catch {
                return Reply(error, ["app": name.text])
            }
        }
    }

    /// `APP SET app [display=] [kind=browser|native|legacy|any]`: what is not given stays.
    var appSetVerb: Verb {
        let syntax = VerbSyntax(
            "APP SET", summary: "Change what is known of an application", positionals: ["app"],
            options: ["display", "kind"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageApplications
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let name = try request.directoryName(at: 0, "app")
            let display = try request.displayName()
            let kind =
                request["kind"] == "any" ? nil : try request.word("kind", as: ClientKind.self)
            do throws(StoreError) {
                guard var application = try store.application(name) else {
                    throw .noSuchName(.application, name.text)
                }
                if let display { application.displayName = display }
                if request["kind"] != nil { application.clientKind = kind }
                try store.update(
                    name, displayName: application.displayName,
                    clientKind: application.clientKind, by: invocation.origin, at: clock())
                return .ok(options: Self.options(of: application))
            } catch {
                return Reply(error, ["app": name.text])
            }
        }
    }

    /// `APP DEL app`. Refused while a policy names it.
    var appDelVerb: Verb {
        let syntax = VerbSyntax(
            "APP DEL", summary: "Delete an application", positionals: ["app"])
        let (store, clock, use) = (store, clock, policies.policyUse)
        return administrative(
            syntax, requires: .administer, right: .manageApplications
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.directoryName(at: 0, "app")
            do throws(StoreError) {
                try store.deleteApplication(
                    name, unlessNamedBy: use, by: invocation.origin, at: clock())
                return .ok(["app": name.text])
            } catch {
                return Reply(error, ["app": name.text])
            }
        }
    }

    /// `APP LIST [after=] [limit=]`: a page of applications, by their names.
    var appListVerb: Verb {
        let syntax = VerbSyntax(
            "APP LIST", summary: "List applications, a page at a time",
            options: ["after", "limit"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readDirectory
        ) { (invocation) throws(ArgumentError) in
            let after = try invocation.request.directoryName("after")
            let limit = try invocation.request.pageLimit()
            do throws(StoreError) {
                return .list(
                    try store.applications(after: after, limit: limit)
                        .map { ListItem(options: Self.options(of: $0)) })
            } catch {
                return Reply(error)
            }
        }
    }

    private static func options(of application: Application) -> [Option] {
        [
            Option("app", application.name.text), Option("display", application.displayName),
            Option("kind", application.clientKind?.rawValue ?? "any"),
            Option("created", String(application.createdAt.milliseconds)),
        ]
    }
}

extension Request {
    /// The option `display`: 1 to 128 bytes.
    fileprivate func displayName() throws(ArgumentError) -> String? {
        guard let text = self["display"] else { return nil }
        guard (1...128).contains(text.utf8.count) else { throw .badValue("display") }
        return text
    }
}
