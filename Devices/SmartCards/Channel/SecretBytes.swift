import Glibc
import Synchronization

/// Bytes of which there is one copy, which is overwritten when the value ends.
///
/// Whoever is lent the bytes must not keep them.
package final class SecretBytes: Sendable {
    private let bytes: Mutex<[UInt8]>

    /// Takes `bytes` over. The caller must not keep a copy.
    package init(_ bytes: consuming sending [UInt8]) {
        self.bytes = Mutex(bytes)
    }

    deinit { wipe() }

    var count: Int { bytes.withLock { $0.count } }

    /// Lends the bytes to `body`.
    package func withBytes<Result: Sendable, Failure: Error>(
        _ body: ([UInt8]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withLock { bytes throws(Failure) in try body(bytes) }
    }

    /// Puts `source` in the place of what is at `offset`; what would lie outside is left out.
    package func write(_ source: Span<UInt8>, at offset: Int) {
        bytes.withLock { bytes in
            for index in source.indices where bytes.indices.contains(offset + index) {
                bytes[offset + index] = source[index]
            }
        }
    }

    /// Overwrites the bytes with zeros.
    package func wipe() {
        bytes.withLock { bytes in
            unsafe bytes.withUnsafeMutableBytes { buffer in
                guard let start = buffer.baseAddress else { return }
                unsafe explicit_bzero(start, buffer.count)
            }
        }
    }
}

/// No text form shows the bytes.
extension SecretBytes: CustomReflectable {
    package var customMirror: Mirror { Mirror(self, children: []) }
}
