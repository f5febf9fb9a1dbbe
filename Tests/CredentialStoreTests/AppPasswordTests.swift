import Accounts
import Addresses
import CredentialStore
import Dispatch
import Synchronization
import Testing

struct AppPasswordTests {
    private let notInForce = SignInVerdict.refused(code: "app-password-not-in-force")

    private func use(
        _ number: Int64, of user: String = "alice", at seconds: Int64 = 5,
        from address: String? = nil
    ) throws -> SignInDecision {
        try Samples.decision(
            .appPasswordVerified(number: number), .apppass, of: user, at: seconds, from: address)
    }

    @Test func `an app password is found as it was added`() throws {
        let fixture = try Fixture(users: "alice")
        let alice = try Samples.name("alice")
        try fixture.store.set(.enforced, of: alice)
        var new = try Samples.appPassword(7, of: "alice", endsAfter: 60)
        new.services = ["smtp", "imap", "caldav"]
        new.networks = ["192.0.2.0/24", "2001:db8::/32"]
        let number = try fixture.store.add(new, maximum: 40)
        let found = try #require(try fixture.store.appPasswords(of: alice).first)
        #expect(found.number == number)
        #expect(found.owner == alice)
        #expect(found.prefix == "pre3")
        #expect(found.digest == Samples.digest(7))
        #expect(found.services == ["smtp", "imap", "caldav"])
        #expect(found.networks == ["192.0.2.0/24", "2001:db8::/32"])
        #expect(found.label == "mail 7")
        #expect(found.expiresAt == Samples.at(60))
        #expect(found.createdAt == Samples.start)
        #expect(found.lastUsedAt == nil)
        #expect(found.lastUsedFrom == nil)
    }

