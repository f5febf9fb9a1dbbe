import Authenticators
import Dispatch
import Synchronization

/// A thread that waits for changes at the card readers and hands them over.
final class ReaderWatch: Sendable {
    typealias Continuation = AsyncStream<Result<CardReaderChange, AuthenticatorFailure>>
        .Continuation

    private final class SharedContext: Sendable {
        let context: PCSCContext

        init() throws(PCSCStatus) { context = try PCSCContext() }
    }

    private enum State {
        case starting
        case watching(SharedContext)
        case ended
    }

    private struct Progress {
        var state = State.starting
        var isToEnd = false
    }

    /// The most readers that one call of the library takes, less one for readers that come and go.
    private static let capacity = 15
    private static let cancellationInterval = DispatchTimeInterval.milliseconds(20)

    private let continuation: Continuation
    private let progress = Mutex(Progress())
    private let canceller = DispatchQueue(label: "countersign.card-readers.cancel")

    init(_ continuation: Continuation) {
        self.continuation = continuation
    }

    /// Starts the thread.
    func begin() {
        DispatchQueue(label: "countersign.card-readers").async {
            do throws(PCSCStatus) {
                try self.watch()
            } catch {
                self.continuation.yield(.failure(error.failure(path: "pcsc:")))
            }
            self.progress.withLock { $0.state = .ended }
            self.continuation.finish()
        }
    }

    /// Ends the thread.
    func end() {
        progress.withLock { $0.isToEnd = true }
        canceller.async { self.cancel() }
    }

    /// The library ends a wait only once it has begun, so that the thread is told until it has heard.
    private func cancel() {
        switch progress.withLock(\.state) {
        case .ended: return
        case .starting: break
        case .watching(let shared): shared.context.cancel()
        }
        canceller.asyncAfter(deadline: .now() + Self.cancellationInterval) { self.cancel() }
    }

    private var isToEnd: Bool { progress.withLock(\.isToEnd) }

    private func watch() throws(PCSCStatus) {
        let shared = try SharedContext()
        progress.withLock { $0.state = .watching(shared) }
        var table = ReaderTable()
        while !isToEnd {
            let names = try shared.context.readerNames().prefix(Self.capacity)
            var readers = names.map(table.state(of:)) + [.arrivals]
            do throws(PCSCStatus) {
                try shared.context.waitForChange(of: &readers)
            } catch .cancelled {
                continue
            } catch .unknownReader {
                // A reader went away after it was listed.
                continue
            }
            readers.removeLast()
            for change in table.update(readers) { continuation.yield(.success(change)) }
        }
    }
}
