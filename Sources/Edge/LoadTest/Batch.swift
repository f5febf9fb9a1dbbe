package import LineProtocol
package import NIOCore
import Synchronization

/// Requests that are encoded already, for one connection, and how to send them and take their replies.
package struct Batch: Sendable {
    /// What becomes of the replies.
    package enum Purpose: Sendable {
        /// Each is decoded and kept.
        case collect
        /// Each is counted and timed; a yes to request *n* is to name `users[n]` and the method.
        case measure(users: [[UInt8]], method: String)
    }

    /// The requests, one after another.
    package private(set) var bytes: ByteBuffer
    /// Where each request ends.
    package private(set) var ends: [Int] = []
    /// The id of the first request; the others count on from it.
    package let firstID: Int
    package let purpose: Purpose
    /// Counts replies as they come, for a progress bar.
    package let counter: ReplyCounter?

    package init(firstID: Int, purpose: Purpose, counter: ReplyCounter? = nil) {
        bytes = ByteBuffer()
        self.firstID = firstID
        self.purpose = purpose
        self.counter = counter
    }

    package var count: Int { ends.count }

    /// The id that the next request must have.
    package var nextID: RequestID { RequestID(number: UInt64(firstID + ends.count)) }

    /// Adds a request in its encoded form, with ``nextID``.
    package mutating func append(_ request: [UInt8]) {
        bytes.writeBytes(request)
        ends.append(bytes.writerIndex)
    }

    /// The bytes of some requests, sharing the batch's storage.
    package func slice(_ numbers: Range<Int>) -> ByteBuffer {
        guard let last = numbers.last else { return ByteBuffer() }
        let start = numbers.lowerBound == 0 ? 0 : ends[numbers.lowerBound - 1]
        return bytes.getSlice(at: start, length: ends[last] - start) ?? ByteBuffer()
    }
}

/// What came of a batch.
package struct BatchOutcome: Sendable {
    /// The replies that were kept, in the order of the requests.
    package var replies: [Reply] = []
    /// The replies that were measured.
    package var tally = Tally()
    /// How many requests were sent; the last ones are not once the window's deadline is over.
    package var sent = 0
    /// When the first request was written or due.
    package var startedAt: UInt64 = 0
    /// When the last reply came.
    package var finishedAt: UInt64 = 0
}

/// Counts replies of several connections.
package final class ReplyCounter: Sendable {
    private let count = Atomic(0)

    package init() {}

    package var value: Int { count.load(ordering: .relaxed) }

    package func add(_ replies: Int) { count.add(replies, ordering: .relaxed) }
}
