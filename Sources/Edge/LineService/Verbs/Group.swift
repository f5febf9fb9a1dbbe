import Accounts
import Ceremonies
import CredentialStore
import LineProtocol

/// Groups and who is in them.
extension CoreServices {
    /// `GROUP ADD group [about=]`.
    var groupAddVerb: Verb {
        let syntax = VerbSyntax(
            "GROUP ADD", summary: "Add a group", positionals: ["group"], options: ["about"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageGroups
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.directoryName(at: 0, "group")
            let about = try invocation.request.line("about") ?? ""
            do throws(StoreError) {
                try store.addGroup(
                    name, description: about, by: invocation.origin, at: clock())
                return .ok(["group": name.text])
            } catch {
                return Reply(error, ["group": name.text])
            }
        }
    }

    /// `GROUP DEL group`: its members stay users. Refused while a policy names it.
    var groupDelVerb: Verb {
        let syntax = VerbSyntax("GROUP DEL", summary: "Delete a group", positionals: ["group"])
        let (store, clock, use) = (store, clock, policies.policyUse)
        return administrative(
            syntax, requires: .administer, right: .manageGroups
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.directoryName(at: 0, "group")
            do throws(StoreError) {
                try store.deleteGroup(
                    name, unlessNamedBy: use, by: invocation.origin, at: clock())
                return .ok(["group": name.text])
            } catch {
                return Reply(error, ["group": name.text])
            }
        }
    }

    /// `GROUP LIST [after=] [limit=]`: a page of groups, by their names.
    var groupListVerb: Verb {
        let syntax = VerbSyntax(
            "GROUP LIST", summary: "List groups, a page at a time", options: ["after", "limit"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readDirectory
        ) { (invocation) throws(ArgumentError) in
            let after = try invocation.request.directoryName("after")
            let limit = try invocation.request.pageLimit()
            do throws(StoreError) {
                return .list(
                    try store.groups(after: after, limit: limit).map { group in
                        ListItem([
                            "group": group.name.text, "about": group.description,
                            "members": String(group.memberCount),
                            "created": String(group.createdAt.milliseconds),
                        ])
                    })
            } catch {
                return Reply(error)
            }
        }
    }

    /// `GROUP JOIN group user`.
    var groupJoinVerb: Verb {
        member("GROUP JOIN", "Put a user into a group") {
            (store, user, group, invocation, now) throws(StoreError) in
            try store.add(user, toGroup: group, by: invocation.origin, at: now)
        }
    }

    /// `GROUP LEAVE group user`.
    var groupLeaveVerb: Verb {
        member("GROUP LEAVE", "Take a user out of a group") {
            (store, user, group, invocation, now) throws(StoreError) in
            try store.remove(user, fromGroup: group, by: invocation.origin, at: now)
        }
    }

    private func member(
        _ name: String, _ summary: String,
        _ body:
            @escaping @Sendable (SQLiteStore, UserName, DirectoryName, Invocation, Timestamp)
            throws(StoreError) -> Void
    ) -> Verb {
        let syntax = VerbSyntax(name, summary: summary, positionals: ["group", "user"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageGroups
        ) { (invocation) throws(ArgumentError) in
            let group = try invocation.request.directoryName(at: 0, "group")
            let user = try invocation.request.userName(at: 1)
            do throws(StoreError) {
                try body(store, user, group, invocation, clock())
                return .ok(["user": user.text, "group": group.text])
            } catch {
                return Reply(error, ["user": user.text])
            }
        }
    }

    /// `GROUP MEMBERS group [after=] [limit=]`: a page of members, by their names.
    var groupMembersVerb: Verb {
        let syntax = VerbSyntax(
            "GROUP MEMBERS", summary: "List a group's members, a page at a time",
            positionals: ["group"], options: ["after", "limit"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readDirectory
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.directoryName(at: 0, "group")
            let after = try invocation.request.userName(after: "after")
            let limit = try invocation.request.pageLimit()
            do throws(StoreError) {
                return .list(
                    try store.members(ofGroup: name, after: after, limit: limit)
                        .map { ListItem(["user": $0.text]) },
                    ["group": name.text])
            } catch {
                return Reply(error, ["group": name.text])
            }
        }
    }
}
