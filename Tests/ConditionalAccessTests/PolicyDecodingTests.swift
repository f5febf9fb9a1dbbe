import Accounts
import Addresses
import ConditionalAccess
import DeviceModels
import StrictYAML
import Testing

struct PolicyDecodingTests {
    private static let full = """
        schema: 1
        policies:
          - id: admins-by-key
            title: Administrators show a key
            state: report-only
            users:
              include: {users: [root], groups: [admins], roles: [global-administrator, help-desk]}
              exclude: {users: [anna], groups: [guests], roles: [security-reader]}
            applications: {include: [mail, vpn], exclude: [crm]}
            conditions:
              user-risk: [low, high]
              sign-in-risk: [medium]
              locations:
                include: {names: [office], networks: [10.0.0.0/8], trusted: true}
                exclude: [branch]
              clients: [browser, native]
              user-agents: {include: ['Mozilla/*'], exclude: ['*Edge*']}
              devices:
                include: {models: [acme-anvil], aaguids: [00112233-4455-6677-8899-aabbccddeeff]}
                exclude: {attested: false, health: [advisory, unknown]}
            grant: {any: [mfa, strength: finger, password-change]}
            session: {sign-in-frequency: 90m}
        strengths:
          - id: finger
            title: A finger
            combinations: [[webauthn], [password, totp]]
            key:
              aaguids: [00112233-4455-6677-8899-aabbccddeeff]
              models: [acme-anvil]
              attestation: required
              user-verification: biometric
              certification: fido-l2
              without-advisories: [ACME-2030-01]
              hardware: required
        methods:
          totp: {include: all, exclude: {groups: [admins]}}
          recovery: none
        break-glass:
          users: [root, dora]
          reason: The envelope in the safe
        """

    private static func position(_ line: Int) -> FilePosition {
        FilePosition(file: "access.yaml", line: line)
    }

    @Test func `reads every part of a policy`() throws {
        let draft = try PolicyDraft([Samples.file(Self.full)])
        let policy = try AccessPolicy(
            id: Samples.policy("admins-by-key"), title: "Administrators show a key",
            state: .reportOnly,
            users: UserAssignment(
                include: .selected(
                    UserSelection(
                        users: [Samples.user("root")], groups: [Samples.name("admins")],
                        roles: [.globalAdministrator, .helpDesk])),
                exclude: UserSelection(
                    users: [Samples.user("anna")], groups: [Samples.name("guests")],
                    roles: [.securityReader])),
            applications: ApplicationAssignment(
                include: [Samples.name("mail"), Samples.name("vpn")],
                exclude: [Samples.name("crm")]),
            conditions: PolicyConditions(
                userRisk: [.low, .high], signInRisk: [.medium],
                locations: LocationCondition(
                    include: LocationSelection(
                        includesTrusted: true, names: [Samples.name("office")],
                        networks: [IPNetwork("10.0.0.0/8")]),
                    exclude: LocationSelection(names: [Samples.name("branch")])),
                clients: [.browser, .native],
                userAgents: UserAgentCondition(
                    include: [#require(UserAgentPattern("Mozilla/*"))],
                    exclude: [#require(UserAgentPattern("*Edge*"))]),
                devices: DeviceCondition(
                    include: DeviceFilter(
                        models: [Samples.model("acme-anvil")],
                        aaguids: [Samples.aaguid(Samples.anvil)]),
                    exclude: DeviceFilter(isAttested: false, health: [.advisory, .unknown]))),
            grant: .any([.multiFactor, .strength(Samples.strength("finger")), .passwordChange]),
            signInFrequency: .after(.seconds(5400)), position: Self.position(3))
        #expect(draft.policies == [policy])
    }

    @Test func `reads strengths, rules for methods and break-glass accounts`() throws {
        let draft = try PolicyDraft([Samples.file(Self.full)])
        #expect(
            draft.strengths == [
                try AuthenticationStrength(
                    id: Samples.strength("finger"), title: "A finger",
                    combinations: [[.webauthn], [.password, .totp]],
                    key: KeyConstraints(
                        aaguids: [Samples.aaguid(Samples.anvil)],
                        models: [Samples.model("acme-anvil")], isAttestationRequired: true,
                        isBiometricRequired: true, certification: .level2,
                        withoutAdvisories: .these([Samples.advisory("ACME-2030-01")]),
                        isHardwareRequired: true), position: Self.position(24))
            ])
        #expect(
            draft.methods == [
                MethodRule(
                    method: .recovery, users: UserAssignment(include: .none),
                    position: Self.position(37)),
                MethodRule(
                    method: .totp,
                    users: UserAssignment(
                        include: .all,
                        exclude: UserSelection(groups: [try Samples.name("admins")])),
                    position: Self.position(36)),
            ])
        #expect(
            draft.breakGlass
                == BreakGlass(
                    users: [try Samples.user("root"), try Samples.user("dora")],
                    reason: "The envelope in the safe", position: Self.position(39)))
    }

