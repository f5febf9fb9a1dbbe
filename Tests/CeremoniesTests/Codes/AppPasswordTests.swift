import Accounts
import Addresses
import Ceremonies
import CredentialStore
import GRDB
import Testing

struct AppPasswordTests {
    private func office(adjust: (inout ServerPolicy) -> Void = { _ in }) throws -> Office {
        let office = try Office(adjust: adjust)
        for name in ["alice", "bob"] { try office.store.set(.enforced, of: userName(name)) }
        return office
    }

    private func make(
        _ office: Office, for user: String = "alice", services: Set<String> = ["imap", "smtp"],
        networks: [String] = [], lifetime: Duration? = nil
    ) throws -> MadeAppPassword {
        try office.spares.makeAppPassword(
            AppPasswordRequest(
                user: userName(user), services: services,
                networks: networks.map { try IPNetwork($0) }, label: "mail at home",
                lifetime: lifetime))
    }

    @Test func `an app password is taken as often as it comes`() async throws {
        let office = try office()
        let made = try make(office)
        #expect(made.text.utf8.count == 19)
        #expect(made.text.split(separator: "-").map(\.utf8.count) == [4, 4, 4, 4])
        for typed in [
            made.text, made.text.filter { $0 != "-" }, made.text.uppercased(), made.text,
        ] {
            office.clock.advance(by: .seconds(1))
            let verdict = try await office.verify(typed, service: "imap", from: "192.0.2.7")
            try expectYes(verdict, label: "mail at home", means: .appPassword(number: made.number))
        }
        let row = try office.lastSignIn()
        #expect(row.method == .apppass)
        #expect(row.service == "imap")
        let stored = try #require(try office.store.appPasswords(of: userName("alice")).first)
        #expect(stored.lastUsedAt == office.clock.now)
        #expect(stored.lastUsedFrom == "192.0.2.7")
        #expect(stored.prefix == String(made.text.prefix(4)))
        #expect(stored.digest.count == 32)
    }

