import ConditionalAccess
import StrictYAML
import Testing

struct PolicyRefusalTests {
    /// What is put into a policy instead of its own, and the words of the refusal.
    static let policies: [(policy: String, words: String)] = [
        (
            "grant: maybe",
            "access.yaml:3: make ‘grant’ block, or a mapping of all or any to a list of controls"
        ),
        (
            "grant: {all: [block, mfa]}",
            "access.yaml:3: ‘all’ cannot be ‘block’; write mfa, strength: and a name, "
                + "or password-change; block stands alone, as ‘grant: block’"
        ),
        (
            "grant: {all: [mfa], any: [mfa]}",
            "access.yaml:3: ‘any’ is not a key here; remove it or use one of: all"
        ),
        ("grant: {all: [mfa, mfa]}", "access.yaml:3: ‘all’ has ‘mfa’ twice; remove one"),
        (
            "grant: {all: [strength: finger, strength: finger]}",
            "access.yaml:3: ‘all’ has ‘strength: finger’ twice; remove one"
        ),
        ("grant: {all: []}", "access.yaml:3: make ‘all’ a list that is not empty"),
        ("grant: {}", "access.yaml:3: ‘any’ is missing; add it"),
        (
            "grant: {all: [strength: Finger]}",
            "access.yaml:3: ‘strength’ cannot be ‘Finger’; write the name of a strength: "
                + "1 to 64 of a-z, 0-9 and -"
        ),
        ("title: x", "access.yaml:3: ‘grant’ is missing; add it"),
        (
            "grant: block, session: {sign-in-frequency: 4h}",
            "access.yaml:3: ‘session’ cannot be ‘a frequency’; "
                + "write no session where ‘grant’ is block"
        ),
        (
            "session: {sign-in-frequency: soon}",
            "access.yaml:3: ‘sign-in-frequency’ cannot be ‘soon’; write every-time, "
                + "or a time from 1m to 365d, as 15m, 8h or 7d"
        ),
        (
            "session: {}",
            "access.yaml:3: ‘sign-in-frequency’ is missing; add it"
        ),
        (
            "state: enabled, grant: block",
            "access.yaml:3: ‘state’ cannot be ‘enabled’; write one of: on, report-only, off"
        ),
        (
            "grants: block, grant: block",
            "access.yaml:3: ‘grants’ is not a key here; remove it or use one of: id, title, state, "
                + "users, applications, conditions, grant, session"
        ),
        (
            "users: everyone, grant: block",
            "access.yaml:3: ‘users’ cannot be ‘everyone’; "
                + "write all, none, or a mapping of users, groups and roles"
        ),
        (
            "users: [anna], grant: block",
            "access.yaml:3: make ‘users’ all, none, or a mapping of users, groups and roles"
        ),
        (
            "users: {include: {}}, grant: block",
            "access.yaml:3: make ‘include’ a mapping of users, groups and roles that is not empty"
        ),
        (
            "users: {exclude: {users: [a]}}, grant: block",
            "access.yaml:3: ‘include’ is missing; add it"
        ),
        (
            "users: {include: {roles: [root]}}, grant: block",
            "access.yaml:3: ‘roles’ cannot be ‘root’; write one of: global-administrator, "
                + "authentication-administrator, help-desk, security-reader"
        ),
        (
            "users: {include: {groups: [staff, staff]}}, grant: block",
            "access.yaml:3: ‘groups’ has ‘staff’ twice; remove one"
        ),
        (
            "applications: mail, grant: block",
            "access.yaml:3: make ‘applications’ all, or a list of applications"
        ),
        (
            "applications: {include: none}, grant: block",
            "access.yaml:3: make ‘include’ all, or a list of applications"
        ),
        (
            "applications: [a b], grant: block",
            "access.yaml:3: ‘applications’ cannot be ‘a b’; "
                + "write a name of 1 to 64 of A-Z a-z 0-9 - _ . @ / :"
        ),
        (
            "conditions: {user-risk: [severe]}, grant: block",
            "access.yaml:3: ‘user-risk’ cannot be ‘severe’; write one of: none, low, medium, high"
        ),
        (
            "conditions: {clients: [other]}, grant: block",
            "access.yaml:3: ‘clients’ cannot be ‘other’; write one of: browser, native, legacy"
        ),
        (
            "conditions: {platforms: [linux]}, grant: block",
            "access.yaml:3: ‘platforms’ is not a key here; remove it or use one of: user-risk, "
                + "sign-in-risk, locations, clients, user-agents, devices"
        ),
        (
            "conditions: {locations: any}, grant: block",
            "access.yaml:3: make ‘locations’ any (to include), trusted, a list of named locations, "
                + "or a mapping of names, networks and trusted"
        ),
        (
            "conditions: {locations: {networks: [10.0.0.0/33]}}, grant: block",
            "access.yaml:3: ‘networks’ cannot be ‘10.0.0.0/33’; write a network such as "
                + "192.0.2.0/24 or 2001:db8::/32, no bits set behind the prefix"
        ),
        (
            "conditions: {locations: {networks: [10.0.0.1/8]}}, grant: block",
            "access.yaml:3: ‘networks’ cannot be ‘10.0.0.1/8’; write a network such as "
                + "192.0.2.0/24 or 2001:db8::/32, no bits set behind the prefix"
        ),
        (
            "conditions: {locations: {networks: [10.0.0.256]}}, grant: block",
            "access.yaml:3: ‘networks’ cannot be ‘10.0.0.256’; write a network such as "
                + "192.0.2.0/24 or 2001:db8::/32, no bits set behind the prefix"
        ),
        (
            "conditions: {locations: {trusted: false}}, grant: block",
            "access.yaml:3: make ‘locations’ a mapping of names, networks and trusted "
                + "that selects something"
        ),
        (
            "conditions: {user-agents: ['^Mozilla.*$']}, grant: block",
            "access.yaml:3: ‘user-agents’ cannot be ‘^Mozilla.*$’; write 1 to 256 bytes in which "
                + "only * is a pattern; regular expressions are not"
        ),
        (
            "conditions: {user-agents: {}}, grant: block",
            "access.yaml:3: ‘include’ is missing; add it"
        ),
        (
            "conditions: {devices: {include: {}}}, grant: block",
            "access.yaml:3: make ‘include’ a mapping of models, aaguids, attested and health "
                + "that is not empty"
        ),
        (
            "conditions: {devices: {include: {health: [ill]}}}, grant: block",
            "access.yaml:3: ‘health’ cannot be ‘ill’; write one of: healthy, advisory, unknown"
        ),
        (
            "conditions: {devices: {include: {attested: maybe}}}, grant: block",
            "access.yaml:3: make ‘attested’ true or false"
        ),
        (
            "conditions: {devices: {include: {aaguids: [00000000-0000-0000-0000-000000000000]}}}, "
                + "grant: block",
            "access.yaml:3: ‘aaguids’ cannot be ‘00000000-0000-0000-0000-000000000000’; write an "
                + "AAGUID that is not zero, in lower case: 8-4-4-4-12 digits"
        ),
    ]

