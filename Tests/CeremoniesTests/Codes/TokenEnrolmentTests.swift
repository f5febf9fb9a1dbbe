import Accounts
import Addresses
import Ceremonies
import CredentialStore
import OATH
import Testing
import VerificationCore

struct TokenEnrolmentTests {
    static let suite = "OCRA-1:HOTP-SHA256-8:QA08"

    static func parameters(_ kind: TokenKind) throws -> TokenParameters {
        switch kind {
        case .totp: try TokenParameters(.totp(.six, period: 30), hash: .sha1)
        case .hotp: try TokenParameters(.hotp(.eight), hash: .sha256)
        case .ocra: try TokenParameters(OCRASuite(suite))
        case .hmac: try TokenParameters(.challengeResponse, hash: .sha1)
        }
    }

    /// The token that was given the secret of an enrolment.
    private func token(_ enrolment: TokenEnrolment) -> PaperToken {
        PaperToken(
            secret: enrolment.secret, hash: enrolment.parameters.hash,
            digits: enrolment.parameters.digits?.rawValue ?? 6)
    }

    private func begin(
        _ office: Office, _ kind: TokenKind = .totp, for user: String = "alice",
        client: String = "front"
    ) throws -> TokenEnrolment {
        try office.tokens.begin(Self.parameters(kind), for: userName(user), client: client)
    }

