/// Cuts a stream of bytes into requests.
///
/// The first byte fixes the framing: `*` for RESP arrays, anything else for lines. Bytes are looked
/// at once, in order, so that the outcome does not depend on how the stream was cut. Memory is
/// bounded by what is appended between two calls of `next()` and by the limits.
///
///     decoder.append(bytes)
///     while let decoded = try decoder.next() { … }
public struct RequestDecoder: Sendable {
    /// The limits in force. They may be changed between requests, when the client is known.
    public var limits: RequestLimits
    /// The framing, once the first byte is known.
    public private(set) var framing: Framing?

    private let table: VerbTable
    private var bytes: [UInt8] = []
    /// Where the current request begins, and the first byte not yet looked at.
    private var start = 0
    private var scan = 0
    private var array: ArrayProgress?
    private var failure: FramingError?

    /// What is known of the RESP array now arriving. Token ranges count from `start`.
    private struct ArrayProgress {
        var expected: Int
        var tokens: [Range<Int>] = []
        var octets = 0
        var limit: Int
        var pendingLength: Int?
    }

    /// A decoder for a new connection.
    public init(table: VerbTable, limits: RequestLimits = .unauthenticated) {
        self.table = table
        self.limits = limits
    }

    /// How many bytes are held that no request returned so far has used.
    public var bufferedCount: Int { bytes.count - start }

    /// Takes bytes from the peer.
    public mutating func append(_ newBytes: some Sequence<UInt8>) {
        guard failure == nil else { return }
        bytes.append(contentsOf: newBytes)
    }

    /// The next request, or nil when more bytes are needed.
    ///
    /// - Throws: A framing error. It is thrown again by every later call: the connection must close.
    public mutating func next() throws(FramingError) -> DecodedRequest? {
        if let failure { throw failure }
        do throws(FramingError) {
            guard start < bytes.count else { return nil }
            let first: Framing = bytes[start] == UInt8(ascii: "*") ? .array : .line
            if let framing, framing != first { throw .mixedFraming }
            framing = first
            return first == .line ? try nextLine() : try nextArray()
        } catch {
            failure = error
            bytes = []
            start = 0
            throw error
        }
    }

    /// Gives back memory that an idle connection does not need.
    public mutating func releaseUnusedMemory() {
        if start == bytes.count, bytes.capacity > 4096 { reset([]) }
    }

    // MARK: Lines

    private mutating func nextLine() throws(FramingError) -> DecodedRequest? {
        var limit = limits.octets
        while scan < bytes.count {
            if scan - start >= limit {
                limit = raisedLimit()
                guard scan - start < limit else { throw .requestTooLong }
            }
            switch bytes[scan] {
            case UInt8(ascii: "\n"): return try finishLine()
            case 0: throw .strayControl
            case UInt8(ascii: "\r"):
                guard scan + 1 < bytes.count else { return nil }
                guard bytes[scan + 1] == UInt8(ascii: "\n") else { throw .strayControl }
            default: break
            }
            scan += 1
        }
        return nil
    }

    /// The limit of the line's verb; asked for only once the line is longer than any verb.
    private func raisedLimit() -> Int {
        let word = bytes[start..<scan].prefix(17).prefix { $0 != UInt8(ascii: " ") }
        return limit(ofFirstWord: word)
    }

    private mutating func finishLine() throws(FramingError) -> DecodedRequest {
        var end = scan
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        var tokens: [Range<Int>] = []
        tokens.reserveCapacity(8)
        var tokenStart = start
        for index in start..<end where bytes[index] == UInt8(ascii: " ") {
            tokens.append(tokenStart..<index)
            tokenStart = index + 1
            guard tokens.count < limits.tokens else { throw .tooManyTokens }
        }
        tokens.append(tokenStart..<end)
        scan += 1
        return finish(tokens, framing: .line)
    }

    // MARK: RESP arrays

    private mutating func nextArray() throws(FramingError) -> DecodedRequest? {
        if array == nil {
            guard let count = try header(maximumDigits: 3, error: .badCount) else { return nil }
            guard count > 0 else { throw .badCount }
            guard count <= limits.tokens else { throw .tooManyTokens }
            array = ArrayProgress(expected: count, limit: limits.octets)
        }
        while var progress = array, progress.tokens.count < progress.expected {
            if progress.pendingLength == nil {
                guard try expect(UInt8(ascii: "$"), orThrow: .badLength),
                    let length = try header(maximumDigits: 6, error: .badLength)
                else { return nil }
                progress.octets += length
                if progress.tokens.isEmpty {
                    guard length <= limits.octets else { throw .requestTooLong }
                } else {
                    guard progress.octets <= progress.limit else { throw .requestTooLong }
                }
                progress.pendingLength = length
                array = progress
            }
            guard let length = progress.pendingLength, try isTerminated(scan + length) else {
                return nil
            }
            progress.tokens.append(scan - start..<scan - start + length)
            if progress.tokens.count == 1 {
                progress.limit = limit(ofFirstWord: bytes[scan..<scan + length])
            }
            progress.pendingLength = nil
            scan += length + 2
            array = progress
        }
        guard let tokens = array?.tokens else { return nil }
        let offset = start
        array = nil
        return finish(
            tokens.map { $0.lowerBound + offset..<$0.upperBound + offset }, framing: .array)
    }

    /// Reads a type byte, digits without leading zeros and CRLF; nil when more bytes are needed.
    private mutating func header(
        maximumDigits: Int, error: FramingError
    ) throws(FramingError) -> Int? {
        var value = 0
        var index = scan + 1
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\r") {
                guard index > scan + 1 else { throw error }
                guard index + 1 < bytes.count else { return nil }
                guard bytes[index + 1] == UInt8(ascii: "\n") else { throw error }
                scan = index + 2
                return value
            }
            let digits = index - scan
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), digits <= maximumDigits,
                digits == 1 || value > 0
            else { throw error }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            index += 1
        }
        return nil
    }

    private func expect(_ byte: UInt8, orThrow error: FramingError) throws(FramingError) -> Bool {
        guard scan < bytes.count else { return false }
        guard bytes[scan] == byte else { throw error }
        return true
    }

    /// Whether CRLF stands at `end`; false when more bytes are needed.
    private func isTerminated(_ end: Int) throws(FramingError) -> Bool {
        guard end < bytes.count else { return false }
        guard bytes[end] == UInt8(ascii: "\r") else { throw .badTerminator }
        guard end + 1 < bytes.count else { return false }
        guard bytes[end + 1] == UInt8(ascii: "\n") else { throw .badTerminator }
        return true
    }

    // MARK: Both

    private func limit(ofFirstWord word: some Collection<UInt8>) -> Int {
        guard let word = RequestParser.verbWord(word), table.size(ofFirstWord: word) == .large
        else { return limits.octets }
        return limits.largeOctets
    }

    /// Parses the tokens, and moves on to the bytes at `scan`.
    private mutating func finish(_ tokens: [Range<Int>], framing: Framing) -> DecodedRequest {
        let decoded = RequestParser(bytes: bytes, tokens: tokens, framing: framing, table: table)
            .parse()
        start = scan
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= 65536)
            start = 0
            scan = 0
        } else if start > 65536 {
            reset(Array(bytes[start...]))
        }
        return decoded
    }

    private mutating func reset(_ remaining: [UInt8]) {
        bytes = remaining
        start = 0
        scan = 0
    }
}
