import CMemcheck

/// What is secret and what is not, told to valgrind: libsecp256k1's way of finding code whose time depends on secrets.
/// To memcheck a secret is memory that nobody has written: it may be computed with and copied, and what comes of it is
/// as secret, but a branch on it or an address made of it is an error.
enum Secrets {
    /// Whether the program runs under valgrind, without which nothing is found.
    static var areWatched: Bool { memcheck_is_running() != 0 }

    /// How often a secret was branched on, or made an address, so far.
    static var leakCount: Int { Int(memcheck_errors_count()) }

    /// A copy of `bytes` that is secret.
    static func classified(_ bytes: [UInt8]) -> [UInt8] {
        var secret = bytes
        unsafe secret.withUnsafeMutableBytes {
            unsafe memcheck_memory_classify($0.baseAddress, $0.count)
        }
        return secret
    }

    /// A copy of `text` that is secret but for its length. At most 15 bytes: those Swift keeps in the value itself, in
    /// front, with the length behind them.
    static func classified(_ text: String) -> String {
        var secret = text
        let length = secret.utf8.count
        precondition(length <= 15)
        unsafe withUnsafeMutableBytes(of: &secret) {
            unsafe memcheck_memory_classify($0.baseAddress, length)
        }
        return secret
    }

    /// A verdict, which is told to the peer. It must have come of secrets, or nothing was examined.
    static func declassified<Verdict: BitwiseCopyable>(_ verdict: Verdict) -> Verdict {
        var copy = verdict
        unsafe withUnsafeMutableBytes(of: &copy) {
            let isSecret = unsafe memcheck_memory_is_secret($0.baseAddress, $0.count) != 0
            expect(isSecret, "the verdict does not depend on the secrets")
            unsafe memcheck_memory_declassify($0.baseAddress, $0.count)
        }
        return copy
    }

    /// Bytes that are told to the peer.
    static func declassified(_ bytes: [UInt8]) -> [UInt8] {
        var copy = bytes
        unsafe copy.withUnsafeMutableBytes {
            let isSecret = unsafe memcheck_memory_is_secret($0.baseAddress, $0.count) != 0
            expect(isSecret, "the bytes do not depend on the secrets")
            unsafe memcheck_memory_declassify($0.baseAddress, $0.count)
        }
        return copy
    }
}
