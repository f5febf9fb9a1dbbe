import LineProtocol

/// Adds the users of a load test and enrols a credential for each; deletes them again.
struct Enrolment: Sendable {
    let plan: LoadPlan
    let roster: Roster

    /// Enrols all credentials over one pipelined connection.
    ///
    /// - Returns: them, in the order of their users.
    func enrol<Method: LoadMethod>(
        by method: Method, over control: Control, counter: ReplyCounter
    ) async throws(LoadTestError) -> [Method.Credential] {
        let all = Array(0..<plan.credentials)
        return try await inParallel(all, lanes: Control.concurrency) {
            (index) async throws(LoadTestError) -> Method.Credential in
            try await addUser(index, over: control)
            let credential = try await method.enrol(plan.userName(index), over: control)
            counter.add(1)
            return credential
        }
    }

    /// Deletes the users that were added.
    ///
    /// - Returns: how many could not be deleted.
    func cleanUp(over control: Control, counter: ReplyCounter) async -> Int {
        // What went wrong shows in how many are left.
        _ = try? await inParallel(roster.all, lanes: Control.concurrency) {
            (index) async throws(LoadTestError) -> Void in
            let reply = try await control.ask("USER DEL", [plan.userName(index)])
            if reply.isSuccess || reply.word == .no { roster.remove(index) }
            counter.add(1)
        }
        return roster.all.count
    }

    private func addUser(_ index: Int, over control: Control) async throws(LoadTestError) {
        roster.add(index)
        let added = try await control.ask("USER ADD", [plan.userName(index)])
        guard added.isSuccess else {
            if added.word == .conflict { roster.remove(index) }
            throw .refused(request: "USER ADD", added)
        }
    }
}
