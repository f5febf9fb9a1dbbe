import Encoding
import Testing
import TestSupport
import VerificationCore

/// The fingerprint of the flawed generator of RSA keys (Nemec et al., CCS 2017).
struct ROCATests {
    @Test(arguments: Moduli.weak)
    func `a modulus of the published structure has the fingerprint`(text: String) throws {
        #expect(try ROCA.hasFingerprint(modulus: Hex.decode(text)))
    }

    @Test(arguments: Moduli.sound)
    func `a modulus of OpenSSL's has not`(text: String) throws {
        #expect(try !ROCA.hasFingerprint(modulus: Hex.decode(text)))
    }

    @Test(.enabled(if: Vectors.arePresent, "\(Vectors.absence)"))
    func `no modulus of Wycheproof's has it`() throws {
        struct File: Decodable {
            struct Group: Decodable {
                struct Key: Decodable { let modulus: String }
                let publicKey: Key
            }
            let testGroups: [Group]
        }
        var moduli: Set<String> = []
        for name in [
            "rsa_signature_2048_sha256_test", "rsa_signature_2048_sha384_test",
            "rsa_signature_2048_sha512_test", "rsa_signature_3072_sha256_test",
            "rsa_signature_4096_sha256_test", "rsa_pss_2048_sha256_mgf1_32_test",
            "rsa_pss_2048_sha384_mgf1_48_test", "rsa_pss_4096_sha512_mgf1_64_test",
        ] {
            let file = try #require(
                Vectors.document("wycheproof/\(name).json", as: File.self), "\(name)")
            moduli.formUnion(file.testGroups.map(\.publicKey.modulus))
        }
        #expect(moduli.count >= 5)
        for modulus in moduli {
            #expect(try !ROCA.hasFingerprint(modulus: Hex.decode(modulus)), "\(modulus)")
        }
    }

    @Test func `all primes that the size calls for count and not only the first 39`() throws {
        let modulus = try Hex.decode(Moduli.weakModuloFirstPrimes)
        #expect(!ROCA.hasFingerprint(modulus: modulus))
        // The powers of 65537 themselves are in every group, whatever their size.
        let power: [UInt8] = [0x01, 0x00, 0x01]
        #expect(ROCA.hasFingerprint(modulus: power))
        #expect(ROCA.hasFingerprint(modulus: [1]))
    }

    @Test func `zeros in front change nothing`() throws {
        let weak = try Hex.decode(Moduli.weak2048A)
        #expect(ROCA.hasFingerprint(modulus: [0, 0, 0] + weak))
    }

    @Test func `nothing and zero have no fingerprint`() {
        #expect(!ROCA.hasFingerprint(modulus: []))
        #expect(!ROCA.hasFingerprint(modulus: [0, 0]))
    }

    @Test func `a weak modulus with any bit flipped has no fingerprint`() throws {
        let weak = try Hex.decode(Moduli.weak2048B)
        // A difference of 2^n keeps a number within all 126 groups with a probability of 2^-167.
        #expect(weak.singleBitFlips.allSatisfy { !ROCA.hasFingerprint(modulus: $0) })
    }

    @Test func `random odd numbers have no fingerprint`() {
        var random = SplitMix64(seed: 0x20CA)
        for count in [128, 256, 512] {
            for _ in 0..<500 {
                var number = random.bytes(count)
                number[0] |= 0x80
                number[count - 1] |= 1
                #expect(!ROCA.hasFingerprint(modulus: number))
            }
        }
    }

    /// Counted with Python's `pow(65537, n, p)`.
    @Test(
        arguments: [
            (2, 1), (3, 2), (5, 4), (7, 6), (11, 2), (13, 6), (17, 8), (19, 9), (37, 3), (53, 26),
            (61, 20), (71, 35), (73, 24), (79, 13), (97, 6), (103, 51), (107, 53), (109, 54),
            (127, 42), (151, 50), (157, 78), (167, 166), (257, 16), (353, 44), (701, 700),
            (1427, 713),
        ] as [(UInt32, Int)])
    func `the order of 65537 is known`(prime: UInt32, order: Int) {
        #expect(ROCA.order(modulo: prime) == order)
    }

    @Test func `the primes are those up to 1427`() {
        let primes = (0...2000 as ClosedRange<UInt32>).filter { ROCA.order(modulo: $0) != nil }
        #expect(primes.count == 225)
        #expect(primes.last == 1427)
        // Table 1 of the paper gives the largest prime of M for each size.
        for (bits, largest) in [
            (512, 167), (960, 167), (992, 353), (1952, 353), (1984, 701), (2048, 701),
            (3936, 701), (3968, 1427), (4096, 1427),
        ] as [(Int, UInt32)] {
            #expect(primes.prefix(ROCA.primeCount(forBits: bits)).last == largest, "\(bits)")
        }
    }
}
