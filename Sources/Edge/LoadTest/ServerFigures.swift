import LineProtocol

/// What STATUS says.
struct ServerFigures: Sendable, Hashable {
    var accepted: Int
    var verified: Int
    var batches: Int
    var commits: Int
    var committed: Int
    /// In milliseconds.
    var processorTime: Int

    init(_ reply: Reply) throws(LoadTestError) {
        func number(_ key: String) throws(LoadTestError) -> Int {
            guard let number = reply[key].flatMap(Int.init), (0...1 << 53).contains(number) else {
                throw .unexpectedReply(request: "STATUS", missing: key)
            }
            return number
        }
        accepted = try number("accepted")
        verified = try number("verified")
        batches = try number("batches")
        commits = try number("commits")
        committed = try number("committed")
        processorTime = try number("cpu")
    }
}

extension LoadReport.ServerWork {
    /// Adds the work of a round. STATUS counts rows and so costs processor time itself, the more the larger the
    /// record: what it cost from `after` to `again`, between which nothing else was asked, is taken off.
    mutating func add(before: ServerFigures, after: ServerFigures, again: ServerFigures) {
        let asking = again.processorTime - after.processorTime
        processorMilliseconds += max(0, after.processorTime - before.processorTime - asking)
        verified += after.verified - before.verified
        batches += after.batches - before.batches
        committed += after.committed - before.committed
        commits += after.commits - before.commits
        rowsAccepted += after.accepted - before.accepted
    }
}
