import Accounts
import Addresses
import Ceremonies
import CredentialStore
import Foundation
import GRDB
import OATH
import Testing
import WebAuthn

/// Codes by the clock and by a counter, from typing to the disk.
struct OneTimeCodeTests {
    private static let hashes: [(OATHHash, Int)] = [(.sha1, 20), (.sha256, 32), (.sha512, 64)]

    private func token(_ hash: OATHHash = .sha1, digits: Int = 6, seed: UInt8 = 1) -> PaperToken {
        PaperToken(
            secret: [UInt8](repeating: seed, count: hash.byteCount), hash: hash, digits: digits)
    }

    // MARK: By the clock

    /// RFC 6238, appendix B.
    @Test(arguments: [
        (59, "94287082", "46119246", "90693936"),
        (1_111_111_109, "07081804", "68084774", "25091201"),
        (1_111_111_111, "14050471", "67062674", "99943326"),
        (1_234_567_890, "89005924", "91819424", "93441116"),
        (2_000_000_000, "69279037", "90698825", "38618901"),
        (20_000_000_000, "65353130", "77737706", "47863826"),
    ])
    func `takes the codes of RFC 6238`(
        second: Int64, sha1: String, sha256: String, sha512: String
    ) async throws {
        let office = try Office()
        let digits = (0..<7).flatMap { _ in Array("1234567890".utf8) }
        for ((hash, length), code) in zip(Self.hashes, [sha1, sha256, sha512]) {
            let secret = Array(digits.prefix(length))
            _ = try office.addTOTP(PaperToken(secret: secret, hash: hash, digits: 8))
            office.clock.advance(
                by: .seconds(second) - .milliseconds(office.clock.now.milliseconds))
            #expect(try await office.verify(code).isAccepted, "\(hash)")
            #expect(try await office.verify(code) == .no(.codeReplayed), "\(hash)")
        }
    }

    @Test(arguments: [6, 7, 8], [15, 30, 60, 300])
    func `takes codes of all hashes, lengths and periods`(digits: Int, period: Int) async throws {
        let office = try Office()
        for (hash, _) in Self.hashes {
            let token = token(hash, digits: digits)
            let stored = try office.addTOTP(token, period: period)
            let code = try token.code(at: office.clock.now, period: period)
            let verdict = try await office.verify(code, service: "sudo", from: "192.0.2.7")
            try expectYes(verdict, with: stored, label: "token", means: .token(.totp))
            let row = try office.lastSignIn()
            #expect(row.isAccepted)
            #expect(row.method == .totp)
            #expect(row.user == "alice")
            #expect(row.credentialID == stored.id.bytes)
            #expect(row.client == "front")
            #expect(row.service == "sudo")
            #expect(row.address == "192.0.2.7")
            #expect(row.relyingPartyID == nil)
            #expect(row.isUserVerified == nil)
            #expect(try office.stored(stored).lastUsedAt == office.clock.now)
            try office.store.deleteToken(stored.id)
        }
    }

    @Test func `a step to each side is in time, and no more`() async throws {
        for (ahead, isInTime) in [
            (-3, false), (-2, false), (-1, true), (0, true), (1, true), (2, false),
        ] {
            let office = try Office()
            let token = token()
            let stored = try office.addTOTP(token)
            let code = try token.code(at: office.clock.now, ahead: Int64(ahead))
            let verdict = try await office.verify(code)
            #expect(verdict.isAccepted == isInTime, "\(ahead)")
            if isInTime {
                #expect(try office.stored(stored).drift == ahead)
            } else {
                #expect(verdict == .no(.wrongCode))
            }
        }
    }

