public import Accounts
public import AuditLog
public import LineProtocol

/// A request that a verb is to answer, from a client that may ask it.
public struct Invocation: Sendable {
    /// The request; it fits the verb's syntax.
    public let request: Request
    /// Who asks.
    public let client: Client
    /// The connection that it came by.
    public let connection: ConnectionLife
    /// The administrator for whom the client asks, who signed in and said so by ACT; `nil` where it asks for itself.
    public let actor: UserName?
    /// What shows that; its time may be over by now.
    let ticket: String?
    /// Where the connection comes from: `uid 1000`, `127.0.0.1:4711`.
    public let from: String

    /// Pairs a request with its client; the server does so after its checks, tests do so directly.
    public init(
        request: Request, client: Client, connection: ConnectionLife = ConnectionLife(),
        actor: UserName? = nil, from: String = ""
    ) {
        let acting = actor.map { Acting.administrator($0, ticket: "") } ?? .itself
        self.init(
            request: request, client: client, connection: connection, acting: acting, from: from)
    }

    init(
        request: Request, client: Client, connection: ConnectionLife, acting: Acting, from: String
    ) {
        self.request = request
        self.client = client
        self.connection = connection
        self.from = from
        if case .administrator(let name, let ticket) = acting {
            actor = name
            self.ticket = ticket
        } else {
            actor = nil
            ticket = nil
        }
    }

    /// Who acts, for the audit log.
    public var origin: AuditOrigin {
        AuditOrigin(
            who: actor.map { .administrator($0.text) } ?? .client, client: client.name, from: from)
    }

    /// `-NO`: not authenticated. The reason goes only to clients with the capability `reasons`.
    public func no(_ options: KeyValuePairs<String, String> = [:], reason: String) -> Reply {
        var reply = Reply.refusal(.no, options)
        if client.capabilities.contains(.reasons) { reply.options.append(Option("reason", reason)) }
        return reply
    }
}

/// A verb: its syntax, the right it needs, and what answers it.
public struct Verb: Sendable {
    /// What the verb takes.
    public let syntax: VerbSyntax
    /// The capability that a client needs; nil: any known client may ask.
    public let capability: Capability?
    /// The right that an administrator needs, for whom a client asks; `nil` for what is no administration.
    public let right: AdministrativeRight?
    let action: Action

    enum Action: Sendable {
        /// Changes the connection; answered at once, for unknown clients too.
        case converse(@Sendable (Request, inout Session) -> Reply)
        case answer(@Sendable (Invocation, ReplyPromise) -> Void)
        /// Makes the connection somebody's at once, and then answers.
        case act(
            open: @Sendable (Invocation) -> Acting,
            answer: @Sendable (Invocation, ReplyPromise) -> Void)
    }

    /// A verb whose work runs elsewhere and fulfils the promise from any thread, or at once.
    ///
    /// The closure is called on the event loop: it must not block. With `right`, a request for an administrator needs no
    /// capability; the closure sees to it that the administrator has the right.
    public init(
        _ syntax: VerbSyntax, requires capability: Capability?, right: AdministrativeRight? = nil,
        answer: @escaping @Sendable (Invocation, ReplyPromise) -> Void
    ) {
        self.init(syntax, capability, right, .answer(answer))
    }

    /// The verb by which a client begins to act for an administrator. `open` finds out for whom, on the event loop: it must
    /// not block.
    init(
        acting syntax: VerbSyntax, open: @escaping @Sendable (Invocation) -> Acting,
        answer: @escaping @Sendable (Invocation, ReplyPromise) -> Void
    ) {
        self.init(syntax, .act, nil, .act(open: open, answer: answer))
    }

    /// A verb answered by a task of its own: for enrolment and administration, not for the hot path.
    ///
    /// An argument error is answered as the parser's own are.
    public init(
        _ syntax: VerbSyntax, requires capability: Capability?,
        respond: @escaping @Sendable (Invocation) async throws(ArgumentError) -> Reply
    ) {
        self.init(
            syntax, capability, nil,
            .answer { invocation, promise in
                Task {
                    do throws(ArgumentError) {
                        promise.fulfil(try await respond(invocation))
                    } catch {
                        promise.fulfil(error.reply)
                    }
                }
            })
    }

    init(
        _ syntax: VerbSyntax, converse: @escaping @Sendable (Request, inout Session) -> Reply
    ) {
        self.init(syntax, nil, nil, .converse(converse))
    }

    private init(
        _ syntax: VerbSyntax, _ capability: Capability?, _ right: AdministrativeRight?,
        _ action: Action
    ) {
        self.syntax = syntax
        self.capability = capability
        self.right = right
        self.action = action
    }

    /// Why this client may not make this request; nil when it may.
    func objection(
        to request: Request, by client: Client?, for acting: Acting = .itself
    ) -> Reply? {
        guard let client else {
            return .refusal(.noAuthentication, text: "say AUTH first")
        }
        if let need = missing(of: client, for: acting) {
            return .refusal(.noPermission, ["need": need.rawValue])
        }
        for (key, allowed) in client.scopes
        where syntax.options.contains(key) || syntax.requiredOptions.contains(key) {
            guard let value = request[key], allowed.contains(value) else {
                return .refusal(.noPermission, ["need": key])
            }
        }
        return nil
    }

    /// The capability that a client would need. For administration in somebody's name that is the one to act; whether that
    /// somebody has the right is found out where the request is answered, with the store.
    private func missing(of client: Client, for acting: Acting) -> Capability? {
        switch acting {
        case .nobody where right != nil: return .act
        case .administrator where right != nil:
            return client.capabilities.contains(.act) ? nil : .act
        case .itself where right == .readLogs && client.capabilities.contains(.audit): return nil
        case .itself, .administrator, .nobody: break
        }
        guard let capability, !client.capabilities.contains(capability) else { return nil }
        return capability
    }
}

/// The verbs of a server: the connection's own and those given.
package struct VerbSet: Sendable {
    let table: VerbTable
    private let byName: [String: Verb]

    package init(_ verbs: [Verb]) {
        let all = [hello, auth, ping, quit, reset, commandDocs] + verbs
        table = VerbTable(all.map(\.syntax))
        byName = Dictionary(uniqueKeysWithValues: all.map { ($0.syntax.name, $0) })
    }

    subscript(name: String) -> Verb? { byName[name] }
}
