import Accounts
import Ceremonies
import CredentialStore
import Foundation
import GRDB
import OATH
import Secrets
import Synchronization
import TestSupport
import Testing
import WebAuthn

struct SecretRotationTests {
    private func rotation(_ office: Office) -> SecretRotation {
        SecretRotation(store: office.store, vault: office.vault)
    }

    /// Seals everything anew; gives how many were, and how many could not be.
    private func reseal(_ office: Office) throws -> [Int] {
        let (resealed, unreadable) = try rotation(office).resealAll()
        return [resealed, unreadable.count]
    }

    /// A ring that follows the one of the office's vault, which is adopted.
    private func extend(_ office: Office, _ ring: KeyRing) throws -> KeyRing {
        let extended = try ring.extended()
        office.vault.adopt(extended)
        return extended
    }

    /// The numbers of the keys that what is at rest is sealed under.
    private func keys(_ office: Office) throws -> Set<UInt32> {
        var keys: Set<UInt32> = []
        var cursor: SealedSecretCursor?
        repeat {
            let (secrets, next) = try office.store.sealedSecrets(after: cursor, limit: 7)
            for secret in secrets {
                keys.insert(try SecretVault.keyIdentifier(of: secret.sealed))
            }
            cursor = next
        } while cursor != nil
        return keys
    }

    /// An office whose vault has a ring that the test knows.
    private func office() throws -> (Office, KeyRing) {
        let office = try Office { $0.codes.maximumTokensPerUser = 10_000 }
        let ring = try KeyRing().extended()
        office.vault.adopt(ring)
        // What the office's own keys sealed as it opened does not open with these.
        try office.tamper("DELETE FROM server_secret")
        _ = try ServerSecrets(store: office.store, vault: office.vault)
            .secret(named: "example") { [1, 2, 3] }
        return (office, ring)
    }

    @Test func `all is sealed under the current key, and the old one can go`() async throws {
        let (office, ring) = try office()
        var stored: [Token] = []
        for number in 0..<1203 {
            let owner: String? = [nil, "alice", "bob"][number % 3]
            stored.append(try office.add(.rfc4226, .hotp(.six), for: owner))
        }
        #expect(try keys(office) == [2])
        #expect(try reseal(office) == [0, 0])

        let extended = try extend(office, ring)
        #expect(try reseal(office) == [1204, 0])
        #expect(try keys(office) == [3])
        office.vault.adopt(extended.reduced())
        #expect(try reseal(office) == [0, 0])

        // Each opens where it is, and says what it said.
        for token in stored.prefix(30) {
            let now = try office.stored(token)
            #expect(now.sealedSecret != token.sealedSecret)
            let place = SecretPlace(
                use: .token, row: now.id.bytes, user: now.owner?.handle.bytes ?? [])
            #expect(try office.vault.open(now.sealedSecret, at: place) == PaperToken.rfc4226.secret)
        }
        let secret = try ServerSecrets(store: office.store, vault: office.vault)
            .secret(named: "example") { [9] }
        #expect(secret == [1, 2, 3])
        #expect(try await office.verify("755224").isAccepted)
    }

    @Test func `phones' secrets are among them`() throws {
        let (office, ring) = try office()
        let id = [UInt8](repeating: 5, count: 16)
        let alice = try #require(try office.store.user(userName("alice")))
        let place = SecretPlace(use: .phoneSubscription, row: id, user: alice.handle.bytes)
        let sealed = try office.vault.seal([7, 7, 7], at: place)
        for (number, secret) in [(1, Optional(blob(sealed))), (2, nil)] as [(UInt8, Data?)] {
            try office.tamper(
                """
                INSERT INTO phone (id, user, public_key, guard, name, endpoint, subscription_key,
                    subscription_secret, last_message_at, label, created_at)
                VALUES (?, (SELECT id FROM user WHERE name = 'alice'), ?, 'none', '', NULL, NULL,
                    ?, 0, '', 0)
                """,
                [number == 1 ? blob(id) : blob([number]), blob([number]), secret])
        }
        _ = try extend(office, ring)
        #expect(try reseal(office) == [2, 0])
        var cursor: SealedSecretCursor?
        var found: [UInt8]?
        repeat {
            let (secrets, next) = try office.store.sealedSecrets(after: cursor, limit: 500)
            for secret in secrets {
                if case .phone = secret.row {
                    found = try office.vault.open(secret.sealed, at: place)
                }
            }
            cursor = next
        } while cursor != nil
        #expect(found == [7, 7, 7])
    }

