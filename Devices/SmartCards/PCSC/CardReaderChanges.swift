public import Authenticators

/// What happens at the card readers, from the moment that somebody iterates over it; first how things stand.
///
/// Each iteration has a thread of its own, which waits in the PC/SC service and wakes only for changes. It ends with the
/// iterating task, or when the iterator is given up. It fails with ``AuthenticatorFailure/serviceNotRunning(name:)`` once
/// there is no service.
public struct CardReaderChanges: AsyncSequence, Sendable {
    /// How an iteration fails.
    public typealias Failure = AuthenticatorFailure

    /// An iteration under way.
    public struct Iterator: AsyncIteratorProtocol {
        private var results: AsyncStream<Result<CardReaderChange, AuthenticatorFailure>>.Iterator

        init() {
            let (stream, continuation) = AsyncStream.makeStream(
                of: Result<CardReaderChange, AuthenticatorFailure>.self)
            let watch = ReaderWatch(continuation)
            continuation.onTermination = { _ in watch.end() }
            watch.begin()
            results = stream.makeAsyncIterator()
        }

        /// The next change; `nil` once the task is cancelled.
        public mutating func next(
            isolation: isolated (any Actor)?
        ) async throws(AuthenticatorFailure) -> CardReaderChange? {
            try await results.next(isolation: isolation)?.get()
        }

        /// The next change; `nil` once the task is cancelled.
        public mutating func next() async throws(AuthenticatorFailure) -> CardReaderChange? {
            try await next(isolation: nil)
        }
    }

    /// Begins to watch.
    public func makeAsyncIterator() -> Iterator { Iterator() }
}
