import Accounts
import Ceremonies
import ConditionalAccess
import CredentialStore
import Dispatch
import LineProtocol

/// Policies: files on their way in, and what is in force.
extension CoreServices {
    /// All verbs about policies.
    var policyVerbs: [Verb] {
        let drafts = PolicyDrafts()
        let queue = DispatchQueue(label: "countersign.policies")
        return [
            policyDraftVerb(drafts, queue), policyDropVerb(drafts, queue),
            policyCheckVerb(drafts, queue), policyApplyVerb(drafts, queue),
            policyListVerb(queue), policyShowVerb(queue), policyStateVerb(queue),
            policyWhatIfVerb(drafts, queue), policyReplayVerb(drafts),
        ]
    }

    /// `POLICY DRAFT file= yaml=`: sends a file, base64url, or the next part of one that is too long for a line. The files
    /// belong to the connection and end with it; nothing comes in force by it.
    private func policyDraftVerb(_ drafts: PolicyDrafts, _ queue: DispatchQueue) -> Verb {
        let syntax = VerbSyntax(
            "POLICY DRAFT", summary: "Send a file of policies, or the next part of one",
            requiredOptions: ["file", "yaml"], size: .large)
        return administrative(
            syntax, requires: .administer, right: .managePolicies, on: queue
        ) { (invocation) throws(ArgumentError) in
            let file = try invocation.request.required("file")
            let bytes = try invocation.request.bytes("yaml")
            do throws(PolicyUploadFailure) {
                guard
                    let upload = try drafts.append(
                        bytes, toFile: file, on: invocation.connection)
                else { return .refusal(.busy, ["retry": "1000"]) }
                return .ok([
                    "file": file, "files": String(upload.files.count),
                    "bytes": String(upload.byteCount),
                ])
            } catch {
                return .refusal(.badArgument, ["reason": error.rawValue], text: error.advice)
            }
        }
    }

    /// `POLICY DROP`: forgets the files that the connection sent.
    private func policyDropVerb(_ drafts: PolicyDrafts, _ queue: DispatchQueue) -> Verb {
        let syntax = VerbSyntax(
            "POLICY DROP", summary: "Forget the files of policies that were sent")
        return administrative(
            syntax, requires: .administer, right: .managePolicies, on: queue
        ) { (invocation) throws(ArgumentError) in
            .ok(["files": String(drafts.drop(of: invocation.connection)?.files.count ?? 0)])
        }
    }

    /// `POLICY CHECK`: what is wrong with the files that were sent, and what may surprise. The first item has the numbers;
    /// after it comes an item for each problem and each warning.
    private func policyCheckVerb(_ drafts: PolicyDrafts, _ queue: DispatchQueue) -> Verb {
        let syntax = VerbSyntax(
            "POLICY CHECK", summary: "Check the files of policies that were sent")
        let desk = policies
        return administrative(
            syntax, requires: .administer, right: .managePolicies, on: queue
        ) { (invocation) throws(ArgumentError) in
            guard let upload = drafts.upload(of: invocation.connection) else { return .noDraft }
            do throws(PolicyDeskError) {
                let report = try desk.check(upload.files)
                return .list(Self.items(of: report, upload))
            } catch {
                return Reply(error)
            }
        }
    }

    private static func items(of report: PolicyCheckReport, _ upload: PolicyUpload) -> [ListItem] {
        let lockedOut =
            report.lockedOut.isEmpty ? "none" : report.isEveryoneLockedOut ? "all" : "some"
        let summary = ListItem([
            "kind": "summary", "policies": String(report.policyCount),
            "files": String(upload.files.count), "problems": String(report.problems.count),
            "more": report.isTruncated ? "yes" : "no", "warnings": String(report.warnings.count),
            "locked-out": lockedOut,
        ])
        let names = Set(upload.files.map(\.name))
        return [summary]
            + report.problems.map { problem in
                item("problem", problem.code, problem.description, names)
            }
            + report.warnings.map { warning in
                item("warning", warning.code, warning.description, names)
            }
            + report.lockedOut.map(Self.item)
    }

