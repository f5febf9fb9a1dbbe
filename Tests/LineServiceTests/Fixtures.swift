import Cryptography
import LineProtocol
import LineService
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

extension Client {
    static let web = Client(name: "web", capabilities: [Capability(rawValue: "verify")])
    static let auditor = Client(
        name: "auditor", capabilities: [Capability(rawValue: "verify"), .reasons])
    static let mail = Client(
        name: "mail", capabilities: [Capability(rawValue: "verify")],
        scopes: ["svc": ["imap", "smtp"]])
}

/// Promises that a test fulfils when it likes.
final class Held: Sendable {
    private let promises = Mutex<[String: ReplyPromise]>([:])
    private let connections = Mutex<[String: ConnectionLife]>([:])

    func hold(_ promise: ReplyPromise, for user: String, _ connection: ConnectionLife) {
        promises.withLock { $0[user] = promise }
        connections.withLock { $0[user] = connection }
    }

    /// The connection by which a user's request came.
    func connection(_ user: String) -> ConnectionLife? { connections.withLock { $0[user] } }

    func answer(_ user: String, _ reply: Reply? = nil) {
        take(user)?.fulfil(reply ?? .ok(["user": user]))
    }

    /// Lets a promise go unanswered.
    func drop(_ user: String) { _ = take(user) }

    private func take(_ user: String) -> ReplyPromise? {
        promises.withLock { $0.removeValue(forKey: user) }
    }
}

/// `VERIFY` answers in place, `HOLD` when the test says so, `LIST` with as many lines as asked for.
func testVerbs(_ held: Held) -> [Verb] {
    let capability = Capability(rawValue: "verify")
    return [
        Verb(
            VerbSyntax(
                "VERIFY", summary: "Check a code", positionals: ["user", "code"],
                options: ["svc"], size: .large),
            requires: capability
        ) { invocation, promise in
            let user = invocation.request.positionals[0]
            if invocation.request.positionals[1] == "123456" {
                promise.fulfil(.ok(["user": user]))
            } else {
                promise.fulfil(invocation.no(["user": user], reason: "wrong-code"))
            }
        },
        Verb(
            VerbSyntax("HOLD", summary: "Wait for the test", positionals: ["user"]),
            requires: capability
        ) { invocation, promise in
            held.hold(promise, for: invocation.request.positionals[0], invocation.connection)
        },
        Verb(
            VerbSyntax("CRED LIST", summary: "List credentials", positionals: ["count"]),
            requires: capability,
            respond: { invocation async throws(ArgumentError) -> Reply in
                guard let count = Int(invocation.request.positionals[0]) else {
                    throw .badValue("count")
                }
                return .list((0..<count).map { ListItem(["cred": "\($0)"]) })
            }),
        Verb(
            VerbSyntax("STATS", summary: "Figures"), requires: Capability(rawValue: "stats")
        ) { _, promise in promise.fulfil(.ok()) },
    ]
}

let testSecrets: [AccessList.Secret] = [
    .init(sha256: SHA256.hash(Array("correct horse".utf8)), client: .web),
    .init(sha256: SHA256.hash(Array("battery".utf8)), client: .mail),
]
let testAccess = AccessList(secrets: testSecrets)

/// Counts the reads that reach the socket, and keeps writes back while it is shut.
final class Gate: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    var reads = 0
    var isShut = false
    private var kept: [(NIOAny, EventLoopPromise<Void>?)] = []

    func read(context: ChannelHandlerContext) {
        reads += 1
        context.read()
    }

    func write(
        context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?
    ) {
        if isShut { kept.append((data, promise)) } else { context.write(data, promise: promise) }
    }

    /// Lets the first write that is kept back go.
    func releaseOne(_ channel: EmbeddedChannel) throws {
        let (data, promise) = kept.removeFirst()
        let context = try channel.pipeline.syncOperations.context(handler: self)
        context.writeAndFlush(data, promise: promise)
    }
}

/// A connection without a socket, on a clock that the test moves.
final class Harness {
    let channel: EmbeddedChannel
    let handler: ConnectionHandler
    let gate = Gate()
    let held = Held()
    private let loopState: LoopState

    init(
        arrival: RequestFlow.Arrival = .local, client: Client? = .web, limits: Limits = Limits()
    ) throws {
        let loop = EmbeddedEventLoop()
        loopState = LoopState(mailbox: CompletionMailbox(eventLoop: loop))
        let facts = ServiceFacts(
            server: "countersign/1.0", methods: ["webauthn"], access: testAccess, limits: limits)
        let session = Session(
            facts: facts, verbs: VerbSet(testVerbs(held)), number: 7, peer: client)
        handler = ConnectionHandler(
            session: session, arrival: arrival, loopState: loopState, now: loop.now)
        channel = EmbeddedChannel(handlers: [gate, handler], loop: loop)
        channel.connect(to: try SocketAddress(unixDomainSocketPath: "/x"), promise: nil)
    }

    var counters: Counters { loopState.snapshot }
    var isOpen: Bool { channel.isActive }

    /// What the server says to this.
    func say(_ text: String) throws -> String {
        try channel.writeInbound(ByteBuffer(string: text))
        return try heard()
    }

    func heard() throws -> String {
        channel.embeddedEventLoop.run()
        var text = ""
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            text += String(buffer: buffer)
        }
        return text
    }

    func wait(_ time: TimeAmount) { channel.embeddedEventLoop.advanceTime(by: time) }
}

let quiet = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
