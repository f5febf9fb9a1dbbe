import Accounts
import LineProtocol

/// What a server says of itself, the same to every connection.
package struct ServiceFacts: Sendable {
    /// `countersign/1.0`.
    var server: String
    /// The methods of authentication that it offers; HELLO lists them.
    var methods: [String]
    var access: AccessList
    var limits: Limits

    package init(server: String, methods: [String], access: AccessList, limits: Limits) {
        self.server = server
        self.methods = methods
        self.access = access
        self.limits = limits
    }
}

/// What the connection verbs read and change of a connection. No I/O.
package struct Session: Sendable {
    let facts: ServiceFacts
    let verbs: VerbSet
    /// The number of the connection, for HELLO 2 and 3.
    let number: Int
    /// Whom the kernel named when the connection was accepted.
    let peer: Client?
    /// Who asks now.
    var client: Client?
    /// For whom it asks.
    var acting = Acting.itself
    /// Where the connection comes from, for the records.
    let from: String
    var negotiation = RequestFlow.Negotiation.none
    var redis = RedisProtocol.resp2
    var isQuitting = false

    package init(
        facts: ServiceFacts, verbs: VerbSet, number: Int, peer: Client?, from: String = ""
    ) {
        self.facts = facts
        self.verbs = verbs
        self.number = number
        self.peer = peer
        self.from = from
        client = peer
    }

    var requestLimits: RequestLimits {
        facts.limits.requests(isAuthenticated: client != nil)
    }

    /// An unknown client that pipelines is still served one request at a time.
    var window: RequestFlow.Window {
        var window = facts.limits.window
        if client == nil, negotiation != .none { window.requests = 1 }
        return window
    }

    /// A request of the connection's, with all that is known of whoever makes it.
    func invocation(
        _ request: Request, by client: Client, _ connection: ConnectionLife
    ) -> Invocation {
        Invocation(
            request: request, client: client, connection: connection, acting: acting, from: from)
    }

    /// Makes the client the one that the secret proves. It acts for nobody but itself from then on, whatever comes of it.
    mutating func authenticate(name: String, secret: String) -> Bool {
        acting = .itself
        guard let proven = facts.access.client(name: name, secret: secret) else { return false }
        client = proven
        return true
    }
}
