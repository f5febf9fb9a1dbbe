import Accounts
import AuditLog
import Ceremonies
import CredentialStore
import Dispatch
import LineProtocol

extension CoreServices {
    /// Finds the users whom a request concerns. What it reads of the store it reads where the request is answered.
    typealias SubjectFinder = @Sendable (Request, SQLiteStore) throws(StoreError) -> [UserName]

    /// A verb whose work waits for the store.
    ///
    /// - Parameters:
    ///   - capability: what a client needs that asks for itself.
    ///   - right: what an administrator needs for whom a client asks; such a request goes by this alone. `nil` for what only
    ///     clients do.
    ///   - queue: where it waits; the queue of all administration if `nil`.
    ///   - subject: finds whom it concerns; by default its argument or its option `user`.
    func administrative(
        _ syntax: VerbSyntax, requires capability: Capability, right: AdministrativeRight?,
        on queue: DispatchQueue? = nil, about subject: SubjectFinder? = nil,
        respond: @escaping @Sendable (Invocation) throws(ArgumentError) -> Reply
    ) -> Verb {
        let queue = queue ?? administration
        let (store, access, clock) = (store, access, clock)
        let find = subject ?? Self.named(in: syntax)
        return Verb(syntax, requires: capability, right: right) { invocation, promise in
            queue.async {
                if let right,
                    let objection = Self.objection(
                        to: invocation, right, syntax.name, find, store: store, access,
                        at: clock)
                {
                    return promise.fulfil(objection)
                }
                do throws(ArgumentError) {
                    let reply = try respond(invocation)
                    // Where a place is, and how an application is reached, is part of what policies say.
                    if reply.isSuccess, right == .manageLocations || right == .manageApplications {
                        policies.noteDirectoryChange()
                    }
                    promise.fulfil(reply)
                } catch {
                    promise.fulfil(error.reply)
                }
            }
        }
    }

    private static func named(in syntax: VerbSyntax) -> SubjectFinder {
        let place = syntax.positionals.firstIndex(of: "user")
        return { (request, _) throws(StoreError) in
            if let place, request.positionals.indices.contains(place) {
                return [UserName(request.positionals[place])].compactMap(\.self)
            }
            return [request["user"].flatMap(UserName.init)].compactMap(\.self)
        }
    }

    /// Why the administrator for whom a request is may not make it; `nil` where that may be done, or a client asks for
    /// itself. The roles are those of this moment. A refusal is on record before it is told.
    private static func objection(
        to invocation: Invocation, _ right: AdministrativeRight, _ verb: String,
        _ find: SubjectFinder, store: SQLiteStore, _ access: AccessService,
        at clock: @Sendable () -> Timestamp
    ) -> Reply? {
        guard let actor = invocation.actor else { return nil }
        do throws(StoreError) {
            let users = try find(invocation.request, store)
            var roles: [Set<AdministratorRole>] = []
            var own: AccountFacts?
            for facts in try store.accountFacts(of: [actor] + users) {
                let facts = try facts.get()
                if roles.isEmpty { own = facts }
                // Of the one who acts a lock takes the rights; of the others it does not take the protection.
                roles.append(roles.isEmpty && facts?.isLocked == true ? [] : facts?.roles ?? [])
            }
            do throws(AdministrativeRefusal) {
                let holder = invocation.ticket.flatMap {
                    access.administrator($0, client: invocation.client.name)
                }
                guard let holder, let own, holder.user == actor, holder.holds(for: own) else {
                    throw .ticketOver
                }
                try right.check(roles[0], on: .nobody)
                for (user, theirs) in zip(users, roles.dropFirst()) {
                    try right.check(
                        roles[0],
                        on: user == actor ? .oneself : .other(hasRole: !theirs.isEmpty))
                }
                return nil
            } catch {
                try store.append(
                    AuditEntry(
                        .administratorRefused, users.map { AuditTarget(.user, $0.text) },
                        outcome: .failure(code: error.rawValue),
                        reason: "\(verb) needs \(right.rawValue)"),
                    by: invocation.origin, at: clock())
                return .refusal(
                    .noPermission, ["need": right.rawValue], text: error.explanation)
            }
        } catch {
            return .unavailable
        }
    }
}
