import ConditionalAccess
import StrictYAML
import Testing

struct PolicyCheckTests {
    private static func refusal(of text: String) throws -> [String] {
        let draft = try PolicyDraft([Samples.file(text)])
        let references = try Samples.references()
        do throws(PolicyRefusal) {
            _ = try PolicySet(draft, against: references)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    static let strangers: [(policy: String, words: String)] = [
        (
            "users: {include: {users: [zoe]}}, grant: block",
            "access.yaml:3: there is no user ‘zoe’; add it to the directory, or correct the name"
        ),
        (
            "users: {include: all, exclude: {groups: [gone]}}, grant: block",
            "access.yaml:3: there is no group ‘gone’; add it to the directory, or correct the name"
        ),
        (
            "applications: [fax], grant: block",
            "access.yaml:3: there is no application ‘fax’; "
                + "add it to the directory, or correct the name"
        ),
        (
            "conditions: {locations: [moon]}, grant: block",
            "access.yaml:3: there is no location ‘moon’; "
                + "add it to the directory, or correct the name"
        ),
        (
            "conditions: {devices: {include: {models: [acme-gone]}}}, grant: block",
            "access.yaml:3: there is no model ‘acme-gone’; name one of the catalogue"
        ),
        (
            "grant: {all: [strength: finger]}",
            "access.yaml:3: there is no strength ‘finger’; "
                + "name mfa, passwordless, phishing-resistant or one under ‘strengths’"
        ),
        (
            "state: off, applications: [fax], grant: block",
            "access.yaml:3: there is no application ‘fax’; "
                + "add it to the directory, or correct the name"
        ),
    ]

    @Test(arguments: strangers)
    func `refuses what refers to what is gone`(policy: String, words: String) throws {
        #expect(try Self.refusal(of: Samples.document([policy])) == [words])
    }

    @Test func `refuses users of rules and of the break-glass list that are gone`() throws {
        let text = """
            schema: 1
            methods:
              totp: {include: {groups: [gone]}}
            break-glass:
              users:
                - root
                - zoe
              reason: the safe
            strengths:
              - id: own
                combinations: [[webauthn]]
                key: {without-advisories: [ACME-9], attestation: required}
            """
        #expect(
            try Self.refusal(of: text) == [
                "access.yaml:12: there is no advisory ‘ACME-9’; name one of the firmware notes",
                "access.yaml:3: there is no group ‘gone’; "
                    + "add it to the directory, or correct the name",
                "access.yaml:7: there is no user ‘zoe’; "
                    + "add it to the directory, or correct the name",
            ])
    }

    static let contradictions: [(policy: String, code: String)] = [
        (
            "users: {include: {users: [anna]}, exclude: {users: [anna, bert]}}, grant: block",
            "nobody-left"
        ),
        (
            "users: {include: {groups: [staff], roles: [help-desk]}, "
                + "exclude: {groups: [staff], roles: [help-desk]}}, grant: block",
            "nobody-left"
        ),
        (
            "applications: {include: [mail], exclude: [mail, vpn]}, grant: block",
            "no-application-left"
        ),
        (
            "conditions: {locations: {include: [office], exclude: trusted}}, grant: block",
            "no-place-left"
        ),
        (
            "conditions: {locations: {include: trusted, exclude: [office, vault]}}, grant: block",
            "no-place-left"
        ),
        (
            "conditions: {locations: {include: {networks: [192.0.2.128/25]}, exclude: [office]}}, "
                + "grant: block",
            "no-place-left"
        ),
        (
            "conditions: {user-agents: {include: ['A*'], exclude: ['A*', B]}}, grant: block",
            "no-program-left"
        ),
        ("conditions: {user-agents: {exclude: ['*']}}, grant: block", "no-program-left"),
        (
            "conditions: {devices: {include: {health: [healthy]}, "
                + "exclude: {health: [healthy, unknown]}}}, grant: block",
            "no-device-left"
        ),
        (
            "conditions: {devices: {include: {models: [acme-anvil], attested: true}, "
                + "exclude: {models: [acme-anvil, acme-card]}}}, grant: block",
            "no-device-left"
        ),
        ("grant: {all: [mfa, password-change]}", "password-change-without-user-risk"),
        (
            "conditions: {user-risk: [none, high]}, grant: {any: [mfa, password-change]}",
            "password-change-without-user-risk"
        ),
    ]

    @Test(arguments: contradictions)
    func `refuses what contradicts itself`(policy: String, code: String) throws {
        let draft = try PolicyDraft([Samples.file(Samples.document([policy]))])
        let references = try Samples.references()
        do throws(PolicyRefusal) {
            _ = try PolicySet(draft, against: references)
            Issue.record("it was not refused")
        } catch {
            #expect(error.problems.map(\.code) == [code])
            #expect(error.description.hasPrefix("access.yaml:3: the policy ‘p1’"))
        }
    }

    @Test(arguments: [
        "users: {include: {users: [anna, bert]}, exclude: {users: [anna]}}, grant: block",
        "users: {include: {groups: [staff]}, exclude: {users: [anna]}}, grant: block",
        "conditions: {locations: {include: [office, branch], exclude: trusted}}, grant: block",
        "conditions: {locations: {include: trusted, exclude: [office]}}, grant: block",
        "conditions: {locations: {include: {networks: [192.0.0.0/16]}, exclude: [office]}}, grant: block",
        "conditions: {devices: {include: {health: [healthy]}, exclude: {attested: false}}}, grant: block",
        "conditions: {devices: {exclude: {health: [healthy]}}}, grant: block",
        "conditions: {user-risk: [high]}, grant: {all: [mfa, password-change]}",
    ])
    func `lets pass what leaves somebody`(policy: String) throws {
        #expect(try Self.refusal(of: Samples.document([policy])).isEmpty)
    }

    static let strengths: [(strength: String, words: String)] = [
        (
            "combinations: [[totp, hotp]]",
            "nothing can meet [hotp, totp] of the strength ‘own’: it is not two factors; "
                + "add password, or use webauthn, piv, push or tap"
        ),
        (
            "combinations: [[webauthn], [password]]",
            "nothing can meet [password] of the strength ‘own’: it is not two factors; "
                + "add password, or use webauthn, piv, push or tap"
        ),
        (
            "combinations: [[piv]], key: {aaguids: [00112233-4455-6677-8899-aabbccddeeff]}",
            "nothing can meet [piv] of the strength ‘own’: "
                + "a card has no AAGUID; leave ‘aaguids’ or piv out"
        ),
        (
            "combinations: [[password, piv]], key: {user-verification: biometric}",
            "nothing can meet [password, piv] of the strength ‘own’: "
                + "a card asks for a PIN; leave ‘user-verification’ or piv out"
        ),
        (
            "combinations: [[piv]], key: {certification: fido-l1}",
            "nothing can meet [piv] of the strength ‘own’: "
                + "FIDO certifies no cards; leave ‘certification’ or piv out"
        ),
    ]

    @Test(arguments: strengths)
    func `refuses a strength that nothing can meet`(strength: String, words: String) throws {
        let text = "schema: 1\nstrengths:\n  - {id: own, \(strength)}\n"
        #expect(try Self.refusal(of: text) == ["access.yaml:3: \(words)"])
    }

    @Test func `refuses names that are there twice, across files`() throws {
        let policy = "  - {id: p, state: off, users: all, applications: all, grant: block}\n"
        let strength = "  - {id: own, combinations: [[webauthn]]}\n"
        let rest = "methods: {totp: all}\nbreak-glass: {users: [root], reason: the safe}\n"
        let text = "schema: 1\npolicies:\n\(policy)strengths:\n\(strength)"
        let files = [Samples.file(text, name: "1.yaml"), Samples.file(text, name: "2.yaml")]
        let references = try Samples.references()
        do throws(PolicyRefusal) {
            _ = try PolicySet(files: files, against: references)
            Issue.record("it was not refused")
        } catch {
            #expect(
                error.problems.map(\.description) == [
                    "2.yaml:3: there is a policy ‘p’ already, at 1.yaml:3; "
                        + "rename one or remove it",
                    "2.yaml:5: there is a strength ‘own’ already, at 1.yaml:5; "
                        + "rename one or remove it",
                ])
        }
        let others = ["1.yaml", "2.yaml"].map { Samples.file("schema: 1\n" + rest, name: $0) }
        #expect(
            throws: PolicyRefusal(
                .repeatedBreakGlass(
                    FilePosition(file: "2.yaml", line: 3),
                    first: FilePosition(file: "1.yaml", line: 3)))
        ) { try PolicyDraft(others) }
        let rules = ["1.yaml", "2.yaml"].map {
            Samples.file("schema: 1\nmethods: {totp: all}\n", name: $0)
        }
        #expect(
            throws: PolicyRefusal(
                .repeatedName(
                    FilePosition(file: "2.yaml", line: 2), kind: "method", name: "totp",
                    first: FilePosition(file: "1.yaml", line: 2)))
        ) { try PolicySet(files: rules, against: references) }
    }

    @Test func `refuses the name of a strength that is built in`() throws {
        let text = "schema: 1\nstrengths:\n  - {id: mfa, combinations: [[webauthn]]}\n"
        #expect(
            try Self.refusal(of: text) == [
                "access.yaml:3: the strength ‘mfa’ is built in; choose another name"
            ])
    }

    @Test func `refuses more policies than a sign-in should wait for`() throws {
        var draft = try PolicyDraft([Samples.file(Samples.document(["state: off, grant: block"]))])
        let one = try #require(draft.policies.first)
        draft.policies = [AccessPolicy](repeating: one, count: 5001)
        let references = try Samples.references()
        #expect(throws: PolicyRefusal(.tooMany(one.position, kind: "policies", limit: 5000))) {
            try PolicySet(draft, against: references)
        }
    }

    @Test func `refuses more strengths than a sign-in should wait for`() throws {
        let strengths = (0...100).map { "  - {id: s\($0), combinations: [[webauthn]]}\n" }
        #expect(
            try Self.refusal(of: "schema: 1\nstrengths:\n" + strengths.joined()) == [
                "access.yaml:103: more than 100 strengths; merge some or remove them"
            ])
    }

    static let warnings: [(policy: String, warnings: [String])] = [
        ("grant: {all: [mfa]}", []),
        (
            "users: none, grant: block",
            ["access.yaml:3: the policy ‘p1’ never applies: it includes nobody"]
        ),
        ("state: off, users: none, grant: block", []),
        (
            "users: {include: {users: [root]}}, grant: block",
            [
                "access.yaml:3: the policy ‘p1’ never applies: "
                    + "all that it includes are break-glass accounts"
            ]
        ),
        (
            "conditions: {clients: [legacy]}, grant: {all: [mfa]}",
            [
                "access.yaml:3: the policy ‘p1’ asks legacy programs for what they cannot give, "
                    + "which blocks them; write ‘block’ if that is meant"
            ]
        ),
        (
            "conditions: {devices: {include: {health: [advisory]}}}, grant: block",
            [
                "access.yaml:3: the policy ‘p1’ does not see a sign-in by password alone; "
                    + "have another policy ask for two factors"
            ]
        ),
        (
            "conditions: {user-risk: [high]}, grant: {all: [password-change]}",
            [
                "access.yaml:3: the policy ‘p1’ lets whoever has the password change it; "
                    + "ask for ‘mfa’ or a strength as well, joined by ‘all’"
            ]
        ),
        (
            "conditions: {devices: {include: {aaguids: [ffffffff-4455-6677-8899-aabbccddeeff]}}}, "
                + "state: off, grant: block",
            ["access.yaml:3: the catalogue has no AAGUID ffffffff-4455-6677-8899-aabbccddeeff"]
        ),
    ]

    @Test(arguments: warnings)
    func `warns of what may surprise`(policy: String, warnings: [String]) throws {
        let more = "break-glass: {users: [root], reason: the safe}"
        let set = try Samples.set(Samples.document([policy], more: more))
        let list = "access.yaml:4: no policy applies to 1 break-glass account (the safe)"
        #expect(set.warnings.map(\.description) == warnings + [list])
        #expect(set.warnings.allSatisfy { $0.description.hasPrefix("\($0.position): ") })
    }

    @Test func `warns where no location is trusted and where keys are believed`() throws {
        var references = try Samples.references()
        references.locations = references.locations.filter { !$0.isTrusted }
        let text = Samples.document(
            ["conditions: {locations: trusted}, grant: block"],
            more: "strengths: [{id: own, combinations: [[webauthn]], "
                + "key: {models: [acme-anvil]}}]")
        let set = try PolicySet(files: [Samples.file(text)], against: references)
        #expect(
            set.warnings.map(\.description) == [
                "access.yaml:3: the policy ‘p1’ never applies: no named location is trusted",
                "access.yaml:4: the strength ‘own’ takes a key's word for what it is; "
                    + "add ‘attestation: required’",
            ])
        #expect(set.warnings.map(\.code) == ["never-applies", "unattested-constraints"])
    }
}
