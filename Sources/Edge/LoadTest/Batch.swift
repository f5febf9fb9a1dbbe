import LineProtocol
import NIOCore
import Synchronization

/// Requests that are encoded already, for one connection, and how to send them and take their replies.
struct Batch: Sendable {
    /// What becomes of the replies.
    enum Purpose: Sendable {
        /// Each is decoded and kept.
        case collect
        /// Each is counted and timed; request *n* is to be answered in the name of `users[n]`.
        case measure(users: [[UInt8]])
    }

    /// The requests, one after another.
    private(set) var bytes: ByteBuffer
    /// Where each request ends.
    private(set) var ends: [Int] = []
    /// The id of the first request; the others count on from it.
    let firstID: Int
    let purpose: Purpose
    /// Counts replies as they come, for a progress bar.
    let counter: ReplyCounter?

    init(firstID: Int, purpose: Purpose, counter: ReplyCounter? = nil) {
        bytes = ByteBuffer()
        self.firstID = firstID
        self.purpose = purpose
        self.counter = counter
    }

    var count: Int { ends.count }

    /// The id that the next request must have.
    var nextID: RequestID { RequestID(number: UInt64(firstID + ends.count)) }

    /// Adds a request in its encoded form, with ``nextID``.
    mutating func append(_ request: [UInt8]) {
        bytes.writeBytes(request)
        ends.append(bytes.writerIndex)
    }

    /// The bytes of some requests, sharing the batch's storage.
    func slice(_ numbers: Range<Int>) -> ByteBuffer {
        guard let last = numbers.last else { return ByteBuffer() }
        let start = numbers.lowerBound == 0 ? 0 : ends[numbers.lowerBound - 1]
        return bytes.getSlice(at: start, length: ends[last] - start) ?? ByteBuffer()
    }
}

/// What came of a batch.
struct BatchOutcome: Sendable {
    /// The replies that were kept, in the order of the requests.
    var replies: [Reply] = []
    /// The replies that were measured.
    var tally = Tally()
    /// How many requests were sent; the last ones are not once the window's deadline is over.
    var sent = 0
    /// When the first request was written or due.
    var startedAt: UInt64 = 0
    /// When the last reply came.
    var finishedAt: UInt64 = 0
}

/// Counts replies of several connections.
final class ReplyCounter: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .relaxed) }

    func add(_ replies: Int) { count.add(replies, ordering: .relaxed) }
}
