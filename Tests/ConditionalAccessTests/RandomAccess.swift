import Accounts
import Addresses
import ConditionalAccess
import DeviceModels
import StrictYAML
import TestSupport

/// Policies and sign-ins by chance, within the directory of ``Samples``, so that they meet often.
enum RandomAccess {
    private static let users = ["anna", "bert", "carl", "dora", "root"]
    private static let groups = ["staff", "admins", "guests", "finance"]
    private static let applications = ["mail", "vpn", "crm"]
    private static let places = ["office", "branch", "home", "nowhere", "vault"]
    private static let patterns = ["*Firefox*", "Mozilla/*", "*", "Curl", "*/1*0", "M*a*/*"]
    private static let agents = ["Mozilla/5.0 Firefox/130", "Curl", "Curl/8", "Ma/10", "a/1"]

    static func draft(_ random: inout SplitMix64) throws -> PolicyDraft {
        var draft = PolicyDraft.empty
        for number in 0..<Int.random(in: 0...70, using: &random) {
            draft.policies.append(try policy(number, &random))
        }
        draft.strengths = try strengths()
        if Bool.random(using: &random) {
            draft.breakGlass = BreakGlass(
                users: [try Samples.user("root")], reason: "the safe", position: place(1))
        }
        return draft
    }

    private static func place(_ line: Int) -> FilePosition {
        FilePosition(file: "random.yaml", line: line)
    }

    private static func strengths() throws -> [AuthenticationStrength] {
        try [
            AuthenticationStrength(
                id: Samples.strength("finger"), combinations: [[.webauthn]],
                key: KeyConstraints(isAttestationRequired: true, isBiometricRequired: true),
                position: place(1)),
            AuthenticationStrength(
                id: Samples.strength("mixed"),
                combinations: [
                    [.password, .totp], [.piv], [.push, .hotp], [.password, .webauthn],
                ],
                key: KeyConstraints(
                    withoutAdvisories: .these([Samples.advisory("ACME-2030-01")])),
                position: place(2)),
            AuthenticationStrength(
                id: Samples.strength("certified"), combinations: [[.webauthn], [.tap]],
                key: KeyConstraints(
                    models: [Samples.model("acme-anvil")], certification: .level2,
                    withoutAdvisories: .any, isHardwareRequired: true),
                position: place(3)),
            AuthenticationStrength(
                id: Samples.strength("known"), combinations: [[.webauthn]],
                key: KeyConstraints(aaguids: [Samples.aaguid(Samples.anvil)]),
                position: place(4)),
        ]
    }

    private static func some(
        _ names: [String], _ random: inout SplitMix64, least: Int = 1
    ) -> [String] {
        Array(names.shuffled(using: &random).prefix(Int.random(in: least...2, using: &random)))
    }

    private static func hits(_ sides: Int, _ random: inout SplitMix64) -> Bool {
        Int.random(in: 0..<sides, using: &random) == 0
    }

    private static func policy(_ number: Int, _ random: inout SplitMix64) throws -> AccessPolicy {
        let states: [AccessPolicy.State] = [.on, .on, .reportOnly, .off]
        var conditions = PolicyConditions()
        let risks = RiskLevel.allCases
        if hits(4, &random) {
            conditions.signInRisk = Set(risks.shuffled(using: &random).prefix(2))
        }
        if hits(4, &random) {
            conditions.userRisk = Set(
                risks.filter { $0 != .none }.shuffled(using: &random).prefix(2))
        }
        if hits(4, &random) {
            conditions.clients = Set(ClientKind.allCases.shuffled(using: &random).prefix(2))
        }
        if hits(3, &random) { conditions.locations = try locations(&random) }
        if hits(4, &random) { conditions.userAgents = agents(&random) }
        if hits(4, &random) { conditions.devices = try devices(&random) }
        return AccessPolicy(
            id: try Samples.policy("r\(number)"),
            state: states[Int.random(in: 0..<4, using: &random)],
            users: try users(&random), applications: try applications(&random),
            conditions: conditions, grant: try grant(conditions, &random),
            signInFrequency: hits(3, &random)
                ? (hits(3, &random)
                    ? .everyTime : .after(.seconds(Int.random(in: 60...90, using: &random))))
                : nil,
            position: place(number + 10))
    }

    private static func users(_ random: inout SplitMix64) throws -> UserAssignment {
        var assignment = UserAssignment.all
        if hits(12, &random) { assignment.include = .none }
        if hits(2, &random) {
            // More are included than are ever excluded.
            assignment.include = .selected(
                UserSelection(
                    users: Set(try users.prefix(3).map(Samples.user)),
                    groups: Set(try some(groups, &random).map(Samples.name)),
                    roles: hits(2, &random) ? [.helpDesk] : []))
        }
        if hits(3, &random) {
            assignment.exclude = UserSelection(
                users: Set(try some(users, &random, least: 0).map(Samples.user)),
                groups: Set(try some(groups, &random, least: 0).map(Samples.name)),
                roles: hits(3, &random) ? [.globalAdministrator] : [])
        }
        return assignment
    }

