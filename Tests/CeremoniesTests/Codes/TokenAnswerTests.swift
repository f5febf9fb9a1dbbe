import Accounts
import Addresses
import Ceremonies
import CredentialStore
import Foundation
import GRDB
import OATH
import Testing
import WebAuthn

/// Tokens that answer challenges, through the service that judges all answers.
struct TokenAnswerTests {
    private let token = PaperToken.rfc4226
    private static let usual = "OCRA-1:HOTP-SHA1-6:QN08"

    private func suite(_ text: String) throws -> TokenParameters.Mechanism {
        .ocra(try OCRASuite(text))
    }

    // MARK: HMAC

    @Test(arguments: [OATHHash.sha1, .sha256])
    func `the HMAC of the challenge signs in`(hash: OATHHash) async throws {
        let office = try Office()
        let token = PaperToken(secret: [UInt8](repeating: 7, count: 20), hash: hash)
        let stored = try office.add(
            token, .challengeResponse, device: TokenDevice(serial: "1", slot: 1), label: "slot")
        for _ in 0..<3 {
            let transaction = try await office.begin(method: .hmac)
            #expect(transaction.challenge.count == 32)
            #expect(transaction.challenge.last != 0)
            #expect(transaction.slot == 1)
            #expect(transaction.question == nil)
            #expect(transaction.allowedCredentials == [])
            #expect(transaction.lifetime == .seconds(120))
            let verdict = await office.answer(
                transaction, .response(token.response(to: transaction.challenge)))
            try expectYes(
                verdict, with: stored, label: "slot", means: .token(.hmac), isHardwareBound: true)
            let row = try office.lastSignIn()
            #expect(row.method == .hmac)
            #expect(row.credentialID == stored.id.bytes)
            #expect(try office.stored(stored).lastUsedAt == office.clock.now)
        }
    }

