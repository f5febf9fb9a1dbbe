import Accounts
import Ceremonies
import CredentialStore
import Foundation
import GRDB
import OATH
import Secrets
import Testing
import WebAuthn

/// Tokens that come from elsewhere, change hands, and go astray.
struct TokenBatchTests {
    // MARK: Added

    @Test func `a token is added as it is`() async throws {
        let office = try Office()
        let device = TokenDevice(serial: "4711", manufacturer: "Acme", model: "Fob", slot: 2)
        let token = try office.add(
            .rfc4226, .hotp(.six), counter: 7, device: device, label: "red fob")
        #expect(token.nextFactor == 7)
        #expect(token.device == device)
        #expect(token.label == "red fob")
        #expect(token.id.bytes.count == 16)
        let signIn = try await office.verify(PaperToken.rfc4226.code(7)).signIn
        #expect(signIn?.label == "red fob")
        // A serial number comes with hardware.
        #expect(signIn?.isHardwareBound == true)
    }

    @Test func `what cannot be is not added`() throws {
        let office = try Office { $0.codes.maximumTokensPerUser = 1 }
        for length in [0, 9, 129] {
            #expect(throws: CeremonyError.token(.secretLength)) {
                try office.add(
                    PaperToken(secret: [UInt8](repeating: 1, count: length)), .hotp(.six))
            }
        }
        #expect(throws: CeremonyError.token(.counter)) {
            try office.add(.rfc4226, .hotp(.six), counter: .max)
        }
        #expect(throws: CeremonyError.store(.noSuchUser(try userName("carol")))) {
            try office.add(.rfc4226, .hotp(.six), for: "carol")
        }
        try office.add(.rfc4226, .hotp(.six), device: TokenDevice(serial: "4711"))
        #expect(throws: CeremonyError.store(.credentialExists)) {
            try office.add(.rfc4226, .hotp(.six), for: "bob", device: TokenDevice(serial: "4711"))
        }
        #expect(throws: CeremonyError.store(.tooMany)) { try office.add(.rfc4226, .hotp(.six)) }
        // Stock has room.
        for _ in 0..<3 { try office.add(.rfc4226, .hotp(.six), for: nil) }
    }

    // MARK: Given

    @Test func `a token that is given away opens for its new owner alone`() async throws {
        let office = try Office()
        let token = PaperToken.rfc4226
        let stock = try office.add(token, .hotp(.six), for: nil)
        let given = try office.tokens.give(stock.id, to: userName("alice"), label: "fob")
        #expect(given.owner?.name == (try userName("alice")))
        #expect(given.label == "fob")
        #expect(given.sealedSecret != stock.sealedSecret)
        #expect(try await office.verify(token.code(0)).isAccepted)

        let bobs = try office.tokens.give(stock.id, to: userName("bob"), label: nil)
        #expect(bobs.label == "fob")
        // What was used stays used.
        #expect(bobs.nextFactor == 1)
        #expect(try await office.verify(token.code(1)) == .no(.nothingEnrolled))
        #expect(try await office.verify(token.code(0), of: "bob") == .refused("bob", "wrong-code"))
        #expect(try await office.verify(token.code(1), of: "bob").isAccepted)

        let back = try office.tokens.give(stock.id, to: nil, label: nil)
        #expect(back.owner == nil)
        #expect(
            try await office.verify(token.code(2), of: "bob")
                == .refused("bob", "nothing-enrolled"))
        // Seals of earlier owners open nowhere any more.
        for sealed in [stock, given, bobs].map(\.sealedSecret) {
            try office.tamper(
                "UPDATE token SET secret = ?, user = (SELECT id FROM user WHERE name = 'alice')",
                [blob(sealed)])
            let opens = sealed == given.sealedSecret
            #expect(try await office.verify(token.code(3)).isAccepted == opens)
        }
    }

    @Test func `what cannot be given is not given`() throws {
        let office = try Office { $0.codes.maximumTokensPerUser = 1 }
        let token = try office.add(.rfc4226, .hotp(.six), for: nil)
        #expect(throws: CeremonyError.store(.noSuchUser(try userName("carol")))) {
            try office.tokens.give(token.id, to: userName("carol"), label: nil)
        }
        #expect(throws: CeremonyError.store(.noSuchCredential)) {
            try office.tokens.give(
                CredentialID(bytes: [UInt8](repeating: 0, count: 16)), to: userName("alice"),
                label: nil)
        }
        try office.add(.rfc4226, .hotp(.six))
        #expect(throws: CeremonyError.store(.tooMany)) {
            try office.tokens.give(token.id, to: userName("alice"), label: nil)
        }
        try office.tamper("UPDATE token SET secret = x'00' WHERE user IS NULL")
        #expect(throws: CeremonyError.secret(.malformed)) {
            try office.tokens.give(token.id, to: userName("bob"), label: nil)
        }
        #expect(try office.stored(token).owner == nil)
    }

    @Test func `a user who has as many as may be can be given what is the user's already`()
        throws
    {
        let office = try Office { $0.codes.maximumTokensPerUser = 1 }
        let token = try office.add(.rfc4226, .hotp(.six))
        let given = try office.tokens.give(token.id, to: userName("alice"), label: "red")
        #expect(given.label == "red")
        #expect(given.owner?.name == (try userName("alice")))
    }

    @Test func `a clock that is known to be off is added so`() async throws {
        let office = try Office()
        let addition = TokenAddition(
            secret: PaperToken.rfc4226.secret,
            parameters: try TokenParameters(.totp(.six, period: 30), hash: .sha1),
            owner: try userName("alice"), counter: 0, drift: -40, device: TokenDevice(), label: "")
        #expect(try office.tokens.add(addition).drift == -40)
        let code = try PaperToken.rfc4226.code(at: office.clock.now, ahead: -40)
        #expect(try await office.verify(code).isAccepted)
    }

    @Test func `a row that was moved by hand cannot be given on`() throws {
        let office = try Office()
        let token = try office.add(.rfc4226, .hotp(.six))
        try office.tamper("UPDATE token SET user = (SELECT id FROM user WHERE name = 'bob')")
        #expect(throws: CeremonyError.secret(.notSealedHere)) {
            try office.tokens.give(token.id, to: userName("alice"), label: nil)
        }
    }

    // MARK: Gone astray

    @Test func `two codes that follow each other find a counter again`() async throws {
        let office = try Office()
        let (token, alice) = (PaperToken.rfc4226, try userName("alice"))
        let stored = try office.addHOTP()
        #expect(try await office.verify(token.code(500)) == .no(.wrongCode))
        let pairs: [(UInt64, UInt64)] = [(500, 502), (501, 500), (500, 500), (1000, 1001)]
        for (first, second) in pairs {
            #expect(throws: CeremonyError.code(.wrongCode), "\(first) \(second)") {
                try office.tokens.synchronise(
                    stored.id, of: alice, by: token.code(first), token.code(second))
            }
        }
        try office.tokens.synchronise(stored.id, of: alice, by: token.code(500), token.code(501))
        #expect(try office.stored(stored).nextFactor == 502)
        // The codes that found it are used.
        #expect(try await office.verify(token.code(501)) == .no(.wrongCode))
        #expect(try await office.verify(token.code(502)).isAccepted)
        // It never goes back.
        #expect(throws: CeremonyError.code(.wrongCode)) {
            try office.tokens.synchronise(
                stored.id, of: alice, by: token.code(500), token.code(501))
        }
        try office.tokens.synchronise(
            stored.id, of: alice, by: token.code(1502), token.code(1503))
        #expect(try office.stored(stored).nextFactor == 1504)
    }

    @Test(arguments: [-499, -40, -1, 0, 1, 40, 500])
    func `two codes that follow each other find a clock again`(ahead: Int64) async throws {
        let office = try Office()
        let (token, alice) = (PaperToken.rfc4226, try userName("alice"))
        let stored = try office.addTOTP()
        let now = office.clock.now
        try office.tokens.synchronise(
            stored.id, of: alice, by: token.code(at: now, ahead: ahead - 1),
            token.code(at: now, ahead: ahead))
        #expect(try office.stored(stored).drift == ahead)
        #expect(try await !office.verify(token.code(at: now, ahead: ahead)).isAccepted)
        office.clock.advance(by: .seconds(30))
        let code = try token.code(at: office.clock.now, ahead: ahead)
        #expect(try await office.verify(code).isAccepted)
    }

    @Test func `a clock is not looked for further, nor before what was used`() async throws {
        let office = try Office()
        let (token, alice) = (PaperToken.rfc4226, try userName("alice"))
        let stored = try office.addTOTP()
        let now = office.clock.now
        for ahead in [-500, 501] as [Int64] {
            #expect(throws: CeremonyError.code(.wrongCode), "\(ahead)") {
                try office.tokens.synchronise(
                    stored.id, of: alice, by: token.code(at: now, ahead: ahead - 1),
                    token.code(at: now, ahead: ahead))
            }
        }
        #expect(try await office.verify(token.code(at: now)).isAccepted)
        #expect(throws: CeremonyError.code(.codeReplayed)) {
            try office.tokens.synchronise(
                stored.id, of: alice, by: token.code(at: now, ahead: -1), token.code(at: now))
        }
        #expect(try office.stored(stored).nextFactor == UInt64(now.milliseconds / 30_000) + 1)
    }

    @Test func `another's token, one in stock, and one without codes are not found`() throws {
        let office = try Office()
        let token = PaperToken.rfc4226
        let missing = CeremonyError.store(.noSuchCredential)
        let tokens = try [
            office.addHOTP(for: "bob"), office.add(token, .hotp(.six), for: nil),
            office.add(token, .challengeResponse),
            office.add(token, .ocra(OCRASuite("OCRA-1:HOTP-SHA1-6:C-QN08"))),
        ]
        for other in tokens {
            #expect(throws: missing) {
                try office.tokens.synchronise(
                    other.id, of: userName("alice"), by: token.code(0), token.code(1))
            }
        }
        let own = try office.addHOTP()
        try office.tamper("UPDATE token SET secret = x'00'")
        #expect(throws: CeremonyError.code(.secretUnreadable)) {
            try office.tokens.synchronise(
                own.id, of: userName("alice"), by: token.code(0), token.code(1))
        }
    }
}