    private static func applications(
        _ random: inout SplitMix64
    ) throws -> ApplicationAssignment {
        guard hits(2, &random) else { return .all }
        let names = Set(try some(applications, &random).map(Samples.name))
        if hits(2, &random) { return ApplicationAssignment(include: nil, exclude: names) }
        let all = Set(try applications.map(Samples.name))
        return hits(2, &random)
            ? ApplicationAssignment(include: names)
            : ApplicationAssignment(include: all, exclude: names)
    }

    private static func locations(_ random: inout SplitMix64) throws -> LocationCondition {
        func selection() throws -> LocationSelection {
            LocationSelection(
                includesTrusted: hits(3, &random),
                names: Set(try some(places, &random).map(Samples.name)),
                networks: hits(3, &random) ? [try IPNetwork("198.51.0.0/16")] : [])
        }
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return LocationCondition(include: try selection())
        case 1: return LocationCondition(include: nil, exclude: try selection())
        default:
            var include = try selection()
            include.networks.insert(try IPNetwork("2001:db8::/31"))
            return LocationCondition(include: include, exclude: try selection())
        }
    }

    private static func agents(_ random: inout SplitMix64) -> UserAgentCondition {
        func some() -> [UserAgentPattern] {
            patterns.filter { $0 != "*" }.shuffled(using: &random).prefix(2)
                .compactMap { UserAgentPattern($0) }
        }
        let all = patterns.compactMap { UserAgentPattern($0) }
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return UserAgentCondition(include: some())
        case 1: return UserAgentCondition(include: nil, exclude: some())
        default: return UserAgentCondition(include: all, exclude: some())
        }
    }

    private static func devices(_ random: inout SplitMix64) throws -> DeviceCondition {
        let filters = try [
            DeviceFilter(models: [Samples.model("acme-anvil")]),
            DeviceFilter(aaguids: [Samples.aaguid(Samples.anvil)], isAttested: true),
            DeviceFilter(isAttested: false), DeviceFilter(health: [.advisory, .unknown]),
            DeviceFilter(models: [Samples.model("acme-card")], health: [.healthy]),
        ]
        let filter = filters[Int.random(in: 0..<filters.count, using: &random)]
        switch Int.random(in: 0..<3, using: &random) {
        case 0: return DeviceCondition(include: filter)
        case 1: return DeviceCondition(include: nil, exclude: filter)
        default:
            return DeviceCondition(
                include: DeviceFilter(health: [.healthy, .advisory]),
                exclude: DeviceFilter(isAttested: true, health: [.healthy]))
        }
    }

    private static func grant(
        _ conditions: PolicyConditions, _ random: inout SplitMix64
    ) throws -> Grant {
        let names = ["finger", "mixed", "certified", "known", "passwordless", "mfa"]
        var controls: [GrantControl] = [.multiFactor, .strength(.phishingResistant)]
        controls += try names.map { .strength(try Samples.strength($0)) }
        if conditions.userRisk != nil { controls.append(.passwordChange) }
        let some = Array(
            controls.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return hits(2, &random) ? .block : .nothing
        case 1...4: return .all(some)
        default: return .any(some)
        }
    }

    static func request(_ random: inout SplitMix64) throws -> AccessRequest {
        let addresses = [
            "192.0.2.7", "198.51.100.3", "198.51.7.7", "203.0.113.20", "8.8.8.8", "2001:db8::7",
            "2001:db9::7",
        ]
        let words = [
            "webauthn", "webauthn!", "webauthn!@anvil", "webauthn!^@certified", "webauthn!@flawed",
            "webauthn@claimed", "webauthn!@stranger", "webauthn!@sensorless", "piv!@card", "piv",
            "push", "push!", "totp", "hotp", "tap", "recovery", "apppass", "password", "code",
            "ocra", "hmac!",
        ]
        var request = AccessRequest(
            user: try Samples.user(users[Int.random(in: 0..<5, using: &random)]))
        request.groups = Set(try some(groups, &random, least: 0).map(Samples.name))
        if hits(4, &random) { request.roles = [.helpDesk] }
        if hits(6, &random) { request.roles.insert(.globalAdministrator) }
        let risks = RiskLevel.allCases
        request.userRisk = risks[Int.random(in: 0..<4, using: &random)]
        request.signInRisk = risks[Int.random(in: 0..<4, using: &random)]
        if !hits(4, &random) {
            let names = applications + ["other", "no name"]
            request.application = names[Int.random(in: 0..<5, using: &random)]
        }
        if !hits(4, &random) {
            request.address = try IPAddress(
                addresses[Int.random(in: 0..<addresses.count, using: &random)])
        }
        if hits(2, &random) {
            request.country = try Samples.country(hits(2, &random) ? "DE" : "FR")
        }
        if hits(3, &random) {
            request.client = ClientKind.allCases[Int.random(in: 0..<3, using: &random)]
        }
        if !hits(3, &random) {
            request.userAgent = agents[Int.random(in: 0..<agents.count, using: &random)]
        }
        request.hasPassword = Bool.random(using: &random)
        request.isPasswordChangedSinceRisk = hits(3, &random)
        request.needsMultiFactor = hits(4, &random)
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            request.presented.append(
                try Samples.factor(words[Int.random(in: 0..<words.count, using: &random)]))
        }
        return request
    }
}
