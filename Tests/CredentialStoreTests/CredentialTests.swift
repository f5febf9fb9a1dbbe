import Accounts
import CredentialStore
import Testing
import WebAuthn

struct CredentialTests {
    @Test func `a credential that was registered is found as it was`() throws {
        let fixture = try Fixture(users: "alice")
        let new = try Samples.credential(
            7, of: "alice", counter: .max, flags: [.userPresent, .backupEligible, .backupState])
        try fixture.store.register(new, spending: Samples.challenge(1))

        let found = try fixture.credential(7)
        #expect(found.id == new.id)
        #expect(try found.owner == Samples.user("alice"))
        #expect(found.relyingPartyID == new.relyingPartyID)
        #expect(found.publicKey == new.publicKey)
        #expect(found.signatureCounter == .max)
        #expect(found.isBackupEligible)
        #expect(found.isBackedUp)
        #expect(found.transports == [.usb, .nfc])
        #expect(found.aaguid == new.aaguid)
        #expect(found.attestationFormat == "packed")
        #expect(!found.isAttestationTrusted)
        #expect(found.label == "key 7")
        #expect(found.createdAt == Samples.start)
        #expect(found.lastUsedAt == nil)
    }

    @Test func `the attestation and what it signed are kept whole`() throws {
        let fixture = try Fixture(users: "alice")
        let new = try Samples.credential(7, of: "alice", attestationLength: 60_000)
        try fixture.store.register(new, spending: Samples.challenge(1))
        let (object, clientData) = try fixture.storedAttestation()
        #expect(object == new.attestationObject)
        #expect(clientData == new.clientDataJSON)
    }

    @Test func `a spent challenge registers nothing`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.spend(Samples.challenge(1))
        #expect(throws: StoreError.challengeSpent) {
            try fixture.store.register(
                Samples.credential(7, of: "alice"), spending: Samples.challenge(1))
        }
        #expect(try fixture.store.counts().credentials == 0)
    }

    @Test func `spending twice is spending`() throws {
        let fixture = try Fixture()
        try fixture.store.spend(Samples.challenge(1))
        try fixture.store.spend(Samples.challenge(1))
        #expect(try fixture.store.counts().spentChallenges == 1)
    }

    @Test func `a registration for nobody spends no challenge`() throws {
        let fixture = try Fixture()
        #expect(throws: StoreError.noSuchUser(try Samples.name("alice"))) {
            try fixture.store.register(
                Samples.credential(7, of: "alice"), spending: Samples.challenge(1))
        }
        #expect(try fixture.store.counts().spentChallenges == 0)
    }

    @Test(arguments: ["alice", "bob"])
    func `an identifier is registered once, whoever asks`(_ asker: String) throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.store.register(
            Samples.credential(7, of: "alice"), spending: Samples.challenge(1))
        #expect(throws: StoreError.credentialExists) {
            try fixture.store.register(
                Samples.credential(7, of: asker, for: "example.com"),
                spending: Samples.challenge(2))
        }
        #expect(try fixture.credential(7).owner.name == Samples.name("alice"))
        #expect(try fixture.store.counts().spentChallenges == 1)
    }

    @Test func `a list is one user's, of one relying party or of all, the oldest first`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        for (seed, relyingParty) in [(9, "example.org"), (3, "example.com"), (5, "example.org")] {
            let seed = UInt8(seed)
            try fixture.store.register(
                Samples.credential(seed, of: "alice", for: relyingParty),
                spending: Samples.challenge(seed))
        }
        try fixture.store.register(Samples.credential(1, of: "bob"), spending: Samples.challenge(1))

        let alice = try Samples.name("alice")
        let org = try RelyingPartyID("example.org")
        #expect(
            try fixture.store.credentials(of: alice).map(\.label) == ["key 9", "key 3", "key 5"])
        #expect(
            try fixture.store.credentials(of: alice, for: org).map(\.label) == ["key 9", "key 5"])
        #expect(try fixture.store.credentials(of: Samples.name("carol")) == [])
        let lists = try fixture.store.credentialIDs(of: [
            (alice, org), (try Samples.name("carol"), org), (try Samples.name("bob"), org),
        ])
        #expect(
            try lists == [
                [Samples.credentialID(9), Samples.credentialID(5)], [], [Samples.credentialID(1)],
            ])
    }

    @Test func `identifiers that are not there are absent`() throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.register(
            Samples.credential(7, of: "alice"), spending: Samples.challenge(1))
        let found = try fixture.store.credentials(
            withIDs: [Samples.credentialID(7), Samples.credentialID(8)])
        #expect(try Set(found.keys) == [Samples.credentialID(7)])
        #expect(try fixture.store.credentials(withIDs: []) == [:])
    }

    @Test func `only the owner's credential is deleted`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        try fixture.store.register(
            Samples.credential(7, of: "alice"), spending: Samples.challenge(1))
        let id = try Samples.credentialID(7)
        let carol = try Samples.name("carol")
        #expect(throws: StoreError.noSuchCredential) {
            try fixture.store.deleteCredential(id, of: Samples.name("bob"))
        }
        #expect(throws: StoreError.noSuchUser(carol)) {
            try fixture.store.deleteCredential(id, of: carol)
        }
        try fixture.store.deleteCredential(id, of: Samples.name("alice"))
        #expect(try fixture.store.credentials(of: Samples.name("alice")) == [])
        #expect(throws: StoreError.noSuchCredential) {
            try fixture.store.deleteCredential(id, of: Samples.name("alice"))
        }
    }
}