    @Test func `a wrong HMAC is refused, spends the challenge and is not counted`() async throws {
        let office = try Office { $0.codes.failures.perUser = 1 }
        try office.add(token, .challengeResponse)
        for wrong in [[], [0], token.response(to: [1]), Array("755224".utf8)] as [[UInt8]] {
            let transaction = try await office.begin(method: .hmac)
            #expect(await office.answer(transaction, .response(wrong)) == .no(.wrongResponse))
            let right = token.response(to: transaction.challenge)
            #expect(
                await office.answer(transaction, .response(right))
                    == .refused("alice", "challenge-spent"))
        }
        let transaction = try await office.begin(method: .hmac)
        let right = token.response(to: transaction.challenge)
        #expect(await office.answer(transaction, .response(right)).isAccepted)
    }

    @Test(arguments: [0, 1])
    func `any of the user's slots may answer, also beside one that does not open`(
        damaged: Int
    ) async throws {
        let office = try Office()
        let tokens = (1...2).map { PaperToken(secret: [UInt8](repeating: $0, count: 20)) }
        let stored = try tokens.map { try office.add($0, .challengeResponse) }
        for (token, stored) in zip(tokens, stored) {
            let transaction = try await office.begin(method: .hmac)
            let response = token.response(to: transaction.challenge)
            #expect(
                await office.answer(transaction, .response(response)).signIn?.credentialID
                    == stored.id)
        }
        try office.tamper(
            "UPDATE token SET secret = x'00' WHERE id = ?", [blob(stored[damaged].id.bytes)])
        var transaction = try await office.begin(method: .hmac)
        var response = tokens[1 - damaged].response(to: transaction.challenge)
        #expect(await office.answer(transaction, .response(response)).isAccepted)
        transaction = try await office.begin(method: .hmac)
        response = tokens[damaged].response(to: transaction.challenge)
        #expect(await office.answer(transaction, .response(response)) == .no(.secretUnreadable))
    }

    @Test func `another user's slot answers nothing`() async throws {
        let office = try Office()
        let other = PaperToken(secret: [UInt8](repeating: 9, count: 20))
        try office.add(token, .challengeResponse)
        let stored = try office.add(other, .challengeResponse, for: "bob")
        var transaction = try await office.begin(method: .hmac)
        #expect(
            await office.answer(transaction, .response(other.response(to: transaction.challenge)))
                == .no(.wrongResponse))
        try office.tamper("UPDATE token SET user = (SELECT id FROM user WHERE name = 'alice')")
        transaction = try await office.begin(method: .hmac)
        #expect(
            await office.answer(transaction, .response(other.response(to: transaction.challenge)))
                == .no(.secretUnreadable))
        #expect(try office.stored(stored).lastUsedAt == nil)
    }

    // MARK: OCRA

    @Test(arguments: [
        usual, "OCRA-1:HOTP-SHA256-8:QA64", "OCRA-1:HOTP-SHA512-7:QH40", "OCRA-1:HOTP-SHA1-6:QN16",
        "OCRA-1:HOTP-SHA256-8:QH09",
    ])
    func `the code for the question signs in`(suite: String) async throws {
        let office = try Office()
        let parameters = try TokenParameters(OCRASuite(suite))
        let token = PaperToken(
            secret: [UInt8](repeating: 3, count: 32), hash: parameters.hash,
            digits: try #require(parameters.digits?.rawValue))
        let stored = try office.add(token, parameters.mechanism)
        var questions: Set<String> = []
        // Of digits alone the paper token takes as many as a number of 64 bits has.
        for _ in 0..<5 {
            let transaction = try await office.begin(method: .ocra)
            let question = try #require(transaction.question)
            questions.insert(question)
            #expect(transaction.slot == nil)
            let verdict = await office.answer(
                transaction, .code(try token.code(suite, question)))
            #expect(verdict.signIn?.means == .token(.ocra))
            #expect(verdict.signIn?.credentialID == stored.id)
            #expect(try office.lastSignIn().method == .ocra)
        }
        #expect(questions.count > 3)
        let length = try #require(Int(suite.suffix(2)))
        #expect(questions.allSatisfy { $0.utf8.count == length })
        #expect(try office.stored(stored).nextFactor == 0)
    }

    @Test func `a counter goes on with each answer, and may be ahead`() async throws {
        let office = try Office()
        let text = "OCRA-1:HOTP-SHA1-6:C-QN08"
        let stored = try office.add(token, suite(text))
        for (counter, isTaken) in [(0, true), (0, false), (11, true), (12, true), (5, false)]
            as [(UInt64, Bool)]
        {
            let transaction = try await office.begin(method: .ocra)
            let code = try token.code(text, #require(transaction.question), counter: counter)
            let verdict = await office.answer(transaction, .code(code))
            #expect(verdict.isAccepted == isTaken, "\(counter)")
            if isTaken {
                #expect(try office.stored(stored).nextFactor == counter + 1)
            } else {
                #expect(verdict == .no(.wrongCode))
            }
        }
        let transaction = try await office.begin(method: .ocra)
        let code = try token.code(text, #require(transaction.question), counter: 24)
        #expect(await office.answer(transaction, .code(code)) == .no(.wrongCode))
    }

    @Test func `a question with the time is answered in time`() async throws {
        let office = try Office()
        let text = "OCRA-1:HOTP-SHA1-6:QN08-T1M"
        try office.add(token, suite(text))
        for ahead in -2...2 {
            let transaction = try await office.begin(method: .ocra)
            let step = UInt64(office.clock.now.milliseconds / 60_000 + Int64(ahead))
            let code = try token.code(text, #require(transaction.question), step: step)
            let verdict = await office.answer(transaction, .code(code))
            #expect(verdict.isAccepted == (-1...1).contains(ahead), "\(ahead)")
        }
    }

    @Test func `an answer is for its own question, while it lasts, from its own client`()
        async throws
    {
        let office = try Office()
        try office.add(token, suite(Self.usual))
        let first = try await office.begin(method: .ocra)
        let second = try await office.begin(method: .ocra)
        let code = try token.code(Self.usual, #require(first.question))
        #expect(await office.answer(second, .code(code)) == .no(.wrongCode))
        #expect(
            await office.answer(first, .code(code), client: "another")
                == .refused(nil, "unknown-transaction"))
        #expect(
            await office.answer(first, .response(Array(code.utf8)))
                == .refused(nil, "unknown-transaction"))
        #expect(await office.answer(first, .code(code)).isAccepted)
        #expect(await office.answer(first, .code(code)) == .refused("alice", "challenge-spent"))
        let late = try await office.begin(method: .ocra)
        let answer = try token.code(Self.usual, #require(late.question))
        office.clock.advance(by: .seconds(120))
        #expect(
            await office.answer(late, .code(answer)) == .refused("alice", "challenge-expired"))
        #expect(try office.store.counts().spentChallenges == 2)
    }

    @Test func `a question that the token has answered is not answered again`() async throws {
        let office = try Office()
        try office.add(token, suite(Self.usual))
        let transaction = try await office.begin(method: .ocra)
        let question = try #require(transaction.question)
        // As where chance asks it twice.
        try office.tamper(
            "INSERT INTO answered_question SELECT number, ? FROM token", [question])
        let code = try token.code(Self.usual, question)
        #expect(await office.answer(transaction, .code(code)) == .no(.codeReplayed))
        let next = try await office.begin(method: .ocra)
        let answer = try token.code(Self.usual, #require(next.question))
        #expect(await office.answer(next, .code(answer)).isAccepted)
    }

    @Test func `a token that is gone by then answers nothing`() async throws {
        let office = try Office()
        let stored = try office.add(token, suite(Self.usual))
        let transaction = try await office.begin(method: .ocra)
        let code = try token.code(Self.usual, #require(transaction.question))
        _ = try office.tokens.give(stored.id, to: userName("bob"), label: nil)
        #expect(await office.answer(transaction, .code(code)) == .no(.nothingEnrolled))
    }

    // MARK: Guesses

    private func guess(
        _ office: Office, _ code: String = "000000", of user: String = "alice"
    ) async throws -> AuthenticationVerdict {
        await office.answer(try await office.begin(user, method: .ocra), .code(code))
    }

    @Test func `guesses at questions are counted with guesses at codes, and noted once`()
        async throws
    {
        let office = try Office()
        try office.add(token, suite(Self.usual))
        try await office.guess(5)
        for _ in 0..<5 { #expect(try await guess(office, "x") == .no(.wrongCode)) }
        #expect(try office.events() == [.codeGuessing])
        #expect(try await guess(office).wait == .seconds(60))
        #expect(try await office.verify("000000").wait == .seconds(60))
        #expect(try office.store.counts().refused == 10)

        // Who has to wait has not spent the question.
        let transaction = try await office.begin(method: .ocra)
        let code = try token.code(Self.usual, #require(transaction.question))
        #expect(await office.answer(transaction, .code(code)).wait == .seconds(60))
        office.clock.advance(by: .seconds(60))
        #expect(await office.answer(transaction, .code(code)).isAccepted)
        for _ in 0..<10 { #expect(try await guess(office, "x") == .no(.wrongCode)) }
        #expect(try office.events() == [.codeGuessing, .codeGuessing])
    }

    @Test func `strangers who guess at questions do not shut a user out at home`() async throws {
        let office = try Office()
        try office.add(token, suite(Self.usual))
        let (home, other) = (try IPAddress("192.0.2.7"), try IPAddress("198.51.100.1"))
        for address in [home, other] {
            let first = try await office.begin(method: .ocra)
            let code = try token.code(Self.usual, #require(first.question))
            let verdict = await office.answer(first, .code(code), from: address)
            #expect(verdict.isAccepted == (address == home))
            #expect(verdict.wait == (address == home ? nil : .seconds(60)))
            #expect(try office.lastSignIn().address == "192.0.2.7" || address == other)
            for _ in 0..<10 where address == home {
                let transaction = try await office.begin(method: .ocra)
                #expect(
                    await office.answer(transaction, .code("x"), from: other) == .no(.wrongCode))
            }
        }
        let second = try await office.begin(method: .ocra)
        let code = try token.code(Self.usual, #require(second.question))
        #expect(await office.answer(second, .code(code), from: home).isAccepted)
    }

    @Test func `one source guesses a hundred times at questions too`() async throws {
        let office = try Office()
        let source = try IPAddress("192.0.2.7")
        for number in 0..<100 {
            let transaction = try await office.begin("user \(number)", method: .ocra)
            #expect(
                await office.answer(transaction, .code("x"), from: source)
                    == .refused("user \(number)", "nothing-enrolled"))
        }
        let transaction = try await office.begin(method: .ocra)
        #expect(
            await office.answer(transaction, .code("x"), from: source).wait == .seconds(36))
    }

    @Test func `a row that cannot be read is its own user's trouble`() async throws {
        let office = try Office { $0.codes.failures.perUser = 1 }
        try office.add(token, .challengeResponse)
        try office.add(token, .challengeResponse, for: "bob")
        var transactions: [AuthenticationTransaction] = []
        for user in ["alice", "bob", "carol"] {
            transactions.append(try await office.begin(user, method: .hmac))
        }
        try office.tamper(
            "UPDATE token SET kind = '?' WHERE user = (SELECT id FROM user WHERE name = 'alice')")
        let verdicts = await withTaskGroup(of: (Int, AuthenticationVerdict).self) { group in
            for (index, transaction) in transactions.enumerated() {
                group.addTask { [token] in
                    let response = token.response(to: transaction.challenge)
                    return (index, await office.answer(transaction, .response(response)))
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(verdicts[0] == .unavailable(.unreadableRow(table: "token")))
        #expect(verdicts[1]?.isAccepted == true)
        #expect(verdicts[2] == .refused("carol", "nothing-enrolled"))
        // Its user is challenged all the same.
        #expect(try await office.begin(method: .hmac).slot == 2)
    }

    @Test func `what cannot be an answer is no guess`() async throws {
        let office = try Office { $0.codes.failures.perUser = 1 }
        try office.add(token, suite(Self.usual))
        let transaction = try await office.begin(method: .ocra)
        let hmac = try await office.begin(method: .hmac)
        let enrolment = try office.tokens.begin(
            TokenEnrolmentTests.parameters(.totp), for: userName("alice"), client: "front")
        let late = try await office.begin(method: .ocra)
        office.clock.advance(by: .seconds(119))
        for _ in 0..<5 {
            #expect(
                await office.answer(transaction, .code("000000"), client: "another")
                    == .refused(nil, "unknown-transaction"))
            #expect(
                await office.answer(hmac, .code("000000"))
                    == .refused(nil, "unknown-transaction"))
            let request = AnswerRequest(
                transaction: enrolment.transaction, answer: .token(.code("000000")),
                client: "front")
            #expect(await office.finish(request) == .refused(nil, "unknown-transaction"))
        }
        let code = try token.code(Self.usual, #require(transaction.question))
        #expect(await office.answer(transaction, .code(code)).isAccepted)
        // Nor is one to a question that has been answered, or whose time is over.
        for _ in 0..<5 {
            #expect(
                await office.answer(transaction, .code("000000"))
                    == .refused("alice", "challenge-spent"))
        }
        office.clock.advance(by: .seconds(1))
        for _ in 0..<5 {
            #expect(
                await office.answer(late, .code("000000"))
                    == .refused("alice", "challenge-expired"))
        }
        let next = try await office.begin(method: .ocra)
        let answer = try token.code(Self.usual, #require(next.question))
        #expect(await office.answer(next, .code(answer)).isAccepted)
        #expect(try office.events() == [])
    }

    @Test func `a user who does not exist gets the challenges of one who has a token`()
        async throws
    {
        let office = try Office()
        try office.add(token, suite(Self.usual))
        try office.add(token, .challengeResponse)
        for method in [SignInMethod.ocra, .hmac] {
            var transactions: [AuthenticationTransaction] = []
            for user in ["alice", "carol"] {
                transactions.append(try await office.begin(user, method: method))
            }
            let (real, decoy) = (transactions[0], transactions[1])
            #expect(decoy.identifier.utf8.count == real.identifier.utf8.count)
            #expect(decoy.challenge.count == real.challenge.count)
            #expect(decoy.challenge != real.challenge)
            #expect(decoy.allowedCredentials == real.allowedCredentials)
            #expect(decoy.relyingPartyID == real.relyingPartyID)
            #expect(decoy.userVerification == real.userVerification)
            #expect(decoy.lifetime == real.lifetime)
            #expect(decoy.slot == real.slot)
            #expect(decoy.question?.utf8.count == real.question?.utf8.count)
            #expect(decoy.question?.allSatisfy(\.isNumber) == real.question?.allSatisfy(\.isNumber))
        }
        for _ in 0..<10 {
            #expect(try await guess(office, of: "carol") == .refused("carol", "nothing-enrolled"))
        }
        #expect(try await guess(office, of: "carol").wait == .seconds(60))
        #expect(try office.events(of: "carol") == [.codeGuessing])
        let transaction = try await office.begin("carol", method: .hmac)
        #expect(
            await office.answer(transaction, .response(token.response(to: transaction.challenge)))
                == .refused("carol", "nothing-enrolled"))
    }
}
