import Accounts
import Ceremonies
import CredentialStore
import Cryptography
import DeviceModels
import Emulators
import Testing
import VerificationCore
import WebAuthn

struct RegistrationTests {
    private let key: ScriptedKey

    init() throws {
        key = try ScriptedKey(seed: 1)
    }

    @Test func `the options say what was asked, and exclude what the user has`() throws {
        let office = try Office()
        try office.enrol(key)
        let transaction = try office.beginRegistration()
        let options = transaction.options
        #expect(options.relyingPartyID.text == "example.org")
        #expect(options.relyingPartyName == "Example")
        #expect(options.userHandle.bytes == Array("handle of alice".utf8))
        #expect(options.userName == "alice")
        #expect(options.userDisplayName == "Alice")
        #expect(options.challenge.count == 32)
        #expect(options.algorithms == [.es256])
        #expect(options.excludedCredentials == [key.id])
        #expect(options.timeout == 120_000)
        #expect(options.userVerification == .required)
        #expect(options.attestation == .direct)
        #expect(try office.beginRegistration().options.challenge != options.challenge)
        #expect(try office.registration.subject(of: transaction.identifier) == userName("alice"))
        #expect(office.registration.subject(of: "nonsense") == nil)
    }

    @Test(arguments: [SoftwareCredential.Attestation.none, .packedSelf])
    func `a software credential is enrolled`(_ attestation: SoftwareCredential.Attestation) throws {
        let office = try Office()
        let transaction = try office.beginRegistration()
        let credential = try SoftwareCredential(
            relyingPartyID: transaction.options.relyingPartyID,
            userHandle: transaction.options.userHandle)
        let clientData = ClientData(
            type: .create, challenge: transaction.options.challenge,
            origin: "https://login.example.org"
        ).encoded()
        let object = try credential.attestationObject(
            attestation, clientDataHash: SHA256.hash(clientData))
        let completed = try office.finish(
            transaction,
            with: RegistrationResponse(
                credentialID: credential.id, clientDataJSON: clientData,
                attestationObject: object.encoded(), transports: [.usb]))

        #expect(completed.credentialID == credential.id)
        #expect(try completed.user == userName("alice"))
        #expect(completed.isUserVerified)
        #expect(completed.attestation.kind == (attestation == .none ? .none : .selfAttestation))
        let stored = try #require(try office.store.credentials(of: userName("alice")).first)
        #expect(stored.id == credential.id)
        #expect(stored.label == "blue key")
        #expect(stored.createdAt == office.clock.now)
        #expect(stored.attestationFormat == (attestation == .none ? "none" : "packed"))
        #expect(!stored.isAttestationTrusted)
    }

    // MARK: Refused at the beginning