    @Test func `a clock that gains a step a month is followed`() async throws {
        let office = try Office()
        let token = token()
        let stored = try office.addTOTP(token)
        for ahead in 1...24 {
            office.clock.advance(by: .seconds(30 * 86_400))
            let code = try token.code(at: office.clock.now, ahead: Int64(ahead))
            #expect(try await office.verify(code).isAccepted, "month \(ahead)")
            #expect(try office.stored(stored).drift == ahead)
        }
        // The time that ours shows is out of its window now.
        office.clock.advance(by: .seconds(60))
        #expect(
            try await office.verify(token.code(at: office.clock.now)) == .no(.wrongCode))
        let code = try token.code(at: office.clock.now, ahead: 23)
        #expect(try await office.verify(code).isAccepted)
        #expect(try office.stored(stored).drift == 23)
    }

    @Test func `a code is taken once, and none before it`() async throws {
        let office = try Office()
        let token = token()
        _ = try office.addTOTP(token)
        let (now, clock) = (office.clock.now, office.clock)
        #expect(try await office.verify(token.code(at: now)).isAccepted)
        for ahead in [0, -1, 0] as [Int64] {
            let code = try token.code(at: now, ahead: ahead)
            #expect(try await office.verify(code) == .no(.codeReplayed), "\(ahead)")
            #expect(try office.lastSignIn().reason == "code-replayed")
        }
        clock.advance(by: .seconds(30))
        #expect(try await office.verify(token.code(at: now)) == .no(.codeReplayed))
        #expect(try await office.verify(token.code(at: clock.now)).isAccepted)
        clock.advance(by: .seconds(90))
        #expect(try await office.verify(token.code(at: now)) == .no(.wrongCode))
    }

    @Test func `a clock that is set back brings no code to life`() async throws {
        let office = try Office { $0.codes.failures.perUser = 1000 }
        let token = token()
        _ = try office.addTOTP(token)
        let used = office.clock.now
        #expect(try await office.verify(token.code(at: used)).isAccepted)
        for seconds in [30, 60, 3600] {
            office.clock.advance(by: .seconds(-seconds))
            for ahead in -2...2 as ClosedRange<Int64> {
                let code = try token.code(at: office.clock.now, ahead: ahead)
                let verdict = try await office.verify(code)
                let isAfter =
                    office.clock.now.milliseconds / 30_000 + ahead > used.milliseconds / 30_000
                #expect(verdict.isAccepted == (isAfter && ahead < 2), "\(seconds) \(ahead)")
            }
            office.clock.advance(by: .seconds(seconds))
        }
    }

    @Test func `before 1970 there are no codes by the clock`() async throws {
        let office = try Office()
        let token = token()
        _ = try office.addTOTP(token)
        let code = try token.code(at: office.clock.now)
        office.clock.advance(by: .milliseconds(-office.clock.now.milliseconds - 1))
        #expect(try await !office.verify(code).isAccepted)
        #expect(try await !office.verify(token.code(0)).isAccepted)
    }

    // MARK: By a counter

    /// RFC 4226, appendix D.
    @Test func `takes the codes of RFC 4226 in turn, each once`() async throws {
        let office = try Office()
        let stored = try office.addHOTP()
        for (counter, code) in [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
            "399871", "520489",
        ].enumerated() {
            #expect(try await office.verify(code).isAccepted)
            #expect(try await office.verify(code) == .no(.wrongCode))
            #expect(try office.stored(stored).nextFactor == UInt64(counter) + 1)
        }
        #expect(try office.store.signIns(limit: 1).first?.method == .hotp)
    }

    @Test(arguments: [6, 7, 8])
    func `takes counted codes of all hashes and lengths`(digits: Int) async throws {
        let office = try Office()
        for (hash, _) in Self.hashes {
            let token = token(hash, digits: digits)
            _ = try office.addHOTP(token, counter: 0x1_0000_0000)
            let code = token.code(0x1_0000_0000)
            #expect(try await office.verify(code).signIn?.means == .token(.hotp))
        }
    }

    @Test func `a token may be ten codes ahead, and what it skipped is worth nothing`()
        async throws
    {
        let office = try Office { $0.codes.failures.perUser = 100 }
        let token = PaperToken.rfc4226
        let stored = try office.addHOTP()
        #expect(try await office.verify(token.code(11)) == .no(.wrongCode))
        #expect(try await office.verify(token.code(10)).isAccepted)
        #expect(try office.stored(stored).nextFactor == 11)
        for counter in 0...10 as ClosedRange<UInt64> {
            #expect(try await office.verify(token.code(counter)) == .no(.wrongCode), "\(counter)")
        }
        #expect(try await office.verify(token.code(22)) == .no(.wrongCode))
        #expect(try await office.verify(token.code(21)).isAccepted)
    }

    @Test func `a counter that has come to its end ends there`() async throws {
        let office = try Office()
        let token = PaperToken.rfc4226
        let end = UInt64(Int64.max)
        let stored = try office.addHOTP(counter: end - 3)
        #expect(try await office.verify(token.code(end - 2)).isAccepted)
        #expect(try await office.verify(token.code(end - 1)).isAccepted)
        #expect(try office.stored(stored).nextFactor == end)
        for counter in [end - 1, end, end + 1, .max, 0] {
            #expect(try await !office.verify(token.code(counter)).isAccepted, "\(counter)")
        }
        #expect(throws: CeremonyError.token(.counter)) {
            try office.addHOTP(counter: end)
        }
    }

    // MARK: Several tokens

    @Test func `the code of any of a user's tokens will do`() async throws {
        let office = try Office()
        let (phone, fob) = (token(seed: 1), token(seed: 2))
        let eight = token(.sha256, digits: 8, seed: 3)
        let stored = try [
            office.addTOTP(phone), office.addHOTP(fob), office.addTOTP(eight),
        ]
        let now = office.clock.now
        let codes = try [phone.code(at: now), fob.code(0), eight.code(at: now)]
        for (code, token) in zip(codes, stored) {
            #expect(try await office.verify(code).signIn?.credentialID == token.id)
        }
        for code in codes { #expect(try await !office.verify(code).isAccepted) }
        #expect(try office.store.counts().accepted == 3)
    }

    @Test func `two tokens with one secret take one code each`() async throws {
        let office = try Office()
        let stored = try [office.addTOTP(token()), office.addTOTP(token())]
        let code = try token().code(at: office.clock.now)
        #expect(try await office.verify(code).signIn?.credentialID == stored[0].id)
        #expect(try await office.verify(code).signIn?.credentialID == stored[1].id)
        #expect(try await office.verify(code) == .no(.codeReplayed))
    }

    @Test func `another user's code is wrong, and so is one of a token in stock`() async throws {
        let office = try Office()
        _ = try office.addHOTP(token(seed: 1), for: "alice")
        _ = try office.addHOTP(token(seed: 2), for: "bob")
        _ = try office.add(token(seed: 3), .hotp(.six), for: nil)
        #expect(try await office.verify(token(seed: 2).code(0)) == .no(.wrongCode))
        #expect(try await office.verify(token(seed: 3).code(0)) == .no(.wrongCode))
        #expect(try await office.verify(token(seed: 2).code(0), of: "bob").isAccepted)
    }

    @Test func `tokens that answer challenges have no codes to type`() async throws {
        let office = try Office()
        let token = token()
        try office.add(token, .challengeResponse)
        try office.add(token, .ocra(OCRASuite("OCRA-1:HOTP-SHA1-6:QN08")))
        #expect(try await office.verify(token.code(0)) == .no(.nothingEnrolled))
        #expect(try office.lastSignIn().method == .code)
    }

    // MARK: What a front end may say

    @Test func `the method narrows what a code may be`() async throws {
        let office = try Office { $0.codes.failures.perUser = 1000 }
        let (clock, counter) = (token(seed: 1), token(seed: 2))
        _ = try office.addTOTP(clock)
        _ = try office.addHOTP(counter)
        let codes = [
            SignInMethod.totp: try clock.code(at: office.clock.now), .hotp: counter.code(0),
        ]
        for (kind, code) in codes {
            for method in SignInMethod.allCases where method != kind {
                let verdict = try await office.verify(code, as: method)
                #expect(!verdict.isAccepted, "\(kind) as \(method)")
                #expect(verdict.wait == nil)
            }
        }
        for (kind, code) in codes {
            #expect(try await office.verify(code, as: kind).isAccepted)
        }
    }

    @Test func `what is no code is malformed, counted and on record`() async throws {
        let office = try Office { $0.codes.failures.perUser = 3 }
        _ = try office.addTOTP()
        for code in ["", "12345", "12\u{0}456"] {
            #expect(try await office.verify(code, as: .totp) == .no(.malformedCode))
            #expect(try office.lastSignIn().reason == "malformed-code")
        }
        #expect(try await office.verify("", as: .totp).wait == .seconds(60))
    }

    // MARK: Secrets at rest

    @Test func `a row that was moved to another user does not open`() async throws {
        let office = try Office()
        let token = token()
        let stored = try office.addTOTP(token)
        try office.tamper("UPDATE token SET user = (SELECT id FROM user WHERE name = 'bob')")
        #expect(try office.stored(stored).owner?.name == userName("bob"))
        let code = try token.code(at: office.clock.now)
        #expect(
            try await office.verify(code, of: "bob") == .refused("bob", "secret-unreadable"))
        #expect(try await office.verify(code) == .no(.nothingEnrolled))
    }

    @Test func `a secret that was put into another row does not open`() async throws {
        let office = try Office()
        let (mine, theirs) = (token(seed: 1), token(seed: 2))
        let stored = try [office.addTOTP(mine), office.addTOTP(theirs, for: "bob")]
        try office.tamper(
            "UPDATE token SET secret = ? WHERE id = ?",
            [blob(stored[0].sealedSecret), blob(stored[1].id.bytes)])
        let code = try mine.code(at: office.clock.now)
        #expect(
            try await office.verify(code, of: "bob") == .refused("bob", "secret-unreadable"))
    }

    @Test func `a secret of which a bit is flipped does not open`() async throws {
        let office = try Office { $0.codes.failures.perUser = 1000 }
        let token = token()
        let stored = try office.addTOTP(token)
        let code = try token.code(at: office.clock.now)
        for place in stored.sealedSecret.indices {
            var sealed = stored.sealedSecret
            sealed[place] ^= 1
            try office.tamper("UPDATE token SET secret = ?", [blob(sealed)])
            #expect(try await office.verify(code) == .no(.secretUnreadable), "byte \(place)")
        }
        try office.tamper("UPDATE token SET secret = ?", [blob(stored.sealedSecret)])
        #expect(try await office.verify(code).isAccepted)
    }

    @Test(arguments: [0, 1])
    func `a secret that does not open keeps no other token from its use`(
        damaged: Int
    ) async throws {
        let office = try Office()
        let tokens = [token(seed: 1), token(seed: 2)]
        let stored = try tokens.map { try office.addTOTP($0) }
        try office.tamper(
            "UPDATE token SET secret = x'00' WHERE id = ?", [blob(stored[damaged].id.bytes)])
        let code = try tokens[1 - damaged].code(at: office.clock.now)
        #expect(try await office.verify("000000") == .no(.secretUnreadable))
        #expect(try await office.verify(code).isAccepted)
    }
}
