import LineProtocol

/// What ways of signing in differ in under load: how a credential is enrolled, what a request is made of, and what the
/// server's work is compared with. A value of this type holds what it needs of the plan.
protocol LoadMethod: Sendable {
    /// An enrolled credential, with what moves on from one use to the next.
    associatedtype Credential: Sendable
    /// What the server gives for one request beforehand.
    associatedtype Ticket: Sendable

    /// Enrols a credential for a user who was just added.
    func enrol(
        _ user: String, over control: Control
    ) async throws(LoadTestError) -> Credential

    /// Asks for what requests of these users need, one for each, in their order.
    func tickets(
        for users: [String], over connection: BatchConnection
    ) async throws(LoadTestError) -> [Ticket]

    /// For how many milliseconds a request is good, from before its ticket was asked for; `nil` for as long as one likes.
    func lifetime(of ticket: Ticket) -> Int?

    /// The request by which a user signs in. The credential moves on.
    func request(
        of user: String, with credential: inout Credential, _ ticket: Ticket
    ) throws(LoadTestError) -> RequestLine

    /// Undoes what one request moved on that was not sent.
    func takeBack(_ credential: inout Credential)

    /// What the server's work is compared with.
    func baseline() throws(LoadTestError) -> Baseline
}

extension LoadMethod {
    func takeBack(_ credential: inout Credential) {}
}

/// Where the server gives nothing beforehand.
struct NoTicket: Sendable {}

extension LoadMethod where Ticket == NoTicket {
    func tickets(
        for users: [String], over connection: BatchConnection
    ) async throws(LoadTestError) -> [NoTicket] {
        Array(repeating: NoTicket(), count: users.count)
    }

    func lifetime(of ticket: NoTicket) -> Int? { nil }
}
