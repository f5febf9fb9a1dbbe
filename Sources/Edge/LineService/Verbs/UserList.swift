import Accounts
import CredentialStore
import LineProtocol

/// Many users, and who is locked out.
extension CoreServices {
    /// How many lines a page of a list has, and how many it can have.
    static let pageLength = (usual: 100, most: 1000)

    /// `USER LIST [after=] [limit=] [mfa=disabled|enabled|enforced] [group=]`: a page of users, by their names, each with
    /// what is registered. The next page is the one after the last name.
    var userListVerb: Verb {
        let syntax = VerbSyntax(
            "USER LIST", summary: "List users, a page at a time",
            options: ["after", "limit", "mfa", "group"])
        let store = store
        return administrative(
            syntax, requires: .administer, right: .readDirectory
        ) { (invocation) throws(ArgumentError) in
            let request = invocation.request
            let filter = UserFilter(
                mfaState: try request.word("mfa", as: MFAState.self),
                group: try request.directoryName("group"))
            let (after, limit) = (try request.userName(after: "after"), try request.pageLimit())
            do throws(StoreError) {
                return .list(
                    try store.users(after: after, filter, limit: limit).map(Self.item))
            } catch {
                return Reply(error)
            }
        }
    }

    /// `USER LOCK user why=`: nobody signs in to the account from now on, and its roles are worth nothing.
    var userLockVerb: Verb {
        let syntax = VerbSyntax(
            "USER LOCK", summary: "Lock a user out", positionals: ["user"],
            requiredOptions: ["why"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageRisk
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            let reason = try invocation.request.required("why")
            guard (1...256).contains(reason.utf8.count) else { throw .badValue("why") }
            do throws(StoreError) {
                try store.lock(name, because: reason, by: invocation.origin, at: clock())
                return .ok(["user": name.text, "state": "locked"])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// `USER UNLOCK user`.
    var userUnlockVerb: Verb {
        let syntax = VerbSyntax(
            "USER UNLOCK", summary: "Take a user's lock away", positionals: ["user"])
        let (store, clock) = (store, clock)
        return administrative(
            syntax, requires: .administer, right: .manageRisk
        ) { (invocation) throws(ArgumentError) in
            let name = try invocation.request.userName()
            do throws(StoreError) {
                try store.unlock(name, by: invocation.origin, at: clock())
                return .ok(["user": name.text, "state": "unlocked"])
            } catch {
                return Reply(error, ["user": name.text])
            }
        }
    }

    /// What there is to say of a lock.
    static func options(of lock: UserLock?) -> [Option] {
        guard let lock else { return [] }
        return [
            Option("locked", String(lock.since.milliseconds)), Option("why", lock.reason),
        ]
    }

    private static func item(_ user: UserSummary) -> ListItem {
        ListItem(
            options: [
                Option("user", user.name.text), Option("display", user.displayName),
                Option("mfa", user.mfaState.rawValue), Option("risk", user.risk.rawValue),
                Option("methods", user.methods.map(\.rawValue).sorted().joined(separator: ",")),
                Option("roles", user.roles.map(\.rawValue).sorted().joined(separator: ",")),
            ] + options(of: user.lock))
    }
}

extension Request {
    /// The option `limit` of a list.
    func pageLimit() throws(ArgumentError) -> Int {
        try number("limit", in: 1...CoreServices.pageLength.most) ?? CoreServices.pageLength.usual
    }

    /// An option that is the user whom a page comes after.
    func userName(after key: String) throws(ArgumentError) -> UserName? {
        guard let text = self[key] else { return nil }
        guard let name = UserName(text) else { throw .badValue(key) }
        return name
    }

    /// An option that is the name of a group, an application or a location.
    func directoryName(_ key: String) throws(ArgumentError) -> DirectoryName? {
        guard let text = self[key] else { return nil }
        guard let name = DirectoryName(text) else { throw .badValue(key) }
        return name
    }

    /// A positional argument that is such a name.
    func directoryName(at index: Int, _ key: String) throws(ArgumentError) -> DirectoryName {
        guard positionals.indices.contains(index), let name = DirectoryName(positionals[index])
        else { throw .badValue(key) }
        return name
    }

    /// An option that is a line for people: at most 256 bytes.
    func line(_ key: String) throws(ArgumentError) -> String? {
        guard let text = self[key] else { return nil }
        guard text.utf8.count <= 256 else { throw .badValue(key) }
        return text
    }
}