    @Test func `what does not open stays as it is and is counted`() throws {
        let (office, ring) = try office()
        let stored = try (0..<6).map { _ in try office.add(.rfc4226, .hotp(.six), for: nil) }
        let lost = SecretVault(try KeyRing().extended().extended().extended())
        let place = SecretPlace(use: .token, row: stored[2].id.bytes, user: [])
        let damage: [[UInt8]] = [
            [], [0], try lost.seal([1], at: place),
            stored[3].sealedSecret.replacing(52, with: stored[3].sealedSecret[52] ^ 1),
        ]
        for (token, sealed) in zip(stored, damage) {
            try office.tamper(
                "UPDATE token SET secret = ? WHERE id = ?", [blob(sealed), blob(token.id.bytes)])
        }
        // One that lies in another's place.
        try office.tamper(
            "UPDATE token SET user = (SELECT id FROM user WHERE name = 'bob') WHERE id = ?",
            [blob(stored[4].id.bytes)])
        _ = try extend(office, ring)
        let (resealed, unreadable) = try rotation(office).resealAll()
        #expect(resealed == 2)
        let bob = try #require(try office.store.user(userName("bob")))
        #expect(
            unreadable
                == stored.prefix(4).map { .token($0.id, owner: []) }
                + [.token(stored[4].id, owner: bob.handle.bytes)])
        for (token, sealed) in zip(stored, damage) {
            #expect(try office.stored(token).sealedSecret == sealed)
        }
        #expect(try reseal(office) == [0, 5])
    }

    @Test func `seals that are made while it runs end under the new key`() async throws {
        let (office, ring) = try office()
        let isOver = Mutex(false)
        // Tokens come and change hands all the while; some seals are of before the new key.
        let work = Task.detached {
            var made: [Token] = []
            while !isOver.withLock({ $0 }) || made.count < 50 {
                made.append(try office.add(.rfc4226, .hotp(.six), for: nil))
                if made.count % 3 == 0 {
                    _ = try office.tokens.give(
                        made[made.count / 2].id, to: userName("alice"), label: nil)
                }
                if made.count > 400 { break }
            }
            return made
        }
        var last = ring
        var unreadable = 0
        for _ in 0..<8 {
            last = try extend(office, last)
            office.vault.waitForKeeping()
            unreadable += try reseal(office)[1]
            // Nothing is under the keys before any more, nor will be.
            last = last.reduced()
            office.vault.adopt(last)
        }
        isOver.withLock { $0 = true }
        let made = try await work.value
        #expect(unreadable == 0)
        #expect(try keys(office) == [last.current])
        for token in made {
            let now = try office.stored(token)
            let place = SecretPlace(
                use: .token, row: now.id.bytes, user: now.owner?.handle.bytes ?? [])
            #expect(try office.vault.open(now.sealedSecret, at: place) == PaperToken.rfc4226.secret)
        }
    }

    @Test func `what changed under its hands is gone through again`() throws {
        let (office, ring) = try office()
        let token = try office.add(.rfc4226, .hotp(.six), for: nil)
        _ = try extend(office, ring)
        // As where somebody else writes between reading and replacing: the first replacements come to nothing.
        try office.tamper(
            """
            CREATE TABLE meanwhile (remaining INTEGER);
            INSERT INTO meanwhile VALUES (2);
            CREATE TRIGGER other_token BEFORE UPDATE OF secret ON token
            WHEN (SELECT remaining FROM meanwhile) > 0
            BEGIN
                UPDATE meanwhile SET remaining = remaining - 1;
                SELECT RAISE(IGNORE);
            END;
            CREATE TRIGGER other_secret BEFORE UPDATE OF sealed ON server_secret
            WHEN (SELECT remaining FROM meanwhile) > 0
            BEGIN
                SELECT RAISE(IGNORE);
            END;
            """)
        #expect(try reseal(office) == [2, 0])
        #expect(try SecretVault.keyIdentifier(of: office.stored(token).sealedSecret) == 3)
        #expect(try keys(office) == [3])
    }

    @Test func `a store that fails ends it, and what was sealed anew stays so`() throws {
        let (office, ring) = try office()
        _ = try extend(office, ring)
        try office.store.close()
        #expect(throws: CeremonyError.store(.unavailable(code: 21))) {
            try rotation(office).resealAll()
        }
    }
}

struct ServerSecretsTests {
    @Test func `a secret is made once, and kept`() throws {
        let office = try Office()
        let secrets = ServerSecrets(store: office.store, vault: office.vault)
        #expect(try secrets.secret(named: "a") { [1] } == [1])
        #expect(try secrets.secret(named: "a") { [2] } == [1])
        #expect(try secrets.secret(named: "b") { [2] } == [2])
        // What is at rest is not it.
        let sealed = try #require(try office.store.serverSecret(named: "a"))
        #expect(sealed.count == 17 + 1 + 16)
        #expect(try office.vault.open(sealed, at: .server("a")) == [1])
        #expect(throws: SecretError.notSealedHere) {
            try office.vault.open(sealed, at: .server("b"))
        }
    }

    @Test func `a secret that cannot be made is not kept`() throws {
        let office = try Office()
        let secrets = ServerSecrets(store: office.store, vault: office.vault)
        #expect(throws: CeremonyError.busy) {
            try secrets.secret(named: "a") { () throws(CeremonyError) in throw .busy }
        }
        #expect(try office.store.serverSecret(named: "a") == nil)
    }

    @Test func `a secret that does not open is not made anew`() throws {
        let office = try Office()
        let secrets = ServerSecrets(store: office.store, vault: office.vault)
        _ = try secrets.secret(named: "a") { [1] }
        _ = try secrets.secret(named: "b") { [2] }
        try office.tamper(
            """
            UPDATE server_secret SET sealed = (SELECT sealed FROM server_secret WHERE name = 'b')
            WHERE name = 'a'
            """)
        #expect(throws: CeremonyError.secret(.notSealedHere)) {
            try secrets.secret(named: "a") { [3] }
        }
        let stranger = SecretVault(KeyRing())
        #expect(throws: CeremonyError.secret(.notSealedHere)) {
            try ServerSecrets(store: office.store, vault: stranger).secret(named: "b") { [3] }
        }
        #expect(throws: CeremonyError.secret(.notSealedHere)) {
            try CodeService(
                store: office.store, writer: office.writer, vault: stranger,
                budgets: office.budgets, policy: office.policy.codes, workers: 1,
                clock: { [clock = office.clock] in clock.now })
        }
        #expect(try secrets.secret(named: "b") { [3] } == [2])
    }

    @Test func `of many who make one at once all have the same`() async throws {
        let office = try Office()
        let secrets = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for number in 0..<20 as Range<UInt8> {
                group.addTask {
                    try ServerSecrets(store: office.store, vault: office.vault)
                        .secret(named: "a") { [number] }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(secrets).count == 1)
    }
}
