import Accounts
import AuditLog
import CredentialStore
import LineProtocol

/// What is decided about users.
extension CoreServices {
    /// `USER MFA user state=disabled|enabled|enforced`.
    var userMFAVerb: Verb {
        let syntax = VerbSyntax(
            "USER MFA", summary: "Set how far a user's multi-factor authentication is",
            positionals: ["user"], requiredOptions: ["state"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageMFA
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            guard let state = try invocation.request.word("state", as: MFAState.self) else {
                throw .badValue("state")
            }
            do throws(StoreError) {
                try store.set(state, of: name, by: invocation.origin, at: clock())
                return .ok(["user": name.text, "mfa": state.rawValue])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `RISK REPORT user level=none|low|medium|high [why=]`: says how likely it is that an account is in another's hands.
    var riskReportVerb: Verb {
        let syntax = VerbSyntax(
            "RISK REPORT", summary: "Set the risk of a user", positionals: ["user"],
            requiredOptions: ["level"], options: ["why"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageRisk
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let name = try request.userName()
            guard let level = try request.word("level", as: RiskLevel.self) else {
                throw .badValue("level")
            }
            let reason = request["why"] ?? ""
            guard reason.utf8.count <= 256 else { throw .badValue("why") }
            do throws(StoreError) {
                try store.set(
                    level, of: name, because: reason, by: invocation.origin, at: clock())
                return .ok(["user": name.text, "risk": level.rawValue])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `RISK GET user`: the level and the latest events, one a line, the latest first.
    var riskGetVerb: Verb {
        let syntax = VerbSyntax(
            "RISK GET", summary: "Show the risk of a user and what speaks for it",
            positionals: ["user"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readDirectory
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            do throws(StoreError) {
                let standing = try store.standing(of: name)
                let events = try store.events(of: name, limit: 50).map { event in
                    ListItem([
                        "event": event.kind.rawValue, "at": String(event.at.milliseconds),
                        "client": event.client, "detail": event.detail,
                    ])
                }
                return .list(
                    [
                        ListItem([
                            "risk": standing.risk.rawValue, "mfa": standing.mfaState.rawValue,
                            "pushes": standing.pushesStoppedAt == nil ? "on" : "stopped",
                        ])
                    ] + events, ["user": name.text])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `PASSWORD RESET user`: reports that the user has a new password. By policy the app passwords go with the old one.
    var passwordResetVerb: Verb {
        let syntax = VerbSyntax(
            "PASSWORD RESET", summary: "Report that a user's password was reset",
            positionals: ["user"])
        let (store, clock, deletes) = (store, clock, deletesAppPasswordsAtReset)
        return administrative(
            syntax, requires: .administer, right: .resetPasswords
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            do throws(StoreError) {
                let count = try store.passwordWasReset(
                    of: name, deletingAppPasswords: deletes, by: invocation.origin, at: clock())
                return .ok(["user": name.text, "deleted": String(count)])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `USER PUSHES user state=on`: lets pushes through again after the user had said of one: that was not me.
    var pushResumeVerb: Verb {
        let syntax = VerbSyntax(
            "USER PUSHES", summary: "Let pushes to a user's phones through again",
            positionals: ["user"], requiredOptions: ["state"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageRisk
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            guard invocation.request["state"] == "on" else { throw .badValue("state") }
            do throws(StoreError) {
                try store.resumePushes(of: name, by: invocation.origin, at: clock())
                return .ok(["user": name.text, "pushes": "on"])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `KEYS ROTATE`: seals all secrets at rest under a new key, while the server goes on.
    var keysRotateVerb: Verb {
        let syntax = VerbSyntax(
            "KEYS ROTATE", summary: "Seal all secrets at rest under a new key")
        let (store, clock, rotate) = (store, clock, rotateKeys)
        return administrative(
            syntax, requires: .administer, right: .manageKeys
        ) { (invocation) throws(ArgumentError) in
            do {
                let report = try rotate()
                // It goes through many transactions; the record comes after the last.
                try store.append(
                    AuditEntry(
                        .rotateKeys, [AuditTarget(.key, String(report.key))],
                        changes: [
                            AuditChange("resealed", to: String(report.resealed)),
                            AuditChange("unreadable", to: String(report.unreadable)),
                        ]),
                    by: invocation.origin, at: clock())
                return .ok([
                    "key": String(report.key), "resealed": String(report.resealed),
                    "unreadable": String(report.unreadable),
                ])
            } catch {
                return .refusal(
                    .internalError, ["retry": "1000"],
                    text: "the keys were not rotated; the server's log says why")
            }
        }
    }
}
