import Cryptography
import Encoding

/// How many records a log has, and a hash that depends on every byte of them and on their order.
///
///     hash 0 = SHA-256("countersign audit 1\n" | 0 | origin)
///     hash n = SHA-256("countersign audit 1\n" | 1 | hash n-1, 32 | n, 8, big-endian | record n)
public struct ChainHead: Sendable, Hashable {
    private static let domain = Array("countersign audit 1\n".utf8)

    /// How many records.
    public let count: Int
    /// The hash over them: 32 bytes.
    public let hash: [UInt8]

    /// The head of a log without records; `origin` names the log.
    public init(origin: String) {
        count = 0
        hash = SHA256.hash(Self.domain + [0] + Array(origin.utf8))
    }

    /// A head that somebody states. Nothing where the count is negative or the hash has not 32 bytes.
    public init?(count: Int, hash: [UInt8]) {
        guard count >= 0, count < .max, hash.count == 32 else { return nil }
        self.count = count
        self.hash = hash
    }

    private init(count: Int, hashing input: [UInt8]) {
        self.count = count
        hash = SHA256.hash(input)
    }

    /// The head after one record more, of these bytes.
    public func appending(_ record: [UInt8]) -> ChainHead {
        // Nobody counts that far: a log of records that take a byte each would fill every disk there is.
        let next = count == .max ? count : count + 1
        var writer = ByteWriter(capacity: Self.domain.count + 41 + record.count)
        writer.append(Self.domain)
        writer.append(1 as UInt8)
        writer.append(hash)
        writer.append(UInt64(next))
        writer.append(record)
        return ChainHead(count: next, hashing: writer.bytes)
    }
}
