import LineProtocol
import NIOCore

/// Prepares a round: asks for what its requests need, makes them and encodes them, so that the timed part has nothing to
/// do but to send and to read.
struct Preparation<Method: LoadMethod>: Sendable {
    let plan: LoadPlan
    let method: Method
    let connections: [BatchConnection]

    /// A round that is ready.
    struct Round: Sendable {
        /// For each connection, its requests.
        var batches: [Batch]
        /// For how many milliseconds all are good, from before the round was prepared; `nil` for as long as one likes.
        var lifetime: Int?
    }

    /// One request of the round.
    private struct Slot: Sendable {
        var connection: Int
        var number: Int
        var credential: Int
        var id: RequestID
    }

    /// Prepares the requests for these credentials, for each connection in the order of sending. The credentials move
    /// on.
    func prepare(
        _ round: [[Int]], with credentials: inout [Method.Credential], firstID: Int,
        counter: ReplyCounter
    ) async throws(LoadTestError) -> Round {
        let jobs = round.enumerated().map { (connection: $0.offset, credentials: $0.element) }
        let tickets = try await inParallel(jobs, lanes: jobs.count) {
            (job) async throws(LoadTestError) -> [Method.Ticket] in
            try await method.tickets(
                for: job.credentials.map(plan.userName), over: connections[job.connection])
        }
        let requests = try await requests(of: round, tickets, &credentials, firstID: firstID)
        let batches = zip(round, requests).map { (indices, requests) in
            let users = indices.map { Array(plan.userName($0).utf8) }
            var batch = Batch(
                firstID: firstID,
                purpose: .measure(users: users, method: plan.method.rawValue), counter: counter)
            for request in requests { batch.append(request) }
            return batch
        }
        let lifetimes = tickets.flatMap { $0.compactMap(method.lifetime) }
        return Round(batches: batches, lifetime: lifetimes.min())
    }

    /// Makes the requests on all cores. Those of a credential are made on one of them, in the order of sending, so that
    /// its counter goes up in that order.
    private func requests(
        of round: [[Int]], _ tickets: [[Method.Ticket]],
        _ credentials: inout [Method.Credential], firstID: Int
    ) async throws(LoadTestError) -> [[[UInt8]]] {
        let lanes = max(1, System.coreCount)
        var shares: [[Slot]] = Array(repeating: [], count: lanes)
        for (connection, indices) in round.enumerated() {
            for (number, credential) in indices.enumerated() {
                let id = RequestID(number: UInt64(firstID + number))
                shares[credential % lanes].append(
                    Slot(connection: connection, number: number, credential: credential, id: id))
            }
        }
        let before = credentials
        let results = try await inParallel(shares, lanes: lanes) {
            (slots) async throws(LoadTestError) -> (
                lines: [[UInt8]], used: [Int: Method.Credential]
            )
            in
            var used: [Int: Method.Credential] = [:]
            var lines: [[UInt8]] = []
            lines.reserveCapacity(slots.count)
            for slot in slots {
                if Task.isCancelled { throw .cancelled }
                let request = try method.request(
                    of: plan.userName(slot.credential),
                    with: &used[slot.credential, default: before[slot.credential]],
                    tickets[slot.connection][slot.number])
                lines.append(request.encoded(id: slot.id))
            }
            return (lines, used)
        }
        var requests = round.map { Array(repeating: [UInt8](), count: $0.count) }
        for (slots, result) in zip(shares, results) {
            for (slot, line) in zip(slots, result.lines) {
                requests[slot.connection][slot.number] = line
            }
            for (index, credential) in result.used { credentials[index] = credential }
        }
        return requests
    }
}
