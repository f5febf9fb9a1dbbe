import Addresses

/// How a user signs in: when, where from, with what, and to what.
public struct SignInPattern: Sendable, Hashable {
    /// How many sign-ins there were in the period.
    public var count: Int
    /// How many of them, the newest, the rest of this is about.
    public var examined: Int
    /// What these came to.
    public var counts = OutcomeCounts()
    /// When the oldest of them was.
    public var firstAt: Timestamp?
    /// When the newest was.
    public var lastAt: Timestamp?
    /// By weekday, Monday first, and within it by hour, UTC.
    public var hours = [[Int]](repeating: [Int](repeating: 0, count: 24), count: 7)
    /// By country, those with the most first, like all that follow.
    public var countries: [NamedCounts] = []
    /// By network: 24 bits of an IPv4 address, 48 of an IPv6 address.
    public var networks: [NamedCounts] = []
    /// By model of the credential.
    public var devices: [NamedCounts] = []
    /// By what the user's program calls itself.
    public var programs: [NamedCounts] = []
    /// By kind of program.
    public var clientKinds: [NamedCounts] = []
    /// By method of the last step.
    public var methods: [NamedCounts] = []
    /// By application.
    public var applications: [NamedCounts] = []

    init(count: Int) {
        self.count = count
        examined = 0
    }
}

/// Counts by name, each with the moment of the newest.
struct Tally {
    private var counts: [String: NamedCounts] = [:]

    /// Counts one. They come with the newest first.
    mutating func add(_ name: String, _ outcome: SignInOutcome, at moment: Timestamp) {
        counts[
            name, default: NamedCounts(name: name, counts: OutcomeCounts(), lastAt: moment)
        ].counts.add(1, outcome)
    }

    /// The names with the most first.
    func sorted(limit: Int) -> [NamedCounts] {
        Array(
            counts.values.sorted { ($1.counts.total, $0.name) < ($0.counts.total, $1.name) }
                .prefix(limit))
    }
}

/// The networks of addresses; each address is read once.
struct NetworkNames {
    private var known: [String: String] = [:]

    mutating func network(of address: String) -> String {
        if let name = known[address] { return name }
        var name = address
        if let value = try? IPAddress(address) {
            let length = value.isVersion4 ? 24 : 48
            name = IPNetwork(containing: value, prefixLength: length).description
        }
        known[address] = name
        return name
    }
}
