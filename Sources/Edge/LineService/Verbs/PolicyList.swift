import Accounts
import Ceremonies
import ConditionalAccess
import CredentialStore
import Dispatch
import Encoding
import LineProtocol
import StrictYAML

/// What policies are in force.
extension CoreServices {
    /// `POLICY LIST`: the policies in force, those that are off too, in the order of their files. The first item says where
    /// they come from; after the policies come the strengths, the rules for methods, the break-glass accounts, and what is
    /// named and not there any more.
    func policyListVerb(_ queue: DispatchQueue) -> Verb {
        let syntax = VerbSyntax("POLICY LIST", summary: "List the policies in force")
        let desk = policies
        return administrative(
            syntax, requires: .administer, right: .readLogs, on: queue
        ) { (_) throws(ArgumentError) in
            let set = desk.book.current
            let summary = ListItem([
                "kind": "summary", "policies": String(set.policies.count),
                "source": desk.isReadFromFiles ? "files" : "apply",
                "files": String(desk.documents.count),
            ])
            let own = set.strengths.filter { $0.position != nil }
            return .list(
                [summary] + set.policies.map(Self.item) + own.map(Self.item)
                    + set.methods.map(Self.item) + Self.items(of: set.breakGlass)
                    + desk.dangling.map(Self.item))
        }
    }

    private static func item(_ policy: AccessPolicy) -> ListItem {
        var options = [
            Option("kind", "policy"), Option("policy", policy.id.text),
            Option("state", policy.state.rawValue), Option("file", policy.position.file),
            Option("line", String(policy.position.line)),
        ]
        options += policy.summary.map { Option($0.part, $0.text.cut) }
        return ListItem(options: options)
    }

    private static func item(_ strength: AuthenticationStrength) -> ListItem {
        ListItem([
            "kind": "strength", "strength": strength.id.text, "title": strength.title,
            "combinations": strength.summary.cut,
        ])
    }

    private static func item(_ rule: MethodRule) -> ListItem {
        ListItem([
            "kind": "method", "method": rule.method.rawValue, "users": rule.users.summary.cut,
        ])
    }

    private static func items(of breakGlass: BreakGlass?) -> [ListItem] {
        guard let breakGlass else { return [] }
        return [
            ListItem([
                "kind": "break-glass",
                "users": breakGlass.users.map(\.text).sorted().joined(separator: ",").cut,
                "reason": breakGlass.reason,
            ])
        ]
    }

    private static func item(_ mention: PolicyMention) -> ListItem {
        ListItem([
            "kind": "dangling", "what": mention.kind.rawValue, "name": mention.name.cut,
            "by": mention.by, "file": mention.position.file,
            "line": String(mention.position.line),
        ])
    }

    /// `POLICY SHOW [file=]`: the files in force as they were sent, or one of them. An item has `file=`, or the next part
    /// of that file, base64url, as `yaml=`.
    func policyShowVerb(_ queue: DispatchQueue) -> Verb {
        let syntax = VerbSyntax(
            "POLICY SHOW", summary: "Show the files of policies in force", options: ["file"])
        let desk = policies
        return administrative(
            syntax, requires: .administer, right: .readLogs, on: queue
        ) { (invocation) throws(ArgumentError) in
            let name = invocation.request["file"]
            let documents = desk.documents.filter { name == nil || $0.file == name }
            guard name == nil || !documents.isEmpty else {
                return .refusal(.no, text: "no policies in force are of such a file")
            }
            // What a client takes of a list at most, base64url and all.
            guard documents.reduce(0, { $0 + $1.yaml.utf8.count }) < 2_500_000 else {
                return .refusal(
                    .conflict, ["reason": "too-large"],
                    text: "the files are too large for one list: name one with file=")
            }
            return .list(documents.flatMap(Self.items))
        }
    }

    private static let partLength = 8192

    private static func items(of document: PolicyDocument) -> [ListItem] {
        var items = [ListItem(["file": document.file])]
        var rest = Array(document.yaml.utf8)[...]
        while !rest.isEmpty {
            items.append(ListItem(["yaml": Base64URL.encode(rest.prefix(partLength))]))
            rest = rest.dropFirst(partLength)
        }
        return items
    }

    /// `POLICY STATE policy state=on|report-only|off [force=]`: switches a policy in force. Its line in the file that was
    /// sent is changed with it.
    func policyStateVerb(_ queue: DispatchQueue) -> Verb {
        let syntax = VerbSyntax(
            "POLICY STATE", summary: "Switch a policy on, to report-only, or off",
            positionals: ["policy"], requiredOptions: ["state"], options: ["force"])
        let desk = policies
        return administrative(
            syntax, requires: .administer, right: .managePolicies, on: queue
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            guard let id = PolicyID(request.positionals[0]) else { throw .badValue("policy") }
            guard let state = try request.word("state", as: AccessPolicy.State.self) else {
                throw .badValue("state")
            }
            let reason = try request.forcingReason()
            do throws(PolicyDeskError) {
                let applied = try desk.set(
                    state, of: id, forcedBecause: reason, by: invocation.origin)
                return .ok(
                    options: [Option("policy", id.text), Option("state", state.rawValue)]
                        + applied.options)
            } catch {
                return Reply(error)
            }
        }
    }
}
