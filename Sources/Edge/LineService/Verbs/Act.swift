import Accounts
import AuditLog
import Ceremonies
import CredentialStore
import Dispatch
import LineProtocol

extension CoreServices {
    /// `ACT ticket`: from now on the connection's administrative requests are those of the administrator who got the ticket
    /// at sign-in. RESET and AUTH end it.
    var actVerb: Verb {
        let syntax = VerbSyntax(
            "ACT", summary: "Administer as the user who got this ticket", positionals: ["ticket"])
        let (store, clock, access, queue) = (store, clock, access, administration)
        return Verb(
            acting: syntax,
            open: { invocation in
                let ticket = invocation.request.positionals[0]
                let opened = access.administrator(ticket, client: invocation.client.name)
                return opened.map { .administrator($0.user, ticket: ticket) } ?? .nobody
            },
            answer: { invocation, promise in
                queue.async {
                    do throws(StoreError) {
                        promise.fulfil(
                            try Self.begin(invocation, store: store, access, at: clock()))
                    } catch {
                        promise.fulfil(.unavailable)
                    }
                }
            })
    }

    /// Puts on record that an administrator acts, or that somebody would.
    private static func begin(
        _ invocation: Invocation, store: SQLiteStore, _ access: AccessService, at now: Timestamp
    ) throws(StoreError) -> Reply {
        guard let actor = invocation.actor else {
            try store.append(
                AuditEntry(
                    .administratorRefused, [], outcome: .failure(code: "wrong-ticket"),
                    reason: "ACT"),
                by: invocation.origin, at: now)
            return invocation.no(reason: "wrong-ticket")
        }
        let target = AuditTarget(.user, actor.text)
        let facts = try store.accountFacts(of: [actor])[0].get()
        let ticket = invocation.ticket.flatMap {
            access.administrator($0, client: invocation.client.name)
        }
        guard let facts, !facts.isLocked, !facts.roles.isEmpty, ticket?.holds(for: facts) == true
        else {
            let refusal = AdministrativeRefusal.notAdministrator.rawValue
            try store.append(
                AuditEntry(
                    .administratorRefused, [target], outcome: .failure(code: refusal),
                    reason: "ACT"),
                by: invocation.origin, at: now)
            return invocation.no(["user": actor.text], reason: refusal)
        }
        let roles = facts.roles.map(\.rawValue).sorted().joined(separator: ",")
        try store.append(
            AuditEntry(
                .administratorSignedIn, [target], changes: [AuditChange("roles", to: roles)]),
            by: invocation.origin, at: now)
        return .ok(["user": actor.text, "roles": roles])
    }
}