    @Test func `keeps where everything is named`() throws {
        let draft = try PolicyDraft([Samples.file(Self.full)])
        let mentions = draft.mentions.map {
            "\($0.kind.rawValue) \($0.name) by \($0.by) at \($0.position.line)"
        }
        #expect(
            mentions == [
                "user root by admins-by-key at 7", "group admins by admins-by-key at 7",
                "user anna by admins-by-key at 8", "group guests by admins-by-key at 8",
                "application mail by admins-by-key at 9", "application vpn by admins-by-key at 9",
                "application crm by admins-by-key at 9",
                "location office by admins-by-key at 14",
                "location branch by admins-by-key at 15", "model acme-anvil by admins-by-key at 19",
                "aaguid \(Samples.anvil) by admins-by-key at 19",
                "strength finger by admins-by-key at 21", "aaguid \(Samples.anvil) by finger at 28",
                "model acme-anvil by finger at 29", "advisory ACME-2030-01 by finger at 33",
                "group admins by methods at 36", "user root by break-glass at 39",
                "user dora by break-glass at 39",
            ])
        let set = try PolicySet(draft, against: Samples.references())
        #expect(set.use(of: .location, "branch") == "admins-by-key")
        #expect(set.use(of: .group, "admins") == "admins-by-key")
        #expect(set.use(of: .user, "dora") == "break-glass")
        #expect(set.use(of: .location, "vault") == nil)
        #expect(set.use(of: .group, "branch") == nil)
    }

    @Test func `makes one set of several files, in order`() throws {
        let draft = try PolicyDraft([
            Samples.file("schema: 1\npolicies:\n  - " + Self.plain("b"), name: "1.yaml"),
            Samples.file("schema: 1\nmethods:\n  push: all\n", name: "2.yaml"),
            Samples.file("schema: 1\npolicies:\n  - " + Self.plain("a"), name: "3.yaml"),
        ])
        #expect(draft.policies.map(\.id.text) == ["b", "a"])
        #expect(draft.policies.map(\.position.description) == ["1.yaml:3", "3.yaml:3"])
        #expect(draft.methods.map(\.method) == [.push])
        #expect(try PolicyDraft([]) == .empty)
    }

    private static func plain(_ id: String) -> String {
        "{id: \(id), state: on, users: all, applications: all, grant: block}\n"
    }

    @Test(arguments: [
        ("1m", SignInFrequency.after(.seconds(60))), ("8h", .after(.seconds(28_800))),
        ("365d", .after(.seconds(31_536_000))), ("every-time", .everyTime),
    ])
    func `reads a frequency`(text: String, expected: SignInFrequency) {
        #expect(SignInFrequency(text) == expected)
    }

    @Test(arguments: [
        "", "m", "0m", "01m", "-1m", "+1m", "1", "1s", "1.5h", "366d", "9999999m", "1 h",
    ])
    func `refuses a frequency that is none`(text: String) {
        #expect(SignInFrequency(text) == nil)
    }
}
