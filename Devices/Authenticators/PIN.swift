import Glibc

/// A PIN on its way to an authenticator.
///
/// There is one copy, in memory of its own that is overwritten when the value ends. It cannot be copied, so it cannot
/// be printed, interpolated, logged or put into an error either. The text that it was made from is the caller's to
/// forget. UTF-8 as given: CTAP wants Normalization Form C (CTAP 2.1 §6.5.1), which whoever reads the PIN from a
/// person sees to.
///
/// Sendable without a lock: nothing changes it between `init` and `deinit`.
@safe public struct PIN: ~Copyable, @unchecked Sendable {
    private let start: UnsafeMutablePointer<UInt8>
    private let count: Int

    /// Takes 1 to 255 bytes of text without a NUL; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        self.init(utf8: text.utf8)
    }

    /// Takes 1 to 255 bytes of UTF-8 without a NUL; `nil` for anything else.
    public init?(utf8: some Collection<UInt8>) {
        guard (1...255).contains(utf8.count), !utf8.contains(0) else { return nil }
        count = utf8.count
        unsafe start = .allocate(capacity: count + 1)
        for (offset, byte) in utf8.enumerated() {
            unsafe (start + offset).initialize(to: byte)
        }
        unsafe (start + count).initialize(to: 0)
    }

    deinit {
        unsafe explicit_bzero(start, count)
        unsafe start.deallocate()
    }

    /// Whether both are the same text. The time that this takes depends on their lengths alone.
    public borrowing func isEqual(to other: borrowing PIN) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for offset in 0..<count {
            unsafe difference |= start[offset] ^ other.start[offset]
        }
        return difference == 0
    }

    /// Gives `body` the PIN in UTF-8 and a NUL behind it. The bytes must not be kept.
    public borrowing func withNullTerminatedUTF8<Result>(
        _ body: (Span<UInt8>) -> Result
    ) -> Result {
        let bytes = unsafe UnsafeBufferPointer(start: start, count: count + 1)
        return unsafe body(Span(_unsafeElements: bytes))
    }
}
