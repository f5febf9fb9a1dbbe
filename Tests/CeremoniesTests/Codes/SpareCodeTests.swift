import Accounts
import Ceremonies
import CredentialStore
import Testing

/// Recovery codes and Temporary Access Passes, made and typed.
struct SpareCodeTests {
    // MARK: Recovery codes

    @Test func `ten recovery codes are taken once each`() async throws {
        let office = try Office()
        let codes = try office.spares.makeRecoveryCodes(for: userName("alice"), client: "front")
        #expect(Set(codes).count == 10)
        #expect(codes.allSatisfy { $0.utf8.count == 11 && $0.dropFirst(5).first == "-" })
        #expect(try office.events() == [.recoveryCodesMade])
        for (index, code) in codes.enumerated() {
            let verdict = try await office.verify(code)
            try expectYes(verdict, label: "", means: .recoveryCode(left: 9 - index))
            #expect(try office.lastSignIn().method == .recovery)
            #expect(try await office.verify(code) == .no(.wrongCode))
        }
        #expect(try office.store.recoveryCodes(of: userName("alice")) == [])
    }

    @Test func `a recovery code is taken however it is typed`() async throws {
        let office = try Office()
        let codes = try office.spares.makeRecoveryCodes(for: userName("alice"), client: "front")
        let typed = [
            codes[0].lowercased(), codes[1].filter { $0 != "-" }, " \(codes[2]) ",
            codes[3].map { "\($0)" }.joined(separator: " "),
            codes[4].map { $0 == "0" ? "o" : $0 == "1" ? "l" : "\($0)" }.joined(),
        ]
        for code in typed { #expect(try await office.verify(code, as: .recovery).isAccepted) }
    }

    @Test func `fresh recovery codes take the place of the old ones`() async throws {
        let office = try Office()
        let name = try userName("alice")
        let old = try office.spares.makeRecoveryCodes(for: name, client: "front")
        let new = try office.spares.makeRecoveryCodes(for: name, client: "front")
        #expect(Set(old).isDisjoint(with: new))
        #expect(try await office.verify(old[0]) == .no(.wrongCode))
        #expect(try await office.verify(new[0]).isAccepted)
    }

    @Test func `recovery codes are their user's alone, also in a row that was moved`()
        async throws
    {
        let office = try Office()
        let codes = try office.spares.makeRecoveryCodes(for: userName("alice"), client: "front")
        #expect(
            try await office.verify(codes[0], of: "bob") == .refused("bob", "wrong-code"))
        try office.tamper(
            "UPDATE recovery_code SET user = (SELECT id FROM user WHERE name = 'bob')")
        #expect(
            try await office.verify(codes[0], of: "bob") == .refused("bob", "wrong-code"))
        #expect(throws: CeremonyError.store(.noSuchUser(try userName("carol")))) {
            try office.spares.makeRecoveryCodes(for: userName("carol"), client: "front")
        }
    }

    @Test func `the store has no code, and no two digests alike`() async throws {
        let office = try Office()
        let codes = try office.spares.makeRecoveryCodes(for: userName("alice"), client: "front")
        let stored = try office.store.recoveryCodes(of: userName("alice"))
        #expect(Set(stored.map(\.digest)).count == 10)
        for digest in stored.map(\.digest) {
            #expect(digest.count == 32)
            #expect(!codes.contains { digest.starts(with: Array($0.utf8.prefix(4))) })
        }
    }

    // MARK: Passes

    private func issue(
        _ office: Office, lifetime: Duration = .seconds(600), delay: Duration = .zero,
        length: Int = 8, isOneTime: Bool = false
    ) throws -> String {
        try office.spares.issueAccessPass(
            to: userName("alice"), by: userName("bob"), lifetime: lifetime, delay: delay,
            length: length, isOneTime: isOneTime, client: "front"
        ).text
    }

    @Test func `a pass is taken again and again until it ends`() async throws {
        let office = try Office()
        let pass = try issue(office)
        #expect(try office.events() == [.accessPassIssued])
        let verdict = try await office.verify(pass)
        try expectYes(verdict, label: "", means: .accessPass)
        #expect(try office.lastSignIn().method == .tap)
        office.clock.advance(by: .seconds(600) - .milliseconds(1))
        #expect(try await office.verify(pass, as: .tap).isAccepted)
        office.clock.advance(by: .milliseconds(1))
        #expect(try await office.verify(pass) == .no(.passNotInForce))
    }

    @Test func `a pass begins when it was said to`() async throws {
        let office = try Office()
        let pass = try issue(office, delay: .seconds(3600))
        #expect(try await office.verify(pass) == .no(.passNotInForce))
        office.clock.advance(by: .seconds(3600))
        #expect(try await office.verify(pass).isAccepted)
        office.clock.advance(by: .seconds(600))
        #expect(try await office.verify(pass) == .no(.passNotInForce))
    }

    @Test func `a pass for once is taken once`() async throws {
        let office = try Office()
        let pass = try issue(office, isOneTime: true)
        #expect(try await office.verify(pass).isAccepted)
        #expect(try await office.verify(pass) == .no(.passNotInForce))
        // A fresh one is another.
        let next = try issue(office, isOneTime: true)
        #expect(try await office.verify(next).isAccepted)
        #expect(try await office.verify(pass) == .no(.wrongCode))
    }

    @Test func `a user has one pass, which can be taken away, and nobody else's`() async throws {
        let office = try Office()
        let first = try issue(office)
        let second = try issue(office, length: 48)
        #expect(try await office.verify(first) == .no(.wrongCode))
        #expect(try await office.verify(second, of: "bob") == .refused("bob", "wrong-code"))
        #expect(try await office.verify(second.uppercased()) == .no(.wrongCode))
        #expect(try await office.verify(second + " ") == .no(.malformedCode))
        #expect(try await office.verify(second).isAccepted)
        try office.store.deleteAccessPass(of: userName("alice"))
        #expect(try await office.verify(second) == .no(.wrongCode))
    }

    @Test func `a pass in a row that was moved is wrong`() async throws {
        let office = try Office()
        let pass = try issue(office)
        try office.tamper("UPDATE access_pass SET user = (SELECT id FROM user WHERE name = 'bob')")
        #expect(try await office.verify(pass, of: "bob") == .refused("bob", "wrong-code"))
    }

    @Test(arguments: [8, 9, 10, 11, 16, 48])
    func `passes of all lengths are taken, and taken for nothing else`(
        length: Int
    ) async throws {
        let office = try Office()
        for _ in 0..<20 {
            let pass = try issue(office, length: length)
            #expect(pass.utf8.count == length)
            #expect(pass.contains { $0.isNumber })
            #expect(pass.contains { $0.isLetter })
            #expect(!pass.contains { "0O1lIio".contains($0) })
            let form = CodeForm(pass)
            #expect(form.oneTimeCode == nil)
            #expect(form.appPassword == nil)
            #expect(try await office.verify(pass).signIn?.means == .accessPass)
        }
    }

    @Test func `a pass is refused where it may not be issued so`() throws {
        let office = try Office()
        let (alice, bob) = (try userName("alice"), try userName("bob"))
        let day = Duration.seconds(86_400)
        #expect(throws: CeremonyError.accessPass(.issuerIsUser)) {
            try office.spares.issueAccessPass(
                to: alice, by: alice, lifetime: day, isOneTime: true, client: "front")
        }
        for lifetime in [.zero, .seconds(599), .seconds(-600), .seconds(30 * 86_400 + 1)]
            as [Duration]
        {
            #expect(throws: CeremonyError.accessPass(.lifetime)) {
                try office.spares.issueAccessPass(
                    to: alice, by: bob, lifetime: lifetime, isOneTime: true, client: "front")
            }
        }
        for delay in [.seconds(-1), .seconds(30 * 86_400 + 1)] as [Duration] {
            #expect(throws: CeremonyError.accessPass(.lifetime)) {
                try office.spares.issueAccessPass(
                    to: alice, by: bob, lifetime: day, delay: delay, isOneTime: true,
                    client: "front")
            }
        }
        for length in [-1, 0, 7, 49, .max] {
            #expect(throws: CeremonyError.accessPass(.length)) {
                try office.spares.issueAccessPass(
                    to: alice, by: bob, lifetime: day, length: length, isOneTime: true,
                    client: "front")
            }
        }
        for (user, issuer, missing) in [("carol", "bob", "carol"), ("alice", "carol", "carol")] {
            #expect(throws: CeremonyError.store(.noSuchUser(try userName(missing)))) {
                try office.spares.issueAccessPass(
                    to: userName(user), by: userName(issuer), lifetime: day, isOneTime: true,
                    client: "front")
            }
        }
        #expect(try office.store.accessPass(of: alice) == nil)
        #expect(try office.events() == [])
    }

    @Test func `what is made is evenly spread`() throws {
        let office = try Office { $0.codes.recoveryCodeCount = 400 }
        let text = try office.spares.makeRecoveryCodes(for: userName("alice"), client: "front")
            .joined().filter { $0 != "-" }
        let counts = Dictionary(grouping: text, by: \.self).mapValues(\.count)
        #expect(counts.count == 32)
        // 4000 characters, each 125 times, give or take six deviations.
        for (character, count) in counts { #expect((59...191).contains(count), "\(character)") }
    }
}
