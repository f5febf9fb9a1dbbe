/// Recognises RSA keys that the flawed generator of Infineon's RSALib made (CVE-2017-15361, "ROCA").
///
/// That generator makes each prime as k·M + (65537^a mod M), where M is the product of the first primes: as many of them
/// as the size of the key says (Nemec, Sys, Svenda, Klinec, Matyas, "The Return of Coppersmith's Attack", CCS 2017, §2.1
/// and table 1). Both primes, and so the modulus, are then a power of 65537 modulo each of those small primes.
///
/// A sound modulus has that property by chance with a probability of the product, over the primes, of the order of 65537
/// divided by p − 1: 2^−27 up to 960 bits, 2^−83 up to 1952, 2^−167 up to 3936, 2^−281 above. A flawed one always has it.
public enum ROCA {
    /// The powers of 65537 modulo a prime.
    private struct Subgroup: Sendable {
        let prime: UInt32
        /// How many powers there are.
        let order: Int
        /// For each residue whether it is one of them.
        let isMember: [Bool]

        init(modulo prime: UInt32) {
            var isMember = [Bool](repeating: false, count: Int(prime))
            var order = 0
            var power: UInt32 = 1
            repeat {
                isMember[Int(power)] = true
                order += 1
                // Below 1427 · 65537, which fits.
                power = power * 65537 % prime
            } while power != 1
            self.prime = prime
            self.order = order
            self.isMember = isMember
        }
    }

    /// Those of the first 225 primes, 2 to 1427: M of the longest keys.
    private static let subgroups: [Subgroup] =
        (2...1427 as ClosedRange<UInt32>)
        .filter { candidate in
            // Every composite up to 1427 has a factor up to 37.
            !(2...37).contains { $0 < candidate && candidate.isMultiple(of: $0) }
        }
        .map(Subgroup.init(modulo:))

    /// The order of 65537 modulo `prime`; `nil` for what is none of the first 225 primes.
    package static func order(modulo prime: UInt32) -> Int? {
        subgroups.first { $0.prime == prime }?.order
    }

    /// How many of the first primes M of a key of this size is made of.
    package static func primeCount(forBits bits: Int) -> Int {
        switch bits {
        case ..<992: 39
        case ..<1984: 71
        case ..<3968: 126
        default: 225
        }
    }

    /// Whether `modulus`, big-endian, has the fingerprint of the flawed generator. Its time depends on the modulus.
    ///
    /// No, for one that is zero or divides by one of the small primes.
    public static func hasFingerprint(modulus: [UInt8]) -> Bool {
        let digits = modulus.drop { $0 == 0 }
        guard let first = digits.first else { return false }
        let bits = digits.count * 8 - first.leadingZeroBitCount
        return subgroups.prefix(primeCount(forBits: bits)).allSatisfy { subgroup in
            let residue = digits.reduce(0 as UInt32) { residue, digit in
                (residue << 8 | UInt32(digit)) % subgroup.prime
            }
            return subgroup.isMember[Int(residue)]
        }
    }
}