    /// The right proof.
    private func proof(_ office: Office, _ enrolment: TokenEnrolment) throws -> TokenProof {
        let token = token(enrolment)
        switch enrolment.parameters.kind {
        case .totp: return .code(try token.code(at: office.clock.now))
        case .hotp: return .code(token.code(0))
        case .ocra:
            return .code(try token.code(Self.suite, #require(enrolment.question)))
        case .hmac: return .response(token.response(to: enrolment.challenge))
        }
    }

    @discardableResult
    private func finish(
        _ office: Office, _ transaction: String, _ proof: TokenProof,
        device: TokenDevice = TokenDevice(slot: 1), client: String = "front"
    ) throws -> Token {
        try office.tokens.finish(
            transaction, proof: proof, device: device, label: "my token", client: client)
    }

    // MARK: Right

    @Test(arguments: TokenKind.allCases)
    func `a token that shows that it works is kept, and signs in`(kind: TokenKind) async throws {
        let office = try Office()
        let enrolment = try begin(office, kind)
        #expect(enrolment.parameters == (try Self.parameters(kind)))
        #expect(enrolment.secret.count == enrolment.parameters.hash.byteCount)
        #expect(enrolment.account.issuer == "Countersign")
        #expect(enrolment.account.user == (try userName("alice")))
        #expect(enrolment.challenge.count == 32)
        #expect(enrolment.challenge.last != 0)
        #expect((enrolment.question != nil) == (kind == .ocra))
        #expect(enrolment.lifetime == .seconds(600))
        #expect(office.tokens.subject(of: enrolment.transaction) == (try userName("alice")))
        // Nothing is written before it shows that.
        #expect(try office.store.counts().credentials == 0)
        #expect(try office.store.counts().spentChallenges == 0)

        let kept = try finish(office, enrolment.transaction, proof(office, enrolment))
        #expect(kept.owner?.name == (try userName("alice")))
        #expect(kept.parameters == enrolment.parameters)
        #expect(kept.label == "my token")
        #expect(kept.device == TokenDevice(slot: 1))
        #expect(kept.createdAt == office.clock.now)
        #expect(kept.drift == 0)
        #expect(try office.store.tokens(of: userName("alice")) == [kept])
        #expect(try office.store.counts().spentChallenges == 1)
        // What is at rest does not show the secret.
        #expect(!kept.sealedSecret.contains(enrolment.secret))

        office.clock.advance(by: .seconds(30))
        let token = token(enrolment)
        switch kind {
        case .totp:
            let code = try token.code(at: office.clock.now)
            #expect(try await office.verify(code).signIn?.credentialID == kept.id)
        case .hotp:
            #expect(try await office.verify(token.code(1)).signIn?.credentialID == kept.id)
        case .ocra:
            let transaction = try await office.begin(method: .ocra)
            let code = try token.code(Self.suite, #require(transaction.question))
            #expect(
                await office.answer(transaction, .code(code)).signIn?.credentialID == kept.id)
        case .hmac:
            let transaction = try await office.begin(method: .hmac)
            let response = token.response(to: transaction.challenge)
            #expect(
                await office.answer(transaction, .response(response)).signIn?.credentialID
                    == kept.id)
        }
    }

    @Test func `the code that enrolled a token signs nobody in`() async throws {
        let office = try Office()
        for kind in [TokenKind.totp, .hotp] {
            let enrolment = try begin(office, kind)
            let proof = try proof(office, enrolment)
            try finish(office, enrolment.transaction, proof)
            guard case .code(let code) = proof else { continue }
            #expect(try await !office.verify(code).isAccepted, "\(kind)")
        }
    }

    @Test
    func `a clock that is a step off and a counter that has been tried are taken as they are`()
        throws
    {
        let office = try Office()
        let clock = try begin(office, .totp)
        let ahead = try token(clock).code(at: office.clock.now, ahead: 1)
        let kept = try finish(office, clock.transaction, .code(ahead))
        #expect(kept.drift == 1)
        #expect(kept.nextFactor == UInt64(office.clock.now.milliseconds / 30_000) + 2)
        let counter = try begin(office, .hotp)
        let tried = try finish(office, counter.transaction, .code(token(counter).code(10)))
        #expect(tried.nextFactor == 11)
    }

    @Test func `a suite with counter and time is enrolled with both`() async throws {
        let office = try Office()
        let suite = "OCRA-1:HOTP-SHA512-8:C-QH08-T30S"
        let enrolment = try office.tokens.begin(
            TokenParameters(OCRASuite(suite)), for: userName("alice"), client: "front")
        let question = try #require(enrolment.question)
        #expect(question.utf8.count == 8)
        let step = UInt64(office.clock.now.milliseconds / 30_000)
        let code = try token(enrolment).code(suite, question, counter: 3, step: step + 1)
        let kept = try finish(office, enrolment.transaction, .code(code))
        #expect(kept.nextFactor == 4)
        #expect(kept.drift == 0)
    }

    @Test func `a transaction always has the same secret, and no other has it`() throws {
        let office = try Office()
        let enrolments = try (0..<20).map { _ in try begin(office) }
        #expect(Set(enrolments.map(\.secret)).count == 20)
        #expect(Set(enrolments.map(\.challenge)).count == 20)
        #expect(Set(enrolments.map(\.transaction)).count == 20)
        // Another node of the installation finishes what this one began.
        let other = TokenService(
            store: office.store, secret: Office.secret, vault: office.vault,
            policy: office.policy, clock: { [clock = office.clock] in clock.now })
        let enrolment = try #require(enrolments.first)
        _ = try other.finish(
            enrolment.transaction, proof: proof(office, enrolment), device: TokenDevice(),
            label: "", client: "front")
        // The secret is none that follows from the transaction alone.
        let stranger = TokenService(
            store: office.store, secret: [UInt8](repeating: 1, count: 32), vault: office.vault,
            policy: office.policy, clock: { [clock = office.clock] in clock.now })
        #expect(throws: CeremonyError.unknownTransaction) {
            try stranger.finish(
                enrolments[1].transaction, proof: proof(office, enrolments[1]),
                device: TokenDevice(), label: "", client: "front")
        }
        #expect(!enrolment.challenge.contains(Array(enrolment.secret.prefix(4))))
    }

    // MARK: Wrong

