import AuditLog
import Ceremonies
import CredentialStore
import Dispatch
import Logging

/// What the server does by itself every few seconds: forgets, takes renewed files in, keeps its logs in order.
struct Sweeper: Sendable {
    let store: SQLiteStore
    let revocation: RevocationFiles?
    let policies: PolicyFolder
    let heads: AuditHeads
    let logs: ServerConfiguration.Logs
    let clock: @Sendable () -> Timestamp
    let logger: Logger

    private static let pause = Duration.seconds(5)
    /// How many rows one transaction deletes or counts; others wait meanwhile.
    private static let portion = 5000

    /// Begins; cancel the task to end it.
    func start() -> Task<Void, Never> {
        let queue = DispatchQueue(label: "countersign.sweep")
        return Task {
            var nextHead = ContinuousClock.now
            while !Task.isCancelled {
                let signsHead = nextHead <= .now
                if signsHead { nextHead = .now + logs.headInterval }
                await withCheckedContinuation { continuation in
                    queue.async {
                        sweep(signsHead: signsHead)
                        continuation.resume()
                    }
                }
                guard (try? await Task.sleep(for: Self.pause)) != nil else { return }
            }
        }
    }

    private func sweep(signsHead: Bool) {
        revocation?.refresh(logger: logger)
        policies.refresh(logger: logger)
        do throws(StoreError) {
            let now = clock()
            // Ten minutes longer than they could be answered, in case the clock is set back.
            let forgotten = now.advanced(by: .seconds(-600))
            while try store.forgetChallenges(expiredBefore: forgotten) > 0 {}
            while try store.closeOpenSignIns(expiredBefore: now.advanced(by: .seconds(-5))) > 0 {}
            while try store.rollUpSignIns(limit: Self.portion) > 0 {}
            try purge(before: now.advanced(by: .zero - logs.retention), at: now)
        } catch {
            logger.error("the logs are not kept in order: \(error.code)")
        }
        if signsHead { signHead() }
    }

    /// Deletes sign-ins past their retention, and puts on record how many.
    private func purge(before moment: Timestamp, at now: Timestamp) throws(StoreError) {
        var purged = 0
        while true {
            let portion = try store.purgeSignIns(before: moment, limit: Self.portion)
            purged += portion.rows
            if portion.isEmpty { break }
        }
        guard purged > 0 else { return }
        try store.append(
            AuditEntry(
                .purgeSignIns, [AuditTarget(.server, "sign-in log")],
                changes: [AuditChange("rows", from: String(purged), to: "0")]),
            by: AuditOrigin(who: .system("sweeper"), client: "", from: ""), at: now)
    }

    private func signHead() {
        do throws(AuditHeadError) {
            _ = try heads.signHead(at: clock())
        } catch .noRecords {
            return
        } catch {
            logger.critical("\(error.advice)")
        }
    }
}
