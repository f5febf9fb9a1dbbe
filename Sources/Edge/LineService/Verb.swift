public import LineProtocol

/// A request that a verb is to answer, from a client that may ask it.
public struct Invocation: Sendable {
    /// The request; it fits the verb's syntax.
    public let request: Request
    /// Who asks.
    public let client: Client
    /// The connection that it came by.
    public let connection: ConnectionLife

    /// Pairs a request with its client; the server does so after its checks, tests do so directly.
    public init(
        request: Request, client: Client, connection: ConnectionLife = ConnectionLife()
    ) {
        self.request = request
        self.client = client
        self.connection = connection
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
    let action: Action

    enum Action: Sendable {
        /// Changes the connection; answered at once, for unknown clients too.
        case converse(@Sendable (Request, inout Session) -> Reply)
        case answer(@Sendable (Invocation, ReplyPromise) -> Void)
    }

    /// A verb whose work runs elsewhere and fulfils the promise from any thread, or at once.
    ///
    /// The closure is called on the event loop: it must not block.
    public init(
        _ syntax: VerbSyntax, requires capability: Capability?,
        answer: @escaping @Sendable (Invocation, ReplyPromise) -> Void
    ) {
        self.init(syntax, capability, .answer(answer))
    }

    /// A verb answered by a task of its own: for enrolment and administration, not for the hot path.
    ///
    /// An argument error is answered as the parser's own are.
    public init(
        _ syntax: VerbSyntax, requires capability: Capability?,
        respond: @escaping @Sendable (Invocation) async throws(ArgumentError) -> Reply
    ) {
        self.init(
            syntax, capability,
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
        self.init(syntax, nil, .converse(converse))
    }

    private init(_ syntax: VerbSyntax, _ capability: Capability?, _ action: Action) {
        self.syntax = syntax
        self.capability = capability
        self.action = action
    }

    /// Why this client may not make this request; nil when it may.
    func objection(to request: Request, by client: Client?) -> Reply? {
        guard let client else {
            return .refusal(.noAuthentication, text: "say AUTH first")
        }
        if let capability, !client.capabilities.contains(capability) {
            return .refusal(.noPermission, ["need": capability.rawValue])
        }
        for (key, allowed) in client.scopes
        where syntax.options.contains(key) || syntax.requiredOptions.contains(key) {
            guard let value = request[key], allowed.contains(value) else {
                return .refusal(.noPermission, ["need": key])
            }
        }
        return nil
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
