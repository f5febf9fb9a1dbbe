import Accounts
import CredentialStore
import LineProtocol

/// Who administers.
extension CoreServices {
    /// `ROLE ADD role user`, with a role of `global-administrator`, `authentication-administrator`, `help-desk`,
    /// `security-reader`.
    var roleAddVerb: Verb {
        role("ROLE ADD", "Give a user a role") {
            (store, user, role, invocation, now) throws(StoreError) in
            try store.assign(role, to: user, by: invocation.origin, at: now)
        }
    }

    /// `ROLE DEL role user`. The last global administrator keeps the role.
    var roleDelVerb: Verb {
        role("ROLE DEL", "Take a role from a user") {
            (store, user, role, invocation, now) throws(StoreError) in
            try store.remove(role, from: user, by: invocation.origin, at: now)
        }
    }

    private func role(
        _ name: String, _ summary: String,
        _ body:
            @escaping @Sendable (SQLiteStore, UserName, AdministratorRole, Invocation, Timestamp)
            throws(StoreError) -> Void
    ) -> Verb {
        let syntax = VerbSyntax(name, summary: summary, positionals: ["role", "user"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageRoles
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            guard let role = AdministratorRole(rawValue: request.positionals[0]) else {
                throw .badValue("role")
            }
            let user = try request.userName(at: 1)
            do throws(StoreError) {
                try body(store, user, role, invocation, clock())
                return .ok(["user": user.text, "role": role.rawValue])
            } catch {
                return Reply(error, ["user": user.text])
            }
        }
    }

    /// `ROLE LIST [role=]`: who has a role, at most the first thousand.
    var roleListVerb: Verb {
        let syntax = VerbSyntax(
            "ROLE LIST", summary: "List who administers", options: ["role"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readDirectory
        ) { (invocation) throws(ArgumentError) in
            let role = try invocation.request.word("role", as: AdministratorRole.self)
            do throws(StoreError) {
                return .list(
                    try store.roleMembers(of: role, limit: Self.pageLength.most).map { member in
                        ListItem([
                            "role": member.role.rawValue, "user": member.user.text,
                            "since": String(member.assignedAt.milliseconds),
                            "locked": member.isLocked ? "yes" : "no",
                        ])
                    })
            } catch {
                return Reply(error)
            }
        }
    }
}
