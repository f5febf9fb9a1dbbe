import Cryptography
import Encoding
public import LineClient
public import WebAuthn

/// What a load test does: against which server, with how many credentials and connections, how fast and how long.
public struct LoadPlan: Sendable {
    /// A client's name and its secret, where the server does not know it by its user.
    public struct Identity: Sendable {
        let name: String
        let secret: String

        /// The pair.
        public init(name: String, secret: String) {
            self.name = name
            self.secret = secret
        }
    }

    /// When the test has measured enough.
    public enum Goal: Sendable, Hashable {
        /// After so many seconds of timed verification, what is prepared in between not counted. In an open loop the
        /// round that was begun is finished, also by a server that is slower than the rate.
        case seconds(Double)
        /// After so many requests.
        case requests(Int)
    }

    /// The server.
    public let endpoint: LineConnection.Endpoint
    /// Who the load test is; `nil` on a Unix socket where the kernel says it.
    public let identity: Identity?
    /// How the users sign in.
    public let method: Method
    /// The relying party that security keys are for. The server must verify for it.
    public let relyingPartyID: RelyingPartyID
    /// The origin that assertions name. The server must take it for the relying party's.
    public let origin: String
    /// Credentials, each with a user of its own.
    public let credentials: Int
    /// Connections.
    public let connections: Int
    /// Requests that each connection has outstanding.
    public let depth: Int
    /// When it has measured enough.
    public let goal: Goal
    /// Requests a second in an open loop; `nil` for a closed one.
    public let rate: Double?
    /// What the names of the users begin with. A number follows.
    public let userPrefix: String
    /// How many requests are prepared at a time, at most.
    package var largestRound = 20_000

    /// Takes a plan whose parts are in range and fit each other.
    ///
    /// - Parameters:
    ///   - credentials: 1 to 1 000 000, and at least `connections` times `depth`: a credential is used once at a time,
    ///     or its counter could arrive out of order and be refused.
    ///   - connections: 1 to 1 024.
    ///   - depth: 1 to 1 024; the server's window may be narrower, which is found when it is asked.
    ///   - goal: Up to a day, or up to 100 million requests; by ``Method/totp`` as many requests as there are credentials
    ///     at most.
    ///   - rate: From one request in ten seconds to a million a second.
    ///   - userPrefix: 1 to 64 letters, digits, `-`, `_` and `.`. Users whose names it begins are added, and deleted
    ///     at the end; take one that no real user has. The default holds 64 random bits.
    public init(
        endpoint: LineConnection.Endpoint, identity: Identity? = nil,
        method: Method = .webauthn, relyingPartyID: RelyingPartyID, origin: String,
        credentials: Int, connections: Int,
        depth: Int, goal: Goal, rate: Double? = nil, userPrefix: String = LoadPlan.freshUserPrefix()
    ) throws(LoadTestError) {
        try Self.check(credentials, in: 1...1_000_000, "credentials")
        try Self.check(connections, in: 1...1024, "connections")
        try Self.check(depth, in: 1...1024, "pipeline")
        switch goal {
        case .seconds(let seconds): try Self.check(seconds, in: 0.01...86_400, "seconds")
        case .requests(let requests): try Self.check(requests, in: 1...100_000_000, "requests")
        }
        if let rate { try Self.check(rate, in: 0.1...1_000_000, "rate") }
        guard (1...64).contains(userPrefix.utf8.count), userPrefix.utf8.allSatisfy(Self.isPlain)
        else { throw .outOfRange(parameter: "user prefix", allowed: "1 to 64 of A-Za-z0-9._-") }
        guard (1...1024).contains(origin.utf8.count) else {
            throw .outOfRange(parameter: "origin", allowed: "1 to 1024 bytes")
        }
        guard credentials >= connections * depth else {
            throw .tooFewCredentials(
                given: credentials, connections: connections, depth: depth)
        }
        if method.isUsedOnce {
            guard case .requests(...credentials) = goal else {
                throw .credentialsAreUsedOnce(credentials: credentials)
            }
        }
        self.endpoint = endpoint
        self.identity = identity
        self.method = method
        self.relyingPartyID = relyingPartyID
        self.origin = origin
        self.credentials = credentials
        self.connections = connections
        self.depth = depth
        self.goal = goal
        self.rate = rate
        self.userPrefix = userPrefix
    }

    /// A prefix that no other run has: `loadtest-`, 16 random hexadecimal digits, `-`.
    public static func freshUserPrefix() -> String {
        "loadtest-\(Hex.encode(SecureRandom.bytes(8)))-"
    }

    /// The name of the user whose credential has this index.
    func userName(_ index: Int) -> String { userPrefix + String(index) }

    private static func check<Number: Comparable>(
        _ value: Number, in range: ClosedRange<Number>, _ parameter: String
    ) throws(LoadTestError) {
        guard range.contains(value) else {
            throw .outOfRange(
                parameter: parameter, allowed: "\(range.lowerBound) to \(range.upperBound)")
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