    /// An item for something that is said of a place in a file, which the text begins with where there is one.
    private static func item(
        _ kind: String, _ code: String, _ description: String, _ files: Set<String>
    ) -> ListItem {
        var options = [Option("kind", kind), Option("code", code)]
        var text = Substring(description)
        // No name of a file has a colon in it.
        let file = text.prefix { $0 != ":" }
        if files.contains(String(file)) {
            options.append(Option("file", String(file)))
            text = text.dropFirst(file.count + 1)
            let line = text.prefix { $0.isASCII && $0.isNumber }
            if !line.isEmpty, text.dropFirst(line.count).first == ":" {
                options.append(Option("line", String(line)))
                text = text.dropFirst(line.count + 1)
            }
            text = text.drop { $0 == " " }
        }
        options.append(Option("text", String(text).cut))
        return ListItem(options: options)
    }

    private static func item(_ lockedOut: LockOutReport.LockedOut) -> ListItem {
        ListItem([
            "kind": "locked-out", "user": lockedOut.user.text,
            "policies": lockedOut.policies.prefix(32).map(\.text).joined(separator: ","),
        ])
    }

    /// `POLICY APPLY [force=]`: puts the files that were sent in the place of all policies in force. `force=` says why that
    /// is to be although no global administrator could sign in any more; it goes on record.
    private func policyApplyVerb(_ drafts: PolicyDrafts, _ queue: DispatchQueue) -> Verb {
        let syntax = VerbSyntax(
            "POLICY APPLY", summary: "Put the files of policies that were sent in force",
            options: ["force"])
        let desk = policies
        return administrative(
            syntax, requires: .administer, right: .managePolicies, on: queue
        ) { (invocation) throws(ArgumentError) in
            let reason = try invocation.request.forcingReason()
            guard let upload = drafts.upload(of: invocation.connection) else { return .noDraft }
            do throws(PolicyDeskError) {
                let applied = try desk.apply(
                    upload.files, forcedBecause: reason, by: invocation.origin)
                _ = drafts.drop(of: invocation.connection)
                return .ok(options: applied.options)
            } catch {
                return Reply(error)
            }
        }
    }
}

extension PolicyApplication {
    /// What a yes says.
    var options: [Option] {
        [
            Option("policies", String(policyCount)), Option("added", String(added)),
            Option("changed", String(changed)), Option("removed", String(removed)),
            Option("warnings", String(warnings.count)),
            Option("locked-out", String(lockedOut.count)),
        ]
    }
}

extension Request {
    /// The option `force`: 1 to 256 bytes that say why.
    func forcingReason() throws(ArgumentError) -> String? {
        guard let reason = self["force"] else { return nil }
        guard (1...256).contains(reason.utf8.count) else { throw .badValue("force") }
        return reason
    }

    /// An option that is `yes` or `no`, and `no` where it is not given.
    func flag(_ key: String) throws(ArgumentError) -> Bool {
        switch self[key] {
        case "yes": true
        case "no", nil: false
        default: throw .badValue(key)
        }
    }
}

extension Reply {
    /// The connection has sent no files of policies.
    static let noDraft = Reply.refusal(
        .conflict, ["reason": "no-draft"], text: "no policies were sent: say POLICY DRAFT first")

    /// What the desk's error is to the peer.
    init(_ error: PolicyDeskError) {
        switch error {
        case .store(let error): self.init(error)
        case .unreadableDocuments: self = .unavailable
        case .noSuchPolicy: self = .refusal(.no, ["reason": error.code], text: error.advice.cut)
        case .refused(let refusal):
            self = .refusal(
                .conflict,
                ["reason": error.code, "problems": String(refusal.problems.count)],
                text: error.advice.cut)
        case .lockOut, .readFromFiles, .unchanged, .stateNotOnItsLine:
            self = .refusal(.conflict, ["reason": error.code], text: error.advice.cut)
        }
    }
}

extension String {
    /// As much of a text as fits beside others into a line: 1 KiB, whole characters.
    var cut: String {
        guard utf8.count > 1024 else { return self }
        var length = 0
        let kept = unicodeScalars.prefix { scalar in
            length += UTF8.width(scalar)
            return length <= 1021
        }
        return String(String.UnicodeScalarView(kept)) + "…"
    }
}
