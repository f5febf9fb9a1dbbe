import Accounts
import Ceremonies
import CredentialStore
import Encoding
import TestSupport
import Testing
import WebAuthn

struct ChallengeSealerTests {
    private let sealer = ChallengeSealer(secret: Office.secret)

    private func challenge(
        purpose: IssuedChallenge.Purpose = .authentication, user: String = "alice",
        relyingParty: String = "example.org", client: String = "front",
        userVerification: UserVerificationRequirement = .required, milliseconds: Int64 = 1_790_000,
        detail: [UInt8] = []
    ) throws -> IssuedChallenge {
        IssuedChallenge(
            purpose: purpose, bytes: Array(0..<32), user: try userName(user),
            relyingPartyID: try RelyingPartyID(relyingParty), client: client,
            userVerification: userVerification, issuedAt: Timestamp(milliseconds: 0x0102),
            expiresAt: Timestamp(milliseconds: milliseconds), detail: detail)
    }

    @Test func `what was sealed is what is opened`() throws {
        let longest = try challenge(
            purpose: .registration, user: String(repeating: "é", count: 64),
            relyingParty: Array(repeating: String(repeating: "a", count: 49), count: 5)
                .joined(separator: ".") + ".org",
            client: String(repeating: "c", count: 255), userVerification: .discouraged,
            milliseconds: .max, detail: [UInt8](repeating: 0xFF, count: 255))
        let shortest = try challenge(
            user: "a", relyingParty: "a", client: "", userVerification: .preferred,
            milliseconds: .min)
        #expect(longest.relyingPartyID.text.utf8.count == 253)
        for challenge in [longest, shortest, try challenge()] {
            let transaction = sealer.seal(challenge)
            #expect(sealer.open(transaction) == challenge)
        }
    }

    @Test func `a transaction is what it is documented to be`() throws {
        let sealed = try Base64URL.decode(sealer.seal(challenge(detail: [7, 8, 9])))
        let payload: [UInt8] =
            [4, 2, 2] + [0, 0, 0, 0, 0, 0, 1, 2] + [0, 0, 0, 0, 0, 0x1B, 0x50, 0x30] + Array(0..<32)
            + [5] + Array("front".utf8) + [11] + Array("example.org".utf8) + [5]
            + Array("alice".utf8) + [0] + [3, 7, 8, 9]
        #expect(sealed.dropLast(32) == payload[...])
        #expect(sealed.count == payload.count + 32)
    }

    @Test func `every part is bound`() throws {
        let transactions = try [
            challenge(), challenge(purpose: .registration), challenge(user: "bob"),
            challenge(relyingParty: "example.com"), challenge(client: "other"),
            challenge(userVerification: .preferred), challenge(milliseconds: 1),
            // The same letters, cut elsewhere.
            challenge(user: "oalice", client: "fr"), challenge(detail: [0]),
            challenge(detail: [0, 0]), challenge(purpose: .tokenRegistration),
            challenge(purpose: .responseAuthentication),
            challenge(purpose: .questionAuthentication), challenge(purpose: .phoneRegistration),
            challenge(purpose: .phoneTicket),
        ].map(sealer.seal)
        #expect(Set(transactions.map { $0.suffix(43) }).count == transactions.count)
    }

    @Test func `every flipped bit is refused`() throws {
        let transaction = try sealer.seal(challenge())
        let sealed = try Base64URL.decode(transaction)
        for bit in 0..<(sealed.count * 8) {
            var flipped = sealed
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            let opened = sealer.open(Base64URL.encode(flipped))
            #expect(opened == nil, "bit \(bit)")
        }
        let text = Array(transaction.utf8)
        for bit in 0..<(text.count * 8) {
            var flipped = text
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            let opened = sealer.open(String(decoding: flipped, as: UTF8.self))
            #expect(opened == nil, "bit \(bit) of the text")
        }
    }

    @Test func `every prefix is refused, and what is longer`() throws {
        let transaction = try sealer.seal(challenge())
        for length in 0..<transaction.utf8.count {
            let opened = sealer.open(String(transaction.prefix(length)))
            #expect(opened == nil, "\(length) characters")
        }
        for suffix in ["A", "AA", "AAA", "AAAA", "=", " ", "\n"] {
            #expect(sealer.open(transaction + suffix) == nil)
            #expect(sealer.open(suffix + transaction) == nil)
        }
        #expect(sealer.open(String(repeating: "A", count: 1_000_000)) == nil)
    }

    @Test func `another installation's is refused`() throws {
        let transaction = try sealer.seal(challenge())
        for bit in 0..<256 {
            var secret = Office.secret
            secret[bit / 8] ^= 1 << UInt8(bit % 8)
            let opened = ChallengeSealer(secret: secret).open(transaction)
            #expect(opened == nil)
        }
    }

    @Test func `random bytes are refused`() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<10_000 {
            let bytes = random.bytes(Int.random(in: 0...160, using: &random))
            let opened = sealer.open(Base64URL.encode(bytes))
            #expect(opened == nil)
        }
    }

    @Test func `a detail that cannot be sealed whole is not opened as another`() throws {
        let challenge = try challenge(detail: [UInt8](repeating: 1, count: 256))
        #expect(sealer.open(sealer.seal(challenge)) == nil)
    }

    @Test func `a client's name that cannot be sealed whole is not opened as another`() throws {
        let challenge = try challenge(client: String(repeating: "c", count: 256))
        #expect(sealer.open(sealer.seal(challenge)) == nil)
    }

    // MARK: Decoys

    private func decoy(_ user: String, at relyingParty: String = "example.org") throws -> [UInt8] {
        try #require(
            sealer.decoyCredentialID(for: userName(user), at: RelyingPartyID(relyingParty))
        ).bytes
    }

    @Test func `a decoy is always the same, and another for another user or relying party`() throws
    {
        #expect(try decoy("carol") == decoy("carol"))
        let decoys = try [
            decoy("carol"), decoy("dave"), decoy("carol", at: "example.com"), decoy("Carol"),
        ]
        #expect(Set(decoys).count == decoys.count)
        #expect(Set(decoys.map { Array($0.prefix(16)) }).count == decoys.count)
    }

    @Test func `a decoy is another at another installation`() throws {
        let other = ChallengeSealer(secret: Array(repeating: 1, count: 32))
        let decoy = other.decoyCredentialID(
            for: try userName("carol"), at: try RelyingPartyID("example.org"))
        #expect(try decoy?.bytes != self.decoy("carol"))
    }

    @Test func `decoys have the lengths that keys use, and bytes of every value`() throws {
        let decoys = try (0..<1000).map { try decoy("user \($0)") }
        let lengths = Dictionary(grouping: decoys, by: \.count).mapValues(\.count)
        #expect(Set(lengths.keys) == [16, 32, 48, 63, 64])
        // A quarter of them have 32 bytes: 250, give or take five deviations.
        #expect((180...320).contains(try #require(lengths[32])))
        for position in [0, 15] {
            #expect(Set(decoys.map { $0[position] }).count > 240, "byte \(position)")
        }
        // No bit of a decoy goes with its length.
        for bit in 0..<128 {
            for length in [32, 64] {
                let group = decoys.filter { $0.count == length }
                let share = group.count { $0[bit / 8] >> (bit % 8) & 1 == 1 }
                #expect((group.count / 4...group.count * 3 / 4).contains(share), "bit \(bit)")
            }
        }
        #expect(Set(decoys).count == decoys.count)
    }
}
