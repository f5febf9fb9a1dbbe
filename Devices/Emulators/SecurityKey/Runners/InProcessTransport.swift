import Authenticators
import Dispatch
import Synchronization

/// A client's end of a software security key in the same process.
///
/// There is no thread behind it: time passes for the key whenever the client reads.
final class InProcessTransport: ReportTransport {
    private let key: SoftwareSecurityKey
    private let inbox = Inbox()
    private let port: Int

    /// The reports that have come and not been read.
    private final class Inbox: Sendable {
        private let reports = Mutex<[[UInt8]]>([])
        private let arrivals = DispatchSemaphore(value: 0)

        func put(_ report: [UInt8]) {
            // An empty report only wakes the reader.
            if !report.isEmpty { reports.withLock { $0.append(report) } }
            arrivals.signal()
        }

        func take() -> [UInt8]? {
            reports.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        }

        /// Waits until something comes, `limit` at most. May return early.
        func wait(_ limit: Duration) {
            let (seconds, attoseconds) = limit.components
            let nanoseconds = min(seconds, 3_600) * 1_000_000_000 + attoseconds / 1_000_000_000
            // One more, so that a limit under a nanosecond does not spin.
            _ = arrivals.wait(timeout: .now() + .nanoseconds(Int(nanoseconds) + 1))
        }
    }

    init(to key: SoftwareSecurityKey) {
        self.key = key
        port = key.attach(inbox.put)
    }

    deinit {
        key.detach(port)
    }

    func write(_ report: [UInt8]) -> Bool {
        key.receive(report, from: port)
    }

    func read(timeout: Duration) -> [UInt8]? {
        let start = ContinuousClock.now
        while true {
            let (isConnected, nextCall) = key.advance(for: port)
            if let report = inbox.take() { return report }
            guard isConnected else { return nil }
            let remaining = timeout - (ContinuousClock.now - start)
            guard remaining > .zero else { return nil }
            inbox.wait(min(remaining, nextCall ?? remaining))
        }
    }

    func close() {
        key.detach(port)
    }
}