    @Test func `a relying party that the server does not know is refused`() throws {
        let office = try Office()
        #expect(throws: CeremonyError.unknownRelyingParty) {
            try office.beginRegistration(at: "example.net")
        }
    }

    @Test func `a user who does not exist is refused`() throws {
        let office = try Office()
        #expect(throws: CeremonyError.store(.noSuchUser(try userName("carol")))) {
            try office.beginRegistration("carol")
        }
    }

    @Test func `policy decides whether less verification may be asked for`() throws {
        let strict = try Office { $0.allowsWeakerUserVerification = false }
        for asked in [UserVerificationRequirement.preferred, .discouraged] {
            #expect(throws: CeremonyError.userVerificationRequired) {
                try strict.beginRegistration(userVerification: asked)
            }
        }
        let options = try strict.beginRegistration(userVerification: .required).options
        #expect(options.userVerification == .required)
        let lenient = try Office()
        let weaker = try lenient.beginRegistration(userVerification: .discouraged).options
        #expect(weaker.userVerification == .discouraged)
    }

    @Test func `discouraged is less than preferred`() throws {
        let office = try Office {
            $0.userVerification = .preferred
            $0.allowsWeakerUserVerification = false
        }
        #expect(throws: CeremonyError.userVerificationRequired) {
            try office.beginRegistration(userVerification: .discouraged)
        }
        let options = try office.beginRegistration(userVerification: .required).options
        #expect(options.userVerification == .required)
    }

    @Test func `the limit of credentials holds for each relying party`() throws {
        let office = try Office { $0.maximumCredentialsPerUser = 1 }
        try office.enrol(key)
        #expect(throws: CeremonyError.tooManyCredentials) { try office.beginRegistration() }
        _ = try office.beginRegistration(at: "example.com")
        _ = try office.beginRegistration("bob")
    }

    @Test func `the limit holds for registrations that began before it was reached`() throws {
        let office = try Office { $0.maximumCredentialsPerUser = 1 }
        let first = try office.beginRegistration()
        let second = try office.beginRegistration()
        try office.finish(first, with: key.register(first.options.challenge))
        let another = try ScriptedKey(seed: 2)
        #expect(throws: CeremonyError.tooManyCredentials) {
            try office.finish(second, with: another.register(second.options.challenge))
        }
        #expect(try office.store.credentials(of: userName("alice")).map(\.id) == [key.id])
    }

    // MARK: Refused at the end

    @Test(
        arguments: Fault.ofEither + [
            Fault("wrong-type", "an assertion") { $0.type = .get },
            Fault("invalid-public-key", "a point off the curve") {
                $0.publicKey = .es256(
                    x: Array(repeating: 1, count: 32), y: Array(repeating: 1, count: 32))
            },
            Fault("unsupported-attestation-format", "an unknown attestation") {
                $0.attestation = .unknown
            },
            Fault("invalid-attestation-signature", "a self attestation of something else") {
                $0.attestation = .own
                $0.attestsHonestly = false
            },
        ])
    func `a response that is wrong is refused, and its challenge is spent`(_ fault: Fault) throws {
        let office = try Office()
        let transaction = try office.beginRegistration()
        let challenge = transaction.options.challenge
        let error = try #require(throws: CeremonyError.self) {
            try office.finish(transaction, with: key.but(fault.change).register(challenge))
        }
        #expect(error.code == fault.code)
        guard case .failed = error else {
            Issue.record("\(error) is not a failed check")
            return
        }
        #expect(throws: CeremonyError.store(.challengeSpent)) {
            try office.finish(transaction, with: key.register(challenge))
        }
        #expect(try office.store.credentials(of: userName("alice")) == [])
    }

    @Test func `a response for another credential than the attested one is refused`() throws {
        let office = try Office()
        let transaction = try office.beginRegistration()
        let response = try key.register(transaction.options.challenge)
        let renamed = RegistrationResponse(
            credentialID: try ScriptedKey(seed: 2).id, clientDataJSON: response.clientDataJSON,
            attestationObject: response.attestationObject, transports: [])
        #expect(throws: CeremonyError.failed(.credentialIDMismatch)) {
            try office.finish(transaction, with: renamed)
        }
    }

    @Test func `a registration without verification is taken where none was asked for`() throws {
        let office = try Office()
        let transaction = try office.beginRegistration(userVerification: .discouraged)
        let response = try key.but { $0.flags = [.userPresent] }
            .register(transaction.options.challenge)
        #expect(try !office.finish(transaction, with: response).isUserVerified)
    }

    @Test func `a response is taken once`() throws {
        let office = try Office()
        let transaction = try office.beginRegistration()
        let response = try key.register(transaction.options.challenge)
        try office.finish(transaction, with: response)
        #expect(throws: CeremonyError.store(.challengeSpent)) {
            try office.finish(transaction, with: response)
        }
        #expect(try office.store.counts().credentials == 1)
    }

    @Test func `of six copies of a response that come at once, one is taken`() async throws {
        let office = try Office()
        let transaction = try office.beginRegistration()
        let response = try key.register(transaction.options.challenge)
        let outcomes = await withTaskGroup(of: CeremonyError?.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    do throws(CeremonyError) {
                        try office.finish(transaction, with: response)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == nil } == 1)
        #expect(outcomes.count { $0 == .store(.challengeSpent) } == 5)
    }

    @Test func `a credential that another user has is refused, and the challenge spent`() throws {
        let office = try Office()
        try office.enrol(key, for: "bob")
        let transaction = try office.beginRegistration()
        #expect(throws: CeremonyError.store(.credentialExists)) {
            try office.finish(transaction, with: key.register(transaction.options.challenge))
        }
        let another = try ScriptedKey(seed: 2)
        #expect(throws: CeremonyError.store(.challengeSpent)) {
            try office.finish(transaction, with: another.register(transaction.options.challenge))
        }
    }

    @Test func `a user who has been deleted meanwhile gets no credential`() throws {
        let office = try Office()
        let transaction = try office.beginRegistration()
        try office.store.deleteUser(userName("alice"))
        #expect(throws: CeremonyError.store(.noSuchUser(try userName("alice")))) {
            try office.finish(transaction, with: key.register(transaction.options.challenge))
        }
        #expect(try office.store.counts().credentials == 0)
    }

    @Test func `a transaction has its time`() throws {
        let office = try Office()
        let early = try office.beginRegistration()
        let late = try office.beginRegistration()
        office.clock.advance(by: .milliseconds(119_999))
        try office.finish(early, with: key.register(early.options.challenge))
        office.clock.advance(by: .milliseconds(1))
        let another = try ScriptedKey(seed: 2)
        #expect(throws: CeremonyError.expired) {
            try office.finish(late, with: another.register(late.options.challenge))
        }
    }

    @Test func `a transaction is its client's, and spent by nobody else`() throws {
        let office = try Office()
        let transaction = try office.beginRegistration()
        let response = try key.register(transaction.options.challenge)
        #expect(throws: CeremonyError.unknownTransaction) {
            try office.registration.finish(
                transaction: transaction.identifier, response: response, label: "",
                client: "another")
        }
        try office.finish(transaction, with: response)
    }

    @Test func `an authentication's transaction registers nothing`() async throws {
        let office = try Office()
        let transaction = try await office.begin()
        let response = try key.register(transaction.challenge)
        #expect(throws: CeremonyError.unknownTransaction) {
            try office.registration.finish(
                transaction: transaction.identifier, response: response, label: "",
                client: "front")
        }
    }

    @Test func `a store that cannot answer is reported, and nothing is half written`() throws {
        let office = try Office()
        let transaction = try office.beginRegistration()
        let response = try key.register(transaction.options.challenge)
        try office.store.close()
        // SQLITE_MISUSE.
        #expect(throws: CeremonyError.store(.unavailable(code: 21))) {
            try office.finish(transaction, with: response)
        }
        #expect(throws: CeremonyError.store(.unavailable(code: 21))) {
            try office.beginRegistration()
        }
        let counts = try SQLiteStore(path: office.databasePath).counts()
        #expect(counts.credentials == 0)
        #expect(counts.spentChallenges == 0)
    }
}