    @Test(arguments: [MFAState.disabled, .enabled])
    func `only who is asked for a second factor needs one that cannot be`(_ state: MFAState) throws
    {
        let fixture = try Fixture(users: "alice")
        let (alice, carol) = (try Samples.name("alice"), try Samples.name("carol"))
        try fixture.store.set(state, of: alice)
        #expect(throws: StoreError.mfaNotEnforced(alice)) {
            try fixture.store.add(Samples.appPassword(1, of: "alice"), maximum: 40)
        }
        #expect(throws: StoreError.noSuchUser(carol)) {
            try fixture.store.add(Samples.appPassword(1, of: "carol"), maximum: 40)
        }
        #expect(try fixture.store.appPasswords(of: alice) == [])
    }

    @Test func `each use is noted with where it came from`() throws {
        let fixture = try Fixture(users: "alice")
        let number = try fixture.addAppPassword(1, of: "alice")
        #expect(
            try fixture.store.commit([
                use(number, from: "192.0.2.1"), use(number, at: 9, from: "2001:db8::1"),
            ]) == [.accepted, .accepted])
        let found = try #require(
            try fixture.store.appPasswords(of: Samples.name("alice")).first)
        #expect(found.lastUsedAt == Samples.at(9))
        #expect(found.lastUsedFrom == "2001:db8::1")
        let rows = try fixture.store.signIns(limit: 9)
        #expect(rows.map(\.method) == [.apppass, .apppass])
        #expect(rows.map(\.address) == ["2001:db8::1", "192.0.2.1"])
        #expect(rows.map(\.service) == ["imap", "imap"])
    }

    @Test func `an app password ends when it says`() throws {
        let fixture = try Fixture(users: "alice")
        let number = try fixture.addAppPassword(1, of: "alice", endsAfter: 60)
        let verdicts = try [59, 60, 61].map { try fixture.commit(use(number, at: $0)) }
        #expect(verdicts == [.accepted, notInForce, notInForce])
    }

    @Test func `an app password is suspended while its owner's risk is high`() throws {
        let fixture = try Fixture(users: "alice")
        let alice = try Samples.name("alice")
        let number = try fixture.addAppPassword(1, of: "alice")
        for risk in RiskLevel.allCases + [.none] {
            try fixture.store.set(risk, of: alice, because: "", client: "desk", at: Samples.start)
            #expect(
                try fixture.commit(use(number)) == (risk == .high ? notInForce : .accepted),
                "\(risk)")
        }
    }

    @Test func `an app password is suspended while its owner's MFA is not enforced`() throws {
        let fixture = try Fixture(users: "alice")
        let alice = try Samples.name("alice")
        let number = try fixture.addAppPassword(1, of: "alice")
        for state in MFAState.allCases {
            try fixture.store.set(state, of: alice)
            #expect(
                try fixture.commit(use(number)) == (state == .enforced ? .accepted : notInForce),
                "\(state)")
        }
    }

    @Test func `an app password is its owner's, and none that was deleted is worth anything`()
        throws
    {
        let fixture = try Fixture(users: "alice", "bob")
        let number = try fixture.addAppPassword(1, of: "alice")
        _ = try fixture.addAppPassword(2, of: "bob")
        #expect(try fixture.commit(use(number, of: "bob")) == notInForce)
        #expect(try fixture.commit(use(99)) == notInForce)
        var nobodys = try use(number)
        nobodys.user = nil
        #expect(try fixture.commit(nobodys) == notInForce)
        #expect(
            try fixture.store.deleteAppPasswords(of: Samples.name("alice"), number: number) == 1)
        #expect(try fixture.commit(use(number)) == notInForce)
        // No number comes again, so that what was found right before is not another one.
        let next = try fixture.addAppPassword(3, of: "alice")
        #expect(next > number)
        #expect(try fixture.commit(use(number)) == notInForce)
        #expect(try fixture.commit(use(next)) == .accepted)
    }

    @Test func `they are deleted one by one or all at once, one user's alone`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        let (alice, bob) = (try Samples.name("alice"), try Samples.name("bob"))
        let carol = try Samples.name("carol")
        let numbers = try (1...3).map { try fixture.addAppPassword($0, of: "alice") }
        let other = try fixture.addAppPassword(4, of: "bob")
        #expect(throws: StoreError.noSuchCredential) {
            try fixture.store.deleteAppPasswords(of: alice, number: other)
        }
        #expect(throws: StoreError.noSuchUser(carol)) {
            try fixture.store.deleteAppPasswords(of: carol)
        }
        #expect(try fixture.store.deleteAppPasswords(of: alice, number: numbers[1]) == 1)
        #expect(
            try fixture.store.appPasswords(of: alice).map(\.number) == [numbers[0], numbers[2]])
        #expect(try fixture.store.deleteAppPasswords(of: alice) == 2)
        #expect(try fixture.store.deleteAppPasswords(of: alice) == 0)
        #expect(try fixture.store.appPasswords(of: bob).map(\.number) == [other])
    }

    @Test(arguments: [true, false])
    func `a reset of the password takes them along where policy says so`(deleting: Bool) throws {
        let fixture = try Fixture(users: "alice", "bob")
        let (alice, bob) = (try Samples.name("alice"), try Samples.name("bob"))
        let numbers = try (1...3).map { try fixture.addAppPassword($0, of: "alice") }
        let other = try fixture.addAppPassword(4, of: "bob")
        #expect(
            try fixture.store.passwordWasReset(
                of: alice, deletingAppPasswords: deleting, client: "desk", at: Samples.at(1))
                == (deleting ? 3 : 0))
        #expect(try fixture.commit(use(numbers[0])) == (deleting ? notInForce : .accepted))
        #expect(try fixture.commit(use(other, of: "bob")) == .accepted)
        #expect(try fixture.store.appPasswords(of: bob).count == 1)
        let event = try #require(try fixture.store.events(of: alice, limit: 1).first)
        #expect(event.kind == .passwordReset)
        #expect(event.detail == "app passwords deleted: \(deleting ? 3 : 0)")
        #expect(throws: StoreError.noSuchUser(try Samples.name("carol"))) {
            try fixture.store.passwordWasReset(
                of: Samples.name("carol"), deletingAppPasswords: true, client: "", at: Samples.start
            )
        }
    }

    @Test func `a user has forty, not one more, also where many are made at once`() throws {
        let fixture = try Fixture(users: "alice", "bob")
        let alice = try Samples.name("alice")
        for user in ["alice", "bob"] {
            try fixture.store.set(.enforced, of: Samples.name(user))
        }
        _ = try fixture.store.add(Samples.appPassword(200, of: "bob"), maximum: 40)
        let new = try (0..<60).map { try Samples.appPassword(UInt8($0), of: "alice") }
        let outcomes = Mutex<[StoreError?]>([])
        DispatchQueue.concurrentPerform(iterations: new.count) { index in
            var failure: StoreError?
            do throws(StoreError) {
                _ = try fixture.store.add(new[index], maximum: 40)
            } catch {
                failure = error
            }
            outcomes.withLock { $0.append(failure) }
        }
        let failures = outcomes.withLock { $0.compactMap(\.self) }
        #expect(failures == Array(repeating: .tooMany, count: 20))
        let kept = try fixture.store.appPasswords(of: alice)
        #expect(kept.count == 40)
        #expect(Set(kept.map(\.digest)).count == 40)
        // Where one goes there is room for one.
        _ = try fixture.store.deleteAppPasswords(of: alice, number: kept[7].number)
        _ = try fixture.store.add(Samples.appPassword(100, of: "alice"), maximum: 40)
        #expect(throws: StoreError.tooMany) {
            try fixture.store.add(Samples.appPassword(101, of: "alice"), maximum: 40)
        }
        #expect(try fixture.store.appPasswords(of: Samples.name("bob")).count == 1)
    }

    @Test func `a user who goes takes them along`() throws {
        let fixture = try Fixture(users: "alice")
        let number = try fixture.addAppPassword(1, of: "alice")
        try fixture.store.deleteUser(Samples.name("alice"))
        try fixture.store.add(Samples.user("alice"))
        try fixture.store.set(.enforced, of: Samples.name("alice"))
        #expect(try fixture.store.appPasswords(of: Samples.name("alice")) == [])
        #expect(try fixture.commit(use(number)) == notInForce)
    }
}
