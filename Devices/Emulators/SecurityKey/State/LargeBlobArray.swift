import Cryptography

/// The serialized large-blob array: CBOR and the first 16 bytes of its SHA-256 (CTAP 2.1 §6.10).
enum LargeBlobArray {
    /// The array without entries.
    static let empty = withChecksum([0x80])

    /// The shortest one that there can be.
    static let minimumLength = 17

    private static func withChecksum(_ array: [UInt8]) -> [UInt8] {
        array + SHA256.hash(array).prefix(16)
    }

    /// Whether the checksum is right.
    static func isIntact(_ serialized: [UInt8]) -> Bool {
        serialized.count >= minimumLength
            && serialized == withChecksum(Array(serialized.dropLast(16)))
    }
}
