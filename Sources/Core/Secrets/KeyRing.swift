import Cryptography
import Encoding

/// The keys that secrets at rest are sealed under: the last one seals, all of them open.
///
/// As text, one line a key below a first line that says what it is: the number of the key, a space, and 64 hexadecimal
/// digits. The numbers go up.
///
///     countersign keys 1
///     1 8f2c…
///     2 41d0…
public struct KeyRing: Sendable {
    struct Key: Sendable {
        let id: UInt32
        /// 32 bytes. Secret.
        let bytes: [UInt8]
    }

    private static let header = "countersign keys 1"
    /// How many keys a ring may have.
    public static let maximumCount = 16

    let keys: [Key]

    private init(keys: [Key]) { self.keys = keys }

    /// A ring of one fresh key.
    public init() {
        keys = [Key(id: 1, bytes: SecureRandom.bytes(32))]
    }

    /// Reads a ring from its text, to the end.
    public init(decoding bytes: [UInt8]) throws(SecretError) {
        guard bytes.count <= 4096 else { throw .malformedRing(line: 1) }
        var lines = String(decoding: bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last == "" { lines.removeLast() }
        guard lines.first == Self.header[...] else { throw .malformedRing(line: 1) }
        var keys: [Key] = []
        for (index, line) in lines.enumerated().dropFirst() {
            let parts = line.split(separator: " ", omittingEmptySubsequences: false)
            guard
                parts.count == 2, let id = UInt32(parts[0]), String(id) == parts[0],
                id > keys.last?.id ?? 0, keys.count < Self.maximumCount,
                let key = try? Hex.decode(String(parts[1])), key.count == 32
            else { throw .malformedRing(line: index + 1) }
            keys.append(Key(id: id, bytes: key))
        }
        guard !keys.isEmpty else { throw .malformedRing(line: 2) }
        self.keys = keys
    }

    /// The text. Secret.
    public func encoded() -> [UInt8] {
        let lines = [Self.header] + keys.map { "\($0.id) \(Hex.encode($0.bytes))" }
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }

    /// The numbers of the keys, the one that seals last.
    public var identifiers: [UInt32] { keys.map(\.id) }

    /// The number of the key that seals.
    public var current: UInt32 { keys.last?.id ?? 0 }

    /// The ring with one fresh key more, which seals from then on.
    public func extended() throws(SecretError) -> KeyRing {
        guard keys.count < Self.maximumCount, current < .max else { throw .ringFull }
        return KeyRing(keys: keys + [Key(id: current + 1, bytes: SecureRandom.bytes(32))])
    }

    /// The ring with the key that seals alone.
    public func reduced() -> KeyRing { KeyRing(keys: Array(keys.suffix(1))) }
}

extension KeyRing: CustomStringConvertible, CustomReflectable {
    /// How many keys there are; never what they are.
    public var description: String { "\(keys.count) keys" }
    /// Shows nothing of the keys.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
