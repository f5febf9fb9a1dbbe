import Cryptography
import Glibc

/// How fast OpenSSL verifies on one core of this machine: P-256 signatures over the bytes of an assertion, each with
/// its hash, through the same call as the rest of the program. The yardstick for figures of different machines.
struct Baseline: Sendable {
    private struct Sample: Sendable {
        let key: PublicKey
        let message: [UInt8]
        let signature: [UInt8]
    }

    private let samples: [Sample]
    /// Verifications a second of processor time, one for each slice.
    private(set) var rates: [Double] = []

    /// Makes keys and signatures to verify.
    init() throws(LoadTestError) {
        var samples: [Sample] = []
        do throws(CryptographyError) {
            for _ in 0..<16 {
                let key = try P256PrivateKey()
                // Authenticator data and the hash of client data: 37 and 32 bytes.
                let message = SecureRandom.bytes(69)
                samples.append(
                    Sample(
                        key: key.publicKey, message: message,
                        signature: try key.signature(for: message)))
            }
        } catch {
            throw .cryptography(code: error.code)
        }
        self.samples = samples
    }

    /// Measures some slices of 50 ms of processor time. Keeps one thread busy for as long.
    mutating func measure(slices: Int) throws(LoadTestError) {
        for _ in 0..<slices { rates.append(try slice(seconds: 0.05)) }
    }

    /// The median slice.
    var medianRate: Double {
        guard !rates.isEmpty else { return 0 }
        let sorted = rates.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    private func slice(seconds: Double) throws(LoadTestError) -> Double {
        let start = Self.threadTime()
        var count = 0
        while true {
            for sample in samples {
                let isValid = sample.key.isValidSignature(
                    sample.signature, for: sample.message, scheme: .ecdsaSHA256)
                guard isValid else { throw .cryptography(code: "self-check") }
            }
            count += samples.count
            let elapsed = Self.threadTime() - start
            if elapsed >= seconds || count >= 1_000_000 {
                return elapsed > 0 ? Double(count) / elapsed : 0
            }
        }
    }

    /// The processor time of the calling thread, in seconds.
    private static func threadTime() -> Double {
        var time = timespec()
        guard unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
