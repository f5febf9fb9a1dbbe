import Accounts
import Addresses
import Ceremonies
import CredentialStore
import GRDB
import OATH
import Secrets
import Testing

/// Guessing, as it goes through the service.
struct CodeLimitTests {
    @Test func `after ten wrong codes everybody waits, and nothing is judged or written`()
        async throws
    {
        let office = try Office()
        let token = PaperToken.rfc4226
        _ = try office.addTOTP(token)
        try await office.guess(10)
        #expect(try office.store.counts().refused == 10)
        let code = try token.code(at: office.clock.now)
        for typed in [code, "000000", "x", "0123A-BCDEF", "pass2word"] {
            #expect(
                try await office.verify(typed)
                    == .limited(user: userName("alice"), retryAfter: .seconds(60)))
        }
        #expect(try office.store.counts().refused == 10)
        #expect(try office.store.counts().accepted == 0)

        office.clock.advance(by: .seconds(60))
        let later = try token.code(at: office.clock.now)
        #expect(try await office.verify(later).isAccepted)
        try await office.guess(10)
        #expect(try await office.verify("000000").wait == .seconds(60))
    }

    @Test func `each wrong code after that doubles the wait`() async throws {
        let office = try Office()
        try await office.guess(10)
        for seconds in [60, 120, 240, 480, 960, 1920, 3600, 3600] {
            #expect(try await office.verify("000000").wait == .seconds(seconds))
            office.clock.advance(by: .seconds(seconds))
            try await office.guess(1)
        }
    }

    @Test func `that somebody guesses is noted once, until a right code`() async throws {
        let office = try Office()
        let token = PaperToken.rfc4226
        _ = try office.addHOTP(token)
        try await office.guess(9)
        #expect(try office.events() == [])
        try await office.guess(1)
        #expect(try office.events() == [.codeGuessing])
        #expect(
            try office.store.events(of: userName("alice"), limit: 1).first?.detail == "hotp")
        for _ in 0..<5 {
            office.clock.advance(by: .seconds(3600))
            try await office.guess(1)
        }
        #expect(try office.events() == [.codeGuessing])
        office.clock.advance(by: .seconds(3600))
        #expect(try await office.verify(token.code(0)).isAccepted)
        try await office.guess(10)
        #expect(try office.events() == [.codeGuessing, .codeGuessing])
    }

    @Test func `a right code that comes tenth is no guess`() async throws {
        let office = try Office()
        let token = PaperToken.rfc4226
        _ = try office.addHOTP(token)
        for counter in 0..<3 as Range<UInt64> {
            try await office.guess(9)
            #expect(try await office.verify(token.code(counter)).isAccepted)
        }
        #expect(try office.events() == [])
    }

    @Test func `a right code that is replayed counts as a guess`() async throws {
        let office = try Office()
        let token = PaperToken.rfc4226
        _ = try office.addTOTP(token)
        let code = try token.code(at: office.clock.now)
        #expect(try await office.verify(code).isAccepted)
        for _ in 0..<10 { #expect(try await office.verify(code) == .no(.codeReplayed)) }
        #expect(try await office.verify(code).wait == .seconds(60))
    }

    @Test func `strangers do not shut a user out of where the user signed in before`()
        async throws
    {
        let office = try Office()
        let token = PaperToken.rfc4226
        _ = try office.addHOTP(token)
        for address in ["192.0.2.7", "2001:db8::7"] {
            let counter: UInt64 = address == "192.0.2.7" ? 0 : 1
            #expect(try await office.verify(token.code(counter), from: address).isAccepted)
        }
        for number in 0..<10 { try await office.guess(1, from: "198.51.100.\(number)") }
        for address in ["198.51.100.77", nil, "192.0.2.8", "2001:db8:0:1::7"] {
            #expect(try await office.verify(token.code(2), from: address).wait == .seconds(60))
        }
        #expect(try await office.verify(token.code(2), from: "192.0.2.7").isAccepted)
        // The subscriber's 64 bits are one source.
        #expect(try await office.verify(token.code(3), from: "2001:db8::1:2:3:4").isAccepted)
        #expect(
            try await office.verify(token.code(4), from: "::ffff:192.0.2.7").isAccepted)
        // What happens at home opens no door for strangers.
        #expect(try await office.verify(token.code(5)).wait == .seconds(60))
    }

    @Test func `where a user was ninety days ago is strange`() async throws {
        let office = try Office()
        let token = PaperToken.rfc4226
        _ = try office.addHOTP(token)
        #expect(try await office.verify(token.code(0), from: "192.0.2.7").isAccepted)
        office.clock.advance(by: .seconds(90 * 86_400) - .milliseconds(1))
        try await office.guess(10, from: "198.51.100.1")
        #expect(try await office.verify(token.code(1), from: "192.0.2.7").isAccepted)
        office.clock.advance(by: .seconds(90 * 86_400))
        try await office.guess(10, from: "198.51.100.1")
        #expect(try await office.verify(token.code(2), from: "192.0.2.7").wait == .seconds(60))
    }

    @Test func `one source guesses a hundred times, whomever at`() async throws {
        let office = try Office()
        let token = PaperToken.rfc4226
        _ = try office.addHOTP(token, for: "bob")
        for number in 0..<100 {
            try await office.guess(1, of: "user \(number)", from: "192.0.2.7")
        }
        for user in ["alice", "bob", "carol"] {
            #expect(
                try await office.verify("755224", of: user, from: "192.0.2.7")
                    == .limited(user: userName(user), retryAfter: .seconds(36)))
        }
        #expect(try await office.verify("755224", of: "bob", from: "192.0.2.8").isAccepted)
    }

    @Test func `a program with an old app password shuts nobody out`() async throws {
        let office = try Office()
        try office.store.set(.enforced, of: userName("alice"))
        let request = AppPasswordRequest(
            user: try userName("alice"), services: ["imap"], networks: [], label: "",
            lifetime: nil)
        let old = try office.spares.makeAppPassword(request)
        _ = try office.store.deleteAppPasswords(of: userName("alice"), number: old.number)
        let new = try office.spares.makeAppPassword(request)
        for _ in 0..<50 {
            #expect(
                try await office.verify(old.text, service: "imap", from: "192.0.2.7")
                    == .no(.wrongCode))
        }
        #expect(
            try await office.verify(new.text, service: "imap", from: "192.0.2.7").isAccepted)
        #expect(try office.events() == [])
        // Nor do guesses at it: they are counted of the source that they come from.
        for number in 0..<100 {
            let letters = [
                "abcdefghij".dropFirst(number / 10), "abcdefghij".dropFirst(number % 10),
            ]
            let guess = "aaaabbbbccccdd" + letters.map { $0.prefix(1) }.joined()
            #expect(
                try await office.verify(guess, service: "imap", from: "198.51.100.1")
                    == .no(.wrongCode))
        }
        #expect(
            try await office.verify(new.text, service: "imap", from: "198.51.100.1").wait
                == .seconds(36))
        #expect(
            try await office.verify(new.text, service: "imap", from: "192.0.2.7").isAccepted)
        #expect(try await office.verify("755224", from: "192.0.2.7") == .no(.nothingEnrolled))
        #expect(try office.events() == [])
    }

    @Test(arguments: [nil, "192.0.2.7"])
    func `who has an app password cannot guess codes the longer for it`(
        address: String?
    ) async throws {
        let office = try Office()
        try office.store.set(.enforced, of: userName("alice"))
        let made = try office.spares.makeAppPassword(
            AppPasswordRequest(
                user: userName("alice"), services: ["imap"], networks: [], label: "",
                lifetime: nil))
        #expect(
            try await office.verify(made.text, service: "imap", from: address).isAccepted)
        for _ in 0..<10 {
            try await office.guess(1, from: address)
            #expect(
                try await office.verify(made.text, service: "imap", from: address).isAccepted)
        }
        #expect(try await office.verify("000000", from: address).wait == .seconds(60))
        // It goes on being taken, and makes no place one where its user is at home.
        for place in ["203.0.113.1", "203.0.113.2"] {
            #expect(try await office.verify(made.text, service: "imap", from: place).isAccepted)
            #expect(try await office.verify("000000", from: place).wait == .seconds(60))
        }
    }

    @Test func `one-time codes, recovery codes and passes are guessed on one budget`()
        async throws
    {
        let office = try Office()
        for number in 0..<10 {
            let guess = ["10000\(number)", "ABCDE-FGHJ\(number)", "pass word \(number)"][number % 3]
            #expect(try await !office.verify(guess).isAccepted)
        }
        #expect(try await office.verify("755224").wait == .seconds(60))
    }

    @Test func `six wrong codes at once count six times`() async throws {
        let office = try Office()
        try await office.guess(6)
        let verdicts = try await withThrowingTaskGroup(of: AuthenticationVerdict.self) { group in
            for number in 0..<6 {
                group.addTask { try await office.verify("20000\(number)") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts.count { $0.wait == nil } == 4)
        #expect(verdicts.count { $0.wait == .seconds(60) } == 2)
        #expect(try office.store.counts().refused == 10)
        #expect(try office.events() == [.codeGuessing])
    }

    @Test func `a code that the store could not take down is given back`() async throws {
        let office = try Office { $0.codes.failures.perUser = 1 }
        let token = PaperToken.rfc4226
        _ = try office.addHOTP(token)
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let blocker = try DatabaseQueue(path: office.databasePath, configuration: configuration)
        try await blocker.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        #expect(
            try await office.verify(token.code(0))
                == .unavailable(.locked(path: office.databasePath)))
        try await blocker.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await office.verify(token.code(0)).isAccepted)
        #expect(try office.events() == [])
    }

    @Test func `a store that is closed gives no verdict and counts nothing`() async throws {
        let office = try Office { $0.codes.failures.perUser = 1 }
        try office.store.close()
        for _ in 0..<3 {
            #expect(
                try await office.verify("755224") == .unavailable(.unavailable(code: 21)))
        }
    }

    @Test func `a row that cannot be read is its own user's trouble, and no guess`()
        async throws
    {
        let office = try Office { $0.codes.failures.perUser = 1 }
        _ = try office.addHOTP(for: "alice")
        _ = try office.addHOTP(for: "bob")
        try office.tamper(
            "UPDATE token SET hash = '?' WHERE user = (SELECT id FROM user WHERE name = 'alice')")
        for counter in 0..<10 as Range<UInt64> {
            async let alices = office.verify("755224", of: "alice")
            async let bobs = office.verify(PaperToken.rfc4226.code(counter), of: "bob")
            #expect(try await alices == .unavailable(.unreadableRow(table: "token")))
            #expect(try await bobs.isAccepted)
        }
        try office.tamper("UPDATE token SET hash = 'sha1'")
        #expect(try await office.verify("755224", of: "alice").isAccepted)
    }

    // MARK: Nobody

    /// Each form that a code can have, and who could be meant.
    @Test(arguments: ["755224", "12345678", "0123A-BCDEF", "pass2word", "abcd-efgh-ijkl-mnop", "?"])
    func `a user who does not exist is refused as one who has nothing`(
        code: String
    ) async throws {
        let office = try Office()
        for round in 1...10 {
            let verdicts = try [
                await office.verify(code, of: "bob", service: "imap", from: "192.0.2.7"),
                await office.verify(code, of: "carol", service: "imap", from: "192.0.2.7"),
            ]
            for (verdict, user) in zip(verdicts, ["bob", "carol"]) {
                guard case .refused(let name, let reason) = verdict else {
                    Issue.record("\(user), round \(round): \(verdict)")
                    return
                }
                #expect(name == (try userName(user)))
                #expect((reason == "unknown-user") == (user == "carol"))
            }
            let rows = try office.store.signIns(limit: 2)
            #expect(rows.map(\.user) == ["carol", "bob"])
            #expect(rows[0].method == rows[1].method)
            #expect(rows.allSatisfy { $0.service == "imap" && $0.address == "192.0.2.7" })
        }
        let isStatic = CodeForm(code).appPassword != nil
        for user in ["bob", "carol"] {
            let verdict = try await office.verify(code, of: user, from: "192.0.2.7")
            #expect(verdict.wait == (isStatic ? nil : .seconds(60)))
            #expect(try office.events(of: user) == (isStatic ? [] : [.codeGuessing]))
        }
    }

    @Test func `the token of nobody is tried whatever became of the keys`() throws {
        let office = try Office()
        let nobody = try TokenOfNobody(office.vault)
        let now = office.clock.now
        #expect(nobody.tryCode("755224", office.policy.codes, at: now))
        let ring = try KeyRing().extended()
        office.vault.adopt(ring)
        #expect(nobody.tryCode("755224", office.policy.codes, at: now))
        let next = try ring.extended().reduced()
        office.vault.adopt(next)
        #expect(nobody.tryCode("", office.policy.codes, at: now))
    }
}