    @Test(arguments: policies)
    func `refuses a policy that is wrong, and says where and what is allowed`(
        policy: String, words: String
    ) {
        #expect(Self.refusal(of: Samples.document([policy])) == [words])
    }

    static let files: [(text: String, words: String)] = [
        ("policies: []", "access.yaml:1: ‘schema’ is missing; add it"),
        (
            "schema: 2",
            "access.yaml:1: ‘schema’ cannot be ‘2’; write 1, the schema that this version reads"
        ),
        (
            "schema: 1\nrules: []",
            "access.yaml:2: ‘rules’ is not a key here; remove it or use one of: schema, policies, "
                + "strengths, methods, break-glass"
        ),
        ("schema: 1\npolicies: []", "access.yaml:2: make ‘policies’ a list that is not empty"),
        (
            "schema: 1\npolicies:\n  - x",
            "access.yaml:3: make ‘policies’ a mapping of keys to values"
        ),
        (
            "schema: 1\nmethods: {password: all}",
            "access.yaml:2: ‘password’ is not a key here; remove it or use one of: apppass, hmac, "
                + "hotp, ocra, piv, push, recovery, tap, totp, webauthn"
        ),
        ("schema: 1\nbreak-glass: {users: [a]}", "access.yaml:2: ‘reason’ is missing; add it"),
        (
            "schema: 1\nstrengths: [{id: x, combinations: [[sms]]}]",
            "access.yaml:2: ‘combinations’ cannot be ‘sms’; write one of: hmac, hotp, ocra, "
                + "password, piv, push, recovery, tap, totp, webauthn"
        ),
        (
            "schema: 1\nstrengths: [{id: x, combinations: [[password, totp], [totp, password]]}]",
            "access.yaml:2: ‘combinations’ has ‘password, totp’ twice; remove one"
        ),
        (
            "schema: 1\nstrengths: [{id: x, combinations: [[webauthn]], key: {}}]",
            "access.yaml:2: ‘attestation’ is missing; add it"
        ),
        (
            "schema: 1\nstrengths: [{id: x, combinations: [[webauthn]], key: {certification: l2}}]",
            "access.yaml:2: ‘certification’ cannot be ‘l2’; "
                + "write one of: fido-l1, fido-l2, fido-l3"
        ),
        ("schema: 1\nschema: 1", "access.yaml:1: ‘schema’ is there twice; remove one"),
        (
            "schema: &a 1",
            "access.yaml:1: a word starts with &, * or !; anchors, aliases and tags are not "
                + "allowed, so write the value out, and text without such a word"
        ),
    ]

