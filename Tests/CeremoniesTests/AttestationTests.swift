import Accounts
import Ceremonies
import CredentialStore
import Cryptography
import DeviceModels
import Testing
import VerificationCore
import WebAuthn

/// What the attestation and the advisories make of a registration.
struct AttestationTests {
    private let root: CertificateAuthority
    private let key: ScriptedKey

    init() throws {
        root = try attestationRoot("Acme root", secret: 1)
        let authority = root
        key = try ScriptedKey(seed: 1).but { key in
            key.attestation = .batch(authority)
            key.aaguid = try #require(AAGUID(Models.old))
        }
    }

    private func enrol(_ key: ScriptedKey, at office: Office) throws -> CompletedRegistration {
        let transaction = try office.beginRegistration()
        return try office.finish(transaction, with: key.register(transaction.options.challenge))
    }

    private func with(aaguid text: String) throws -> ScriptedKey {
        try key.but { $0.aaguid = try #require(AAGUID(text)) }
    }

    @Test func `a chain to a known root is trusted, and said to be in the store`() throws {
        let office = try Office { $0.attestationAnchors = [root.certificate] }
        let completed = try enrol(key, at: office)
        #expect(completed.attestation.kind == .certificate)
        #expect(completed.attestation.isTrusted)
        #expect(
            try office.store.credentials(of: userName("alice")).map(\.isAttestationTrusted)
                == [true])
    }

    @Test func `a chain to another root is recorded as untrusted`() throws {
        let stranger = try attestationRoot("Acme root", secret: 2)
        let office = try Office { $0.attestationAnchors = [stranger.certificate] }
        let completed = try enrol(key, at: office)
        #expect(completed.attestation.kind == .certificate)
        #expect(!completed.attestation.isTrusted)
    }

    @Test(arguments: [ScriptedKey.Attestation.none, .own])
    func `policy can refuse what leads to no root`(_ attestation: ScriptedKey.Attestation) throws {
        let office = try Office {
            $0.attestationAnchors = [root.certificate]
            $0.attestation = .trusted
        }
        #expect(throws: CeremonyError.failed(.attestationNotTrusted)) {
            try enrol(key.but { $0.attestation = attestation }, at: office)
        }
        #expect(try enrol(key, at: office).attestation.isTrusted)
    }

    @Test func `a batch signature over something else is refused`() throws {
        let office = try Office { $0.attestationAnchors = [root.certificate] }
        #expect(throws: CeremonyError.failed(.invalidAttestationSignature)) {
            try enrol(key.but { $0.attestsHonestly = false }, at: office)
        }
    }

    @Test func `an advisory that says so keeps a model out, and the challenge is spent`() throws {
        let office = try Office(catalogue: Models.catalogue(action: "refuse"))
        let transaction = try office.beginRegistration()
        #expect(throws: CeremonyError.refusedByAdvisory(id: "ACME-2030-01")) {
            try office.finish(transaction, with: key.register(transaction.options.challenge))
        }
        let other = try with(aaguid: Models.new)
        #expect(throws: CeremonyError.store(.challengeSpent)) {
            try office.finish(transaction, with: other.register(transaction.options.challenge))
        }
        #expect(try office.store.counts().credentials == 0)
    }

    @Test func `an advisory that only warns lets a model in, with the finding`() throws {
        let office = try Office(catalogue: Models.catalogue(action: "flag"))
        let completed = try enrol(key, at: office)
        #expect(completed.model?.name == "Acme Anvil")
        #expect(completed.findings.map(\.advisory.id.description) == ["ACME-2030-01"])
        #expect(completed.findings.map(\.status) == [.affected])
    }

    @Test func `a model that may be affected is kept out like one that is`() throws {
        let office = try Office(catalogue: Models.catalogue(action: "refuse"))
        #expect(throws: CeremonyError.refusedByAdvisory(id: "ACME-2030-01")) {
            try enrol(with(aaguid: Models.vague), at: office)
        }
        let lenient = try Office(catalogue: Models.catalogue(action: "flag"))
        let completed = try enrol(with(aaguid: Models.vague), at: lenient)
        #expect(completed.findings.map(\.status) == [.possiblyAffected])
    }

    @Test func `firmware that is not affected has no findings`() throws {
        let office = try Office(catalogue: Models.catalogue(action: "refuse"))
        let completed = try enrol(with(aaguid: Models.new), at: office)
        #expect(completed.model?.name == "Acme Anvil")
        #expect(completed.findings == [])
    }

    @Test func `a model that the catalogue does not have is let in`() throws {
        let office = try Office(catalogue: Models.catalogue(action: "refuse"))
        let unknown = try with(aaguid: "ffffffff-4455-6677-8899-aabbccddeeff")
        let completed = try enrol(unknown, at: office)
        #expect(completed.model == nil)
        #expect(completed.findings == [])
    }

    // MARK: What a sign-in says of it

    private func signIn(_ key: ScriptedKey, at office: Office) async throws -> AcceptedSignIn? {
        let transaction = try await office.begin()
        let answer = try key.but { $0.counter = 1 }.answer(transaction.challenge)
        guard case .accepted(let signIn) = await office.finish(transaction, with: answer) else {
            return nil
        }
        return signIn
    }

    @Test(arguments: [true, false])
    func `an attested hardware model is hardware-bound, a program is not`(
        _ isSoftware: Bool
    ) async throws {
        let office = try Office(catalogue: Models.catalogue(action: "flag", software: isSoftware)) {
            $0.attestationAnchors = [root.certificate]
        }
        _ = try enrol(key, at: office)
        let signIn = try #require(try await signIn(key, at: office))
        #expect(signIn.isHardwareBound == !isSoftware)
        #expect(
            signIn.means
                == .webauthn(signatureCounter: 1, verificationMeans: [.fingerprint, .pin]))
    }

    @Test func `a key that may be backed up is not hardware-bound`() async throws {
        let office = try Office(catalogue: Models.catalogue(action: "flag")) {
            $0.attestationAnchors = [root.certificate]
        }
        let key = key.but { $0.flags = [.userPresent, .userVerified, .backupEligible] }
        _ = try enrol(key, at: office)
        #expect(try await signIn(key, at: office)?.isHardwareBound == false)
    }

    @Test func `nothing is said of a model whose attestation leads nowhere`() async throws {
        let office = try Office(catalogue: Models.catalogue(action: "flag"))
        _ = try enrol(key, at: office)
        let signIn = try #require(try await signIn(key, at: office))
        #expect(!signIn.isHardwareBound)
        #expect(signIn.means == .webauthn(signatureCounter: 1, verificationMeans: []))
    }
}
