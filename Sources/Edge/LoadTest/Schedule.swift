/// Which credential answers which request. Each credential belongs to one connection, credential *i* to connection
/// *i* mod `connections`, and each connection goes round its own in turn, from round to round without a break.
package struct Schedule: Sendable {
    package let credentials: Int
    package let connections: Int
    /// For each connection, how many of its turns are over.
    private var turns: [Int]

    /// - Precondition: There are at least as many credentials as connections.
    package init(credentials: Int, connections: Int) {
        precondition(connections > 0 && credentials >= connections, "a connection has a credential")
        self.credentials = credentials
        self.connections = connections
        turns = Array(repeating: 0, count: connections)
    }

    /// How many credentials a connection has: its requests may be `span` apart and no nearer for the same credential.
    package func span(of connection: Int) -> Int {
        credentials / connections + (connection < credentials % connections ? 1 : 0)
    }

    /// The credentials of a round's requests, for each connection in the order of sending. Request *n* of the round
    /// goes over connection *n* mod `connections`.
    package func round(of requests: Int) -> [[Int]] {
        (0..<connections).map { connection in
            let count = requests / connections + (connection < requests % connections ? 1 : 0)
            let span = span(of: connection)
            return (0..<count).map { number in
                connection + (turns[connection] + number) % span * connections
            }
        }
    }

    /// Notes how many requests of a round went out on a connection.
    package mutating func advance(_ connection: Int, by sent: Int) {
        turns[connection] = (turns[connection] + sent) % span(of: connection)
    }
}
