import Accounts
import Addresses
import CredentialStore
import Foundation
import Glibc
import TestSupport
import Testing

/// What takes a process of its own: locks, limits, rights, sudden ends, and traps if there were any.
struct ProcessTests {
    @Test func `a file that a store has open is locked to another`() throws {
        let fixture = try Fixture(users: "alice")
        let path = fixture.folder.database
        #expect(throws: StoreError.locked(path: path + ".lock")) { try SQLiteStore(path: path) }
        #expect(try fixture.store.counts().users == 1)
        try fixture.store.close()
        #expect(try SQLiteStore(path: path).counts().users == 1)
    }

    @Test func `a file that a store has open is locked to another process`() async throws {
        let fixture = try Fixture(users: "alice")
        await #expect(processExitsWith: .success) { [path = fixture.folder.database as String] in
            #expect(throws: StoreError.locked(path: path + ".lock")) { try SQLiteStore(path: path) }
        }
        #expect(try fixture.store.counts().users == 1)
    }

    @Test func `what was acknowledged before a sudden end is there after it`() async throws {
        let folder = try TemporaryFolder()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.database as String] in
            let store = try SQLiteStore(path: path)
            try store.add(Samples.user("alice"))
            try store.register(
                Samples.credential(1, of: "alice"), spending: Samples.challenge(200))
            for counter in 1...100 {
                let answer = try Samples.answer(
                    Samples.challenge(UInt8(counter)), by: 1, of: "alice", counter: UInt32(counter))
                #expect(try store.commit([answer]) == [.accepted])
            }
            kill(getpid(), SIGKILL)
        }
        let store = try SQLiteStore(path: folder.database)
        let alice = try Samples.name("alice")
        #expect(try store.credentials(of: alice).map(\.signatureCounter) == [100])
        #expect(try store.counts().rows == [1, 1, 100, 0, 101])
    }

    @Test func `a code that was accepted before a sudden end is not accepted after it`()
        async throws
    {
        let folder = try TemporaryFolder()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = folder.database as String] in
            let store = try SQLiteStore(path: path)
            try store.add(Samples.user("alice"))
            try store.add(Samples.token(1, of: "alice"), maximum: 5)
            try store.replaceRecoveryCodes(
                of: Samples.name("alice"), digests: [Samples.digest(1)], client: "",
                at: Samples.start)
            var notMe = try Samples.decision(.refused(code: "push-not-me"), .push, of: "alice")
            notMe.consequences = [.stopPushes]
            let batch = [
                try Samples.code(7, by: 1, of: "alice"),
                try Samples.decision(.recoveryCodeVerified(number: 1), .recovery, of: "alice"),
                notMe,
            ]
            #expect(
                try store.commit(batch) == [.accepted, .accepted, .refused(code: "push-not-me")])
            kill(getpid(), SIGKILL)
        }
        let store = try SQLiteStore(path: folder.database)
        let alice = try Samples.name("alice")
        let again = [
            try Samples.code(7, by: 1, of: "alice"),
            try Samples.decision(.recoveryCodeVerified(number: 1), .recovery, of: "alice"),
        ]
        #expect(
            try store.commit(again) == [
                .refused(code: "code-replayed"), .refused(code: "recovery-code-spent"),
            ])
        #expect(try store.standing(of: alice).pushesStoppedAt == Samples.at(5))
    }

    @Test func `a write that the system refuses leaves nothing behind`() async throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.close()
        await #expect(processExitsWith: .success) { [path = fixture.folder.database as String] in
            let store = try SQLiteStore(path: path)
            limitFileSize(to: 40_000)
            let large = try Samples.credential(1, of: "alice", attestationLength: 60_000)
            // SQLITE_IOERR_WRITE.
            #expect(throws: StoreError.unavailable(code: 778)) {
                try store.register(large, spending: Samples.challenge(1))
            }
            limitFileSize(to: .max)
            #expect(try store.counts().spentChallenges == 0)
            try store.register(large, spending: Samples.challenge(1))
            #expect(try store.counts().credentials == 1)
        }
    }

    @Test func `a folder that may only be read makes no store`() async throws {
        let folder = try TemporaryFolder()
        try setMode(0o555, of: folder.path)
        await #expect(processExitsWith: .success) { [path = folder.database as String] in
            giveUpRoot()
            // SQLITE_CANTOPEN.
            #expect(throws: StoreError.unavailable(code: 14)) { try SQLiteStore(path: path) }
        }
        try setMode(0o755, of: folder.path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    @Test func `a store whose folder may only be read is refused and left as it is`() async throws {
        let fixture = try Fixture(users: "alice")
        try fixture.store.close()
        let path = fixture.folder.database
        try setMode(0o666, of: path)
        try setMode(0o666, of: path + ".lock")
        let before = try fixture.folder.bytes(of: path)
        try setMode(0o555, of: fixture.folder.path)
        await #expect(processExitsWith: .success) { [path = path as String] in
            giveUpRoot()
            // SQLITE_READONLY_DIRECTORY.
            #expect(throws: StoreError.unavailable(code: 1544)) { try SQLiteStore(path: path) }
        }
        try setMode(0o755, of: fixture.folder.path)
        #expect(try fixture.folder.bytes(of: path) == before)
        #expect(try SQLiteStore(path: path).counts().users == 1)
    }

    @Test func `a damaged file traps nowhere, and the sound one opens after it`() async throws {
        let fixture = try Fixture(users: "alice", "bob")
        for seed: UInt8 in 1...20 {
            try fixture.store.register(
                Samples.credential(seed, of: seed < 10 ? "alice" : "bob"),
                spending: Samples.challenge(seed))
            _ = try fixture.store.commit([
                Samples.answer(Samples.challenge(100 + seed), by: seed, of: "alice", counter: 1)
            ])
        }
        for seed: UInt8 in 1...8 {
            try fixture.store.add(Samples.token(seed, of: "alice"), maximum: 9)
            _ = try fixture.addAppPassword(seed, of: "bob")
            _ = try fixture.commit(
                Samples.code(1, by: seed, of: "alice", from: "192.0.2.\(seed)"))
        }
        try fixture.store.replaceRecoveryCodes(
            of: Samples.name("alice"), digests: [Samples.digest(1)], client: "",
            at: Samples.start)
        try fixture.store.issue(
            Samples.pass(1, by: "bob"), to: Samples.name("alice"), client: "")
        _ = try fixture.store.keepServerSecret([1], named: "vapid")
        let counts = try fixture.store.counts().rows
        try fixture.store.close()
        let sound = try fixture.folder.bytes(of: fixture.folder.database)
        await #expect(processExitsWith: .success) { [path = fixture.folder.database as String] in
            try damageAndRead(path: path, rounds: 400)
        }
        try removeJournals(of: fixture.folder.database)
        try fixture.folder.write(sound, to: fixture.folder.database)
        let reopened = try SQLiteStore(path: fixture.folder.database)
        let found = try reopened.counts().rows
        #expect(found == counts)
    }
}

