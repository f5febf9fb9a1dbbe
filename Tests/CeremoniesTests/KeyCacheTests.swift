import Ceremonies
import Cryptography
import Dispatch
import Testing
import VerificationCore
import WebAuthn

struct KeyCacheTests {
    private func key(_ seed: UInt8) throws -> (COSEKey, P256PrivateKey) {
        let key = try P256PrivateKey(rawRepresentation: Array(repeating: seed, count: 32))
        let point = try #require(key.publicKey.p256Point)
        return (.es256(x: Array(point[1...32]), y: Array(point[33...])), key)
    }

    @Test func `gives each key for itself, also beyond its capacity`() throws {
        let cache = KeyCache(capacity: 3)
        // Twice over ten keys, so that it fills and is emptied several times.
        for seed in Array(1...10) + Array(1...10) {
            let (coseKey, secret) = try key(UInt8(seed))
            let signature = try secret.signature(for: [1, 2, 3])
            let cached = try cache.key(coseKey)
            #expect(cached.coseKey == coseKey)
            #expect(cached.isValidSignature(signature, for: [1, 2, 3]))
            let (_, stranger) = try key(UInt8(seed + 1))
            #expect(
                try !cached.isValidSignature(stranger.signature(for: [1, 2, 3]), for: [1, 2, 3]))
        }
    }

    @Test func `refuses a point off the curve every time`() {
        let cache = KeyCache(capacity: 3)
        let bad = COSEKey.es256(
            x: Array(repeating: 1, count: 32), y: Array(repeating: 1, count: 32))
        for _ in 1...2 {
            #expect(throws: CeremonyFailure.invalidPublicKey) { try cache.key(bad) }
        }
    }

    @Test func `may be asked by many at once`() throws {
        let cache = KeyCache(capacity: 2)
        let keys = try (1...4).map { try key($0).0 }
        DispatchQueue.concurrentPerform(iterations: 400) { number in
            let coseKey = keys[number % 4]
            let found = try? cache.key(coseKey)
            #expect(found?.coseKey == coseKey)
        }
    }
}
