import Cryptography
import Encoding
import Secrets
import TestSupport
import Testing

struct VaultTests {
    private static let handle = [UInt8](repeating: 7, count: 16)
    private let place = SecretPlace(use: .token, row: [1, 2, 3], user: handle)
    private let secret = Array("12345678901234567890".utf8)

    /// A ring of keys that the test knows.
    private func ring(_ keys: [(id: UInt32, byte: UInt8)]) throws -> KeyRing {
        let lines = keys.map { "\($0.id) \(Hex.encode([UInt8](repeating: $0.byte, count: 32)))" }
        return try KeyRing(
            decoding: Array((["countersign keys 1"] + lines).joined(separator: "\n").utf8))
    }

    @Test func `opens what it sealed`() throws {
        let vault = SecretVault(KeyRing())
        for count in [0, 1, 16, 20, 64, 1000] {
            let secret = [UInt8](repeating: 0x5A, count: count)
            #expect(try vault.open(vault.seal(secret, at: place), at: place) == secret)
        }
    }

    @Test func `seals with AES-256-GCM over version, key and place`() throws {
        let vault = SecretVault(try ring([(3, 9)]))
        let sealed = try vault.seal(secret, at: place)
        #expect(sealed.prefix(5) == [1, 0, 0, 0, 3])
        let associated =
            [1, 0, 0, 0, 3] + Array("countersign secret 1".utf8) + [1, 3, 1, 2, 3, 16] + Self.handle
        let opened = try AES256GCM.open(
            Array(sealed.dropFirst(17)), key: [UInt8](repeating: 9, count: 32),
            nonce: Array(sealed[5..<17]), authenticating: associated)
        #expect(opened == secret)
    }

    @Test func `never seals the same way twice`() throws {
        let vault = SecretVault(KeyRing())
        let seals = try (0..<100).map { _ in try vault.seal(secret, at: place) }
        #expect(Set(seals).count == 100)
    }

    @Test func `opens for the very row and user alone`() throws {
        let vault = SecretVault(KeyRing())
        let sealed = try vault.seal(secret, at: place)
        let others = [
            SecretPlace(use: .token, row: [1, 2, 4], user: Self.handle),
            SecretPlace(use: .token, row: [1, 2, 3, 7], user: Array(Self.handle.dropFirst())),
            SecretPlace(use: .token, row: [1, 2, 3], user: [UInt8](repeating: 8, count: 16)),
            SecretPlace(use: .token, row: [1, 2, 3], user: []),
            SecretPlace(use: .phoneSubscription, row: [1, 2, 3], user: Self.handle),
        ]
        for other in others {
            #expect(throws: SecretError.notSealedHere) { try vault.open(sealed, at: other) }
        }
    }

    @Test func `opens nothing that was cut or changed`() throws {
        let vault = SecretVault(KeyRing())
        let sealed = try vault.seal(secret, at: place)
        for prefix in sealed.properPrefixes {
            #expect(throws: SecretError.self) { try vault.open(prefix, at: place) }
        }
        for flipped in sealed.singleBitFlips {
            #expect(throws: SecretError.self) { try vault.open(flipped, at: place) }
        }
        #expect(throws: SecretError.notSealedHere) { try vault.open(sealed + [0], at: place) }
    }

    @Test func `goes over to a new key without a gap`() throws {
        let old = try ring([(1, 1)])
        let vault = SecretVault(old)
        let sealed = try vault.seal(secret, at: place)
        #expect(try vault.resealed(sealed, at: place) == nil)
        let both = try old.extended()
        vault.adopt(both)
        #expect(vault.currentKey == 2)
        #expect(try vault.open(sealed, at: place) == secret)
        let moved = try #require(try vault.resealed(sealed, at: place))
        #expect(try SecretVault.keyIdentifier(of: moved) == 2)
        vault.adopt(both.reduced())
        #expect(vault.keyIdentifiers == [2])
        #expect(try vault.open(moved, at: place) == secret)
        #expect(throws: SecretError.unknownKey(id: 1)) { try vault.open(sealed, at: place) }
    }

    @Test func `reads the ring that it wrote`() throws {
        let ring = try KeyRing().extended().extended()
        let copy = try KeyRing(decoding: ring.encoded())
        #expect(copy.identifiers == [1, 2, 3])
        #expect(copy.encoded() == ring.encoded())
        let sealed = try SecretVault(ring).seal(secret, at: place)
        #expect(try SecretVault(copy).open(sealed, at: place) == secret)
    }

    @Test func `refuses a ring that is not whole`() throws {
        let key = Hex.encode([UInt8](repeating: 1, count: 32))
        let texts: [(String, Int)] = [
            ("", 1), ("countersign keys 2\n1 \(key)", 1), ("countersign keys 1\n", 2),
            ("countersign keys 1\n1 \(key)x", 2), ("countersign keys 1\n1 \(key.dropLast(2))", 2),
            ("countersign keys 1\n01 \(key)", 2), ("countersign keys 1\n0 \(key)", 2),
            ("countersign keys 1\n+1 \(key)", 2), ("countersign keys 1\n1  \(key)", 2),
            ("countersign keys 1\n4294967296 \(key)", 2),
            ("countersign keys 1\n1 \(key)\n1 \(key)", 3),
            ("countersign keys 1\n2 \(key)\n1 \(key)", 3),
            ("countersign keys 1\n1 \(key)\n\n2 \(key)", 3),
        ]
        for (text, line) in texts {
            #expect(throws: SecretError.malformedRing(line: line)) {
                try KeyRing(decoding: Array(text.utf8))
            }
        }
        for prefix in KeyRing().encoded().dropLast(2).properPrefixes {
            #expect(throws: SecretError.self) { try KeyRing(decoding: prefix) }
        }
    }

    @Test func `ends at sixteen keys`() throws {
        var ring = KeyRing()
        for _ in 1..<KeyRing.maximumCount { ring = try ring.extended() }
        #expect(throws: SecretError.ringFull) { try ring.extended() }
        #expect(throws: SecretError.ringFull) { try self.ring([(.max, 1)]).extended() }
    }

    @Test func `shows no key`() throws {
        let ring = try ring([(1, 0xAB)])
        var dumped = ""
        dump(ring, to: &dumped)
        for text in ["\(ring)", String(reflecting: ring), dumped] {
            #expect(!text.lowercased().contains("abab") && !text.contains("171"))
        }
    }

    @Test func `has a code for each error`() {
        let errors: [SecretError] = [
            .malformed, .unknownKey(id: 1), .notSealedHere, .malformedRing(line: 1), .ringFull,
            .cryptography,
        ]
        #expect(Set(errors.map(\.code)).count == errors.count)
    }
}