private func setMode(_ mode: Int, of path: String) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
}

/// Has writes beyond so many bytes of any file fail, in this process.
private func limitFileSize(to bytes: rlim_t) {
    // The signal would end the process before the write could fail.
    signal(SIGXFSZ, SIG_IGN)
    var limit = rlimit(rlim_cur: bytes, rlim_max: .max)
    let status = unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    #expect(status == 0)
}

/// Root may write everywhere; who is nobody may not.
private func giveUpRoot() {
    if geteuid() == 0 { #expect(setuid(65534) == 0) }
}

/// What a damaged store left beside its file is no part of the sound one.
private func removeJournals(of path: String) throws {
    for file in ["-wal", "-shm", "-journal"].map({ path + $0 })
    where FileManager.default.fileExists(atPath: file) {
        try FileManager.default.removeItem(atPath: file)
    }
}

/// Flips bits of a database, or cuts it short, and asks it everything. All it may do is answer or throw.
private func damageAndRead(path: String, rounds: Int) throws {
    let sound = try Data(contentsOf: URL(fileURLWithPath: path))
    var random = SplitMix64(seed: 7)
    for round in 0..<rounds {
        var bytes = sound
        for _ in 0...Int.random(in: 0..<12, using: &random) {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] ^=
                1 << UInt8.random(in: 0..<8, using: &random)
        }
        if round.isMultiple(of: 5) {
            bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &random))
        }
        try removeJournals(of: path)
        try bytes.write(to: URL(fileURLWithPath: path))
        guard let store = try? SQLiteStore(path: path) else { continue }
        for name in try [Samples.name("alice"), Samples.name("bob")] {
            _ = try? store.user(name)
            _ = try? store.credentials(of: name)
            _ = try? store.appPasswords(of: name)
            _ = try? store.standing(of: name)
            _ = try? store.events(of: name, limit: 9)
            _ = try? store.phones(of: name)
            let source = try IPAddress("192.0.2.1").subscriber
            let lookups = [nil, "pre1"].map {
                CodeLookup(user: name, appPasswordPrefix: $0, source: source)
            }
            _ = try? store.codeFactors(for: lookups, at: Samples.start)
        }
        if let (secrets, _) = try? store.sealedSecrets(after: nil, limit: 99) {
            _ = try? store.replace(secrets.map { ($0, [9]) })
        }
        _ = try? store.signIns(limit: 100)
        _ = try? store.counts()
        _ = try? store.commit([
            Samples.answer(Samples.challenge(250), by: 3, of: "alice", counter: 9),
            Samples.code(9, by: 3, of: "alice", from: "192.0.2.9"),
            Samples.decision(.recoveryCodeVerified(number: 1), .recovery, of: "alice"),
            Samples.decision(.appPasswordVerified(number: 1), .apppass, of: "bob"),
        ])
        _ = try? store.forgetChallenges(expiredBefore: Samples.start)
        try? store.close()
    }
}