    @Test func `an app password is for its services alone`() async throws {
        let office = try office()
        let made = try make(office, services: ["imap"])
        #expect(
            try await office.verify(made.text, service: "smtp") == .no(.appPasswordOfOtherService))
        for service in [nil, "sudo", "", "IMAP", "imap smtp"] {
            #expect(
                try await office.verify(made.text, service: service)
                    == .no(.serviceTakesNoAppPassword))
        }
        #expect(try await office.verify(made.text, service: "imap").isAccepted)
    }

    @Test func `a service that the configuration took out takes none any more`() async throws {
        let office = try office()
        let made = try make(office, services: ["imap", "smtp"])
        var policy = office.policy.codes
        policy.appPasswordServices = ["smtp"]
        let judge = try office.twin(policy)
        #expect(
            try await office.verify(made.text, service: "imap", by: judge)
                == .no(.serviceTakesNoAppPassword))
        #expect(try await office.verify(made.text, service: "smtp", by: judge).isAccepted)
        policy.allowsAppPasswords = false
        #expect(
            try await office.verify(made.text, service: "smtp", by: office.twin(policy))
                == .no(.serviceTakesNoAppPassword))
    }

    @Test func `an app password comes from its networks alone`() async throws {
        let office = try office()
        let made = try make(office, networks: ["192.0.2.0/28", "2001:db8::/32"])
        for (address, isTaken) in [
            ("192.0.2.15", true), ("192.0.2.16", false), ("2001:db8:1::1", true),
            ("2001:db9::1", false), ("::ffff:192.0.2.1", true), (nil, false),
        ] as [(String?, Bool)] {
            let verdict = try await office.verify(made.text, service: "imap", from: address)
            #expect(verdict.isAccepted == isTaken, "\(address ?? "nowhere")")
            if !isTaken { #expect(verdict == .no(.appPasswordFromElsewhere)) }
        }
        // What cannot be read lets nobody in.
        try office.tamper("UPDATE app_password SET networks = 'anywhere'")
        #expect(
            try await office.verify(made.text, service: "imap", from: "192.0.2.1")
                == .no(.appPasswordFromElsewhere))
    }

    @Test func `an app password ends`() async throws {
        let office = try office()
        let made = try make(office, lifetime: .seconds(3600))
        office.clock.advance(by: .seconds(3600) - .milliseconds(1))
        #expect(try await office.verify(made.text, service: "imap").isAccepted)
        office.clock.advance(by: .milliseconds(1))
        #expect(try await office.verify(made.text, service: "imap") == .no(.appPasswordEnded))
    }

    @Test func `an app password rests while MFA is not enforced or the risk is high`()
        async throws
    {
        let office = try office()
        let made = try make(office)
        let alice = try userName("alice")
        for state in [MFAState.disabled, .enabled] {
            try office.store.set(state, of: alice)
            #expect(
                try await office.verify(made.text, service: "imap") == .no(.appPasswordSuspended))
        }
        try office.store.set(.enforced, of: alice)
        for risk in RiskLevel.allCases {
            try office.store.set(
                risk, of: alice, because: "", client: "front", at: office.clock.now)
            let verdict = try await office.verify(made.text, service: "imap")
            #expect(verdict.isAccepted == (risk != .high), "\(risk)")
            if risk == .high { #expect(verdict == .no(.appPasswordSuspended)) }
        }
    }

    @Test func `an app password is its user's alone, also in a row that was moved`()
        async throws
    {
        let office = try office()
        let made = try make(office)
        #expect(
            try await office.verify(made.text, of: "bob", service: "imap")
                == .refused("bob", "wrong-code"))
        try office.tamper(
            "UPDATE app_password SET user = (SELECT id FROM user WHERE name = 'bob')")
        #expect(
            try await office.verify(made.text, of: "bob", service: "imap")
                == .refused("bob", "wrong-code"))
    }

    @Test func `one with the same first letters is another`() async throws {
        let office = try office()
        let made = try (0..<3).map { _ in try make(office) }
        try office.tamper("UPDATE app_password SET prefix = 'aaaa'")
        let letters = made[0].text.dropFirst(4)
        #expect(try await office.verify("aaaa" + letters, service: "imap") == .no(.wrongCode))
        // The prefix finds, and the digest decides.
        for password in made {
            try office.tamper(
                "UPDATE app_password SET prefix = ?", [String(password.text.prefix(4))])
            #expect(
                try await office.verify(password.text, service: "imap").signIn?.means
                    == .appPassword(number: password.number))
        }
    }

    @Test func `every wrong letter is refused`() async throws {
        let office = try office { $0.codes.failures.perUser = 1000 }
        let made = try make(office)
        let letters = Array(made.text.filter { $0 != "-" }.utf8)
        for place in letters.indices {
            var wrong = letters
            wrong[place] = wrong[place] == UInt8(ascii: "z") ? UInt8(ascii: "a") : wrong[place] + 1
            let text = String(decoding: wrong, as: UTF8.self)
            #expect(try await office.verify(text, service: "imap") == .no(.wrongCode))
        }
    }

    @Test func `an app password that was deleted is wrong from then on`() async throws {
        let office = try office()
        let made = try make(office)
        #expect(
            try office.store.deleteAppPasswords(of: userName("alice"), number: made.number) == 1)
        #expect(try await office.verify(made.text, service: "imap") == .no(.wrongCode))
    }

    @Test func `sixteen letters are looked for among app passwords alone`() async throws {
        let office = try office()
        let made = try make(office)
        for method in [SignInMethod.totp, .hotp, .recovery] {
            #expect(
                try await office.verify(made.text, as: method, service: "imap")
                    == .no(.malformedCode))
        }
        #expect(try await office.verify(made.text, as: .apppass, service: "imap").isAccepted)
        #expect(
            try await office.verify("755224", as: .apppass, service: "imap")
                == .no(.malformedCode))
    }

    // MARK: Made

    @Test func `an app password is refused where it may not be made so`() throws {
        let office = try office { $0.codes.maximumAppPasswordsPerUser = 2 }
        for services in [[], ["sudo"], ["imap", "sudo"], ["IMAP"]] as [Set<String>] {
            #expect(throws: CeremonyError.appPassword(.service)) {
                try make(office, services: services)
            }
        }
        for lifetime in [.zero, .seconds(59), .seconds(-60), .seconds(3660 * 86_400 + 1)]
            as [Duration]
        {
            #expect(throws: CeremonyError.appPassword(.expiry)) {
                try make(office, lifetime: lifetime)
            }
        }
        #expect(throws: CeremonyError.store(.noSuchUser(try userName("carol")))) {
            try make(office, for: "carol")
        }
        try office.store.set(.enabled, of: userName("bob"))
        #expect(throws: CeremonyError.store(.mfaNotEnforced(try userName("bob")))) {
            try make(office, for: "bob")
        }
        let made = try [make(office), make(office)]
        #expect(throws: CeremonyError.store(.tooMany)) { try make(office) }
        #expect(made[0].text != made[1].text)
        let closed = try self.office { $0.codes.allowsAppPasswords = false }
        #expect(throws: CeremonyError.appPassword(.notAllowed)) { try make(closed) }
    }

    @Test func `app passwords are of all letters alike`() throws {
        let office = try office { $0.codes.maximumAppPasswordsPerUser = 1000 }
        let text = try (0..<250).map { _ in try make(office).text }.joined().filter { $0 != "-" }
        let counts = Dictionary(grouping: text, by: \.self).mapValues(\.count)
        #expect(counts.count == 26)
        // 4000 letters, each 154 times, give or take six deviations.
        for (letter, count) in counts { #expect((81...227).contains(count), "\(letter)") }
    }
}

extension Office {
    /// Another judge over the same store, as another node would be, or the same one with another policy.
    func twin(_ policy: CodePolicy? = nil) throws -> CodeService {
        let policy = policy ?? self.policy.codes
        return try CodeService(
            store: store, writer: SignInWriter(store: store), vault: vault,
            budgets: CodeBudgets(limits: policy.failures), policy: policy, workers: 2,
            clock: { [clock] in clock.now })
    }
}