    @Test(arguments: TokenKind.allCases)
    func `a wrong proof keeps nothing, and a right one after it is taken`(
        kind: TokenKind
    ) throws {
        let office = try Office()
        let enrolment = try begin(office, kind)
        let right = try proof(office, enrolment)
        let other = try begin(office, kind)
        let wrong: [TokenProof]
        let failure: CodeFailure
        switch right {
        case .code(let code):
            wrong = [
                .code(""), .code("x"), .code(code + "0"), .code(" " + code),
                .code(String(code.dropLast())),
                .code(String(code.dropLast()) + (code.last == "9" ? "8" : "9")),
                try proof(office, other),
            ]
            failure = .wrongCode
        case .response(let response):
            wrong = [
                .response([]), .response(response + [0]), .response(response.dropLast()),
                .response([response[0] ^ 1] + response.dropFirst()), try proof(office, other),
            ]
            failure = .wrongResponse
        }
        for proof in wrong {
            #expect(throws: CeremonyError.code(failure)) {
                try finish(office, enrolment.transaction, proof)
            }
        }
        let misfit: TokenProof = if case .code = right { .response([1]) } else { .code("755224") }
        #expect(throws: CeremonyError.code(.malformedCode)) {
            try finish(office, enrolment.transaction, misfit)
        }
        #expect(try office.store.counts().credentials == 0)
        #expect(try office.store.counts().spentChallenges == 0)
        try finish(office, enrolment.transaction, right)
    }

    @Test(arguments: TokenKind.allCases)
    func `a transaction enrols one token`(kind: TokenKind) throws {
        let office = try Office()
        let enrolment = try begin(office, kind)
        let right = try proof(office, enrolment)
        try finish(office, enrolment.transaction, right)
        #expect(throws: CeremonyError.store(.challengeSpent)) {
            try finish(office, enrolment.transaction, right)
        }
        #expect(try office.store.tokens(of: userName("alice")).count == 1)
    }

    @Test func `copies of one proof that come at once enrol one token`() async throws {
        let office = try Office { $0.codes.maximumTokensPerUser = 100 }
        for round in 1...20 {
            let enrolment = try begin(office)
            let right = try proof(office, enrolment)
            let results = await withTaskGroup(of: Result<Token, CeremonyError>.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        Result { () throws(CeremonyError) in
                            try office.tokens.finish(
                                enrolment.transaction, proof: right, device: TokenDevice(),
                                label: "", client: "front")
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(results.count { $0 == .failure(.store(.challengeSpent)) } == 5)
            #expect(try office.store.tokens(of: userName("alice")).count == round)
        }
    }

    @Test func `after ten minutes it is too late`() throws {
        let office = try Office()
        let enrolments = try [begin(office), begin(office)]
        office.clock.advance(by: .seconds(600) - .milliseconds(1))
        try finish(office, enrolments[0].transaction, proof(office, enrolments[0]))
        office.clock.advance(by: .milliseconds(1))
        #expect(throws: CeremonyError.expired) {
            try finish(office, enrolments[1].transaction, proof(office, enrolments[1]))
        }
    }

    @Test func `what is no enrolment of this client is unknown`() async throws {
        let office = try Office()
        let enrolment = try begin(office)
        let right = try proof(office, enrolment)
        #expect(throws: CeremonyError.unknownTransaction) {
            try finish(office, enrolment.transaction, right, client: "another")
        }
        let challenges = try await [
            office.begin(method: .webauthn), office.begin(method: .piv),
            office.begin(method: .hmac), office.begin(method: .ocra),
        ].map(\.identifier)
        let others = try [
            "", "x", enrolment.transaction + "A", String(enrolment.transaction.dropLast()),
            office.beginRegistration().identifier, office.beginCard().identifier,
        ]
        for transaction in challenges + others {
            #expect(throws: CeremonyError.unknownTransaction) {
                try finish(office, transaction, right)
            }
            #expect(office.tokens.subject(of: transaction) == nil)
        }
        // Nor is it any other ceremony's.
        let answers: [AnswerRequest.Answer] = [
            .token(.code("755224")), .token(.response([])), .card(.failure(.wrongChallenge)),
        ]
        for answer in answers {
            let verdict = await office.finish(
                AnswerRequest(
                    transaction: enrolment.transaction, answer: answer, client: "front"))
            #expect(verdict == .refused(nil, "unknown-transaction"))
        }
        try finish(office, enrolment.transaction, right)
    }

    @Test func `an account that was made anew since is another`() throws {
        let office = try Office()
        let enrolment = try begin(office)
        let right = try proof(office, enrolment)
        let alice = try #require(try office.store.user(userName("alice")))
        try office.store.deleteUser(alice.name)
        let gone = CeremonyError.store(.noSuchUser(alice.name))
        #expect(throws: gone) { try finish(office, enrolment.transaction, right) }
        try office.store.add(
            User(
                name: alice.name, displayName: "Another", handle: alice.handle,
                createdAt: office.clock.now.advanced(by: .milliseconds(1))))
        #expect(throws: gone) { try finish(office, enrolment.transaction, right) }
    }

    @Test func `nobody, too many, and a serial number that there is are refused`() throws {
        let office = try Office { $0.codes.maximumTokensPerUser = 2 }
        #expect(throws: CeremonyError.store(.noSuchUser(try userName("carol")))) {
            try begin(office, for: "carol")
        }
        let enrolments = try (0..<4).map { _ in try begin(office) }
        let device = TokenDevice(serial: "4711")
        try finish(
            office, enrolments[0].transaction, proof(office, enrolments[0]), device: device)
        #expect(throws: CeremonyError.store(.credentialExists)) {
            try finish(
                office, enrolments[1].transaction, proof(office, enrolments[1]), device: device)
        }
        // What was refused was not spent: both or neither.
        try finish(office, enrolments[1].transaction, proof(office, enrolments[1]))
        #expect(throws: CeremonyError.store(.tooMany)) {
            try finish(office, enrolments[2].transaction, proof(office, enrolments[2]))
        }
        #expect(try office.store.counts().spentChallenges == 2)
    }

    @Test(arguments: [
        ("OCRA-1:HOTP-SHA1-6:QN07", false), ("OCRA-1:HOTP-SHA1-6:QA04", false),
        ("OCRA-1:HOTP-SHA1-6:QN08", true), ("OCRA-1:HOTP-SHA1-6:C-QN04", true),
        ("OCRA-1:HOTP-SHA1-6:QN04-T30S", true),
    ])
    func `a suite of which questions alone tell codes apart has many of them`(
        suite: String, isTaken: Bool
    ) throws {
        let office = try Office()
        let parameters = try TokenParameters(OCRASuite(suite))
        let (begin, add) = (
            { try office.tokens.begin(parameters, for: userName("alice"), client: "front") },
            { try office.add(.rfc4226, parameters.mechanism) }
        )
        if isTaken {
            _ = try begin()
            _ = try add()
        } else {
            #expect(throws: CeremonyError.token(.dataInput("Q"))) { try begin() }
            #expect(throws: CeremonyError.token(.dataInput("Q"))) { try add() }
        }
    }

    @Test(arguments: [
        ("OCRA-1:HOTP-SHA1-6:QN08-PSHA1", "P"), ("OCRA-1:HOTP-SHA1-6:QN08-S064", "S"),
        ("OCRA-1:HOTP-SHA256-8:C-QN08-PSHA256", "P"),
        ("OCRA-1:HOTP-SHA1-6:C-QN08-PSHA1-S064-T1M", "P"),
    ])
    func `a suite that wants a PIN or a session is refused`(suite: String, member: String) throws {
        let office = try Office()
        let parameters = try TokenParameters(OCRASuite(suite))
        #expect(throws: CeremonyError.token(.dataInput(member))) {
            try office.tokens.begin(parameters, for: userName("alice"), client: "front")
        }
        #expect(throws: CeremonyError.token(.dataInput(member))) {
            try office.add(
                PaperToken(secret: [UInt8](repeating: 1, count: 64), hash: parameters.hash),
                parameters.mechanism)
        }
    }
}

extension Office {
    /// Answers a challenge for a token.
    func answer(
        _ transaction: AuthenticationTransaction, _ answer: TokenAnswer,
        client: String = "front", from address: IPAddress? = nil
    ) async -> AuthenticationVerdict {
        await finish(
            AnswerRequest(
                transaction: transaction.identifier, answer: .token(answer), client: client,
                address: address))
    }
}