    @Test(arguments: files)
    func `refuses a file that is wrong, and says where and what is allowed`(
        text: String, words: String
    ) {
        #expect(Self.refusal(of: text).first == words)
    }

    private static func refusal(of text: String) -> [String] {
        do throws(PolicyRefusal) {
            _ = try PolicyDraft([Samples.file(text)])
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func `refuses ten megabytes by their size`() {
        let file = PolicyFile(name: "big.yaml", bytes: [UInt8](repeating: 0x23, count: 10_000_000))
        #expect(
            throws: PolicyRefusal(
                .yaml(
                    .documentTooLarge(file: "big.yaml", bytes: 10_000_000, limit: 1_048_576)))
        ) { try PolicyDraft([file]) }
    }

    @Test func `tells all that is wrong in all files`() throws {
        let first = """
            schema: 1
            policies:
              - id: Upper
                state: perhaps
                users: all
                applications: all
                grant: block
              - id: fine
                state: on
                users: all
                applications: all
                grant: {all: [nothing]}
            """
        let second = "schema: 1\nstrengths: x\n"
        do throws(PolicyRefusal) {
            _ = try PolicyDraft([
                Samples.file(first, name: "1.yaml"), Samples.file(second, name: "2.yaml"),
                Samples.file("[", name: "3.yaml"),
            ])
            Issue.record("nothing was refused")
        } catch {
            #expect(
                error.problems.map(\.code) == [
                    "invalid-value", "invalid-value", "invalid-value", "wrong-type",
                    "malformed-yaml",
                ])
            let places = error.problems.map { $0.description.prefix { $0 != " " } }
            #expect(places == ["1.yaml:3:", "1.yaml:4:", "1.yaml:12:", "2.yaml:2:", "3.yaml:2:"])
            #expect(!error.isTruncated)
        }
    }

    @Test func `tells fifty problems and that there are more`() {
        let policy = "  - {id: x}\n"
        let text = "schema: 1\npolicies:\n" + String(repeating: policy, count: 20)
        do throws(PolicyRefusal) {
            _ = try PolicyDraft([Samples.file(text)])
            Issue.record("nothing was refused")
        } catch {
            #expect(error.problems.count == 50)
            #expect(error.isTruncated)
            #expect(error.description.hasSuffix("\nand more"))
        }
    }

    @Test func `survives every prefix and every flipped bit of a file`() {
        let bytes = Array(
            Samples.document(
                ["conditions: {locations: trusted}, grant: {all: [mfa, strength: finger]}"],
                more: "strengths: [{id: finger, combinations: [[webauthn]]}]"
            ).utf8)
        for place in bytes.indices {
            _ = try? PolicyDraft([PolicyFile(name: "f", bytes: Array(bytes[..<place]))])
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                _ = try? PolicyDraft([PolicyFile(name: "f", bytes: changed)])
            }
        }
    }
}
