import Accounts
import Ceremonies
import CredentialStore
import Dispatch
import Glibc
import LineProtocol

extension CoreServices {
    /// `STATUS`: what the server holds, counted on disk, and what it has done since it started. Times are in
    /// milliseconds; `cpu` is the processor time of the whole process.
    func statusVerb(program: String, since start: Timestamp) -> Verb {
        let syntax = VerbSyntax("STATUS", summary: "Show how the server fares", positionals: [])
        let (store, authentication, codes, clock) = (store, authentication, codes, clock)
        // It counts rows, which takes long where there are many, and nobody else should wait for that.
        let counting = DispatchQueue(label: "countersign.status")
        return administrative(syntax, requires: .stats, right: nil, on: counting) {
            (_) throws(ArgumentError) in
            do throws(StoreError) {
                let rows = try store.counts()
                let (counts, typed) = (authentication.counts, codes.counts)
                return .ok([
                    "server": program,
                    "uptime": String(clock().milliseconds - start.milliseconds),
                    "users": String(rows.users),
                    "credentials": String(rows.credentials),
                    "accepted": String(rows.accepted),
                    "refused": String(rows.refused),
                    "spent": String(rows.spentChallenges),
                    "verified": String(counts.verified + typed.verified),
                    "batches": String(counts.verificationBatches + typed.batches),
                    "commits": String(counts.commits),
                    "committed": String(counts.committed),
                    "cpu": String(processorTime()),
                ])
            } catch {
                return Reply(error)
            }
        }
    }
}

/// The processor time that this process has used, in milliseconds.
private func processorTime() -> Int {
    var usage = rusage()
    guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
    func milliseconds(_ time: timeval) -> Int { time.tv_sec * 1000 + Int(time.tv_usec) / 1000 }
    return milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime)
}
