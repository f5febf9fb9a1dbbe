import Accounts
import Addresses
import StrictYAML

/// Policies and sign-ins to measure evaluation with, of many kinds and the same for one seed.
package struct PolicyMeasurement: Sendable {
    /// The set.
    package let set: PolicySet
    /// The sign-ins.
    package let requests: [AccessRequest]

    /// `policies` policies over 200 groups, 50 applications and 40 locations, and `requests` sign-ins.
    ///
    /// - Throws: what the policies are refused for, which is nothing up to ``PolicySet/maximumPolicies``.
    package init(policies: Int, requests: Int, seed: UInt64) throws(PolicyRefusal) {
        var dice = Dice(seed: seed)
        let references = Self.references()
        var draft = PolicyDraft.empty
        for number in 0..<policies {
            if let policy = Self.policy(number, &dice) { draft.policies.append(policy) }
        }
        set = try PolicySet(draft, against: references)
        self.requests = (0..<requests).compactMap { _ in Self.request(&dice) }
    }

    private static func name(_ kind: String, _ number: Int) -> DirectoryName? {
        DirectoryName("\(kind)-\(number)")
    }

    private static func references() -> PolicyReferences {
        let locations = (0..<40).compactMap { number in
            name("place", number).map { name in
                PolicyLocation(
                    name: name,
                    networks: (0..<50).compactMap { part in
                        IPAddress(bytes: [10, UInt8(number), UInt8(part * 4), 0])
                            .map { IPNetwork(containing: $0, prefixLength: 22) }
                    }, isTrusted: number % 4 == 0)
            }
        }
        return PolicyReferences(
            groups: Set((0..<200).compactMap { name("group", $0) }),
            applications: Set((0..<50).compactMap { name("app", $0) }), locations: locations)
    }

    private static func policy(_ number: Int, _ dice: inout Dice) -> AccessPolicy? {
        guard let id = PolicyID("policy-\(number)") else { return nil }
        var users = UserAssignment.all
        if !dice.hits(8) {
            users = UserAssignment(
                include: .selected(
                    UserSelection(groups: Set((0..<3).compactMap { _ in dice.group() }))))
        }
        // What is included stays so, that somebody is left.
        users.exclude.groups = Set((0..<2).compactMap { _ in dice.group() })
        if case .selected(let selection) = users.include {
            users.exclude.groups.subtract(selection.groups)
        }
        var applications = ApplicationAssignment.all
        if dice.hits(2) {
            applications.include = Set((0..<4).compactMap { _ in dice.application() })
        }
        var conditions = PolicyConditions()
        if dice.hits(4) { conditions.signInRisk = [.medium, .high] }
        if dice.hits(6) { conditions.userRisk = [.high] }
        if dice.hits(3) {
            // Not one of those that are trusted, which are excluded.
            let place = name("place", 4 * dice.below(10) + 1).map { [$0] } ?? []
            conditions.locations = LocationCondition(
                include: dice.hits(2) ? nil : LocationSelection(names: Set(place)),
                exclude: LocationSelection(includesTrusted: true))
        }
        if dice.hits(5) { conditions.clients = [.legacy] }
        if dice.hits(10), let pattern = UserAgentPattern("Mozilla/*Agent\(dice.below(50))*") {
            conditions.userAgents = UserAgentCondition(include: [pattern])
        }
        if dice.hits(10) {
            conditions.devices = DeviceCondition(include: DeviceFilter(health: [.advisory]))
        }
        let grants: [Grant] = [
            .block, .all([.multiFactor]), .all([.strength(.phishingResistant)]),
            .any([.multiFactor, .strength(.passwordless)]),
        ]
        let grant = conditions == PolicyConditions() ? grants[1] : grants[dice.below(grants.count)]
        return AccessPolicy(
            id: id, state: dice.hits(5) ? .reportOnly : .on, users: users,
            applications: applications, conditions: conditions, grant: grant,
            signInFrequency: dice.hits(4) ? .after(.seconds(3600 * (1 + dice.below(24)))) : nil,
            position: FilePosition(file: "measure.yaml", line: number + 1))
    }

    private static func request(_ dice: inout Dice) -> AccessRequest? {
        guard let user = UserName("user-\(dice.below(1000))") else { return nil }
        let risks = RiskLevel.allCases
        let clients = ClientKind.allCases
        return AccessRequest(
            user: user, groups: Set((0..<5).compactMap { _ in dice.group() }),
            userRisk: dice.hits(10) ? risks[dice.below(risks.count)] : .none,
            signInRisk: dice.hits(10) ? risks[dice.below(risks.count)] : .none,
            application: dice.application()?.text,
            address: IPAddress(bytes: [
                10, UInt8(dice.below(60)), UInt8(dice.below(256)), UInt8(dice.below(256)),
            ]), client: dice.hits(8) ? clients[dice.below(clients.count)] : .browser,
            userAgent: "Mozilla/5.0 (X11; Linux x86_64) Agent\(dice.below(100))/1.0",
            hasPassword: true,
            presented: dice.hits(2) ? [PresentedFactor(.webauthn, isUserVerified: true)] : [])
    }

    private struct Dice {
        private var state: UInt64

        init(seed: UInt64) { state = seed | 1 }

        /// A number from 0 to below `bound`, by the generator xorshift64* (Vigna 2016).
        mutating func below(_ bound: Int) -> Int {
            state ^= state >> 12
            state ^= state << 25
            state ^= state >> 27
            let word = state &* 0x2545_F491_4F6C_DD1D
            return Int(word >> 33) % max(bound, 1)
        }

        mutating func hits(_ sides: Int) -> Bool { below(sides) == 0 }

        mutating func group() -> DirectoryName? { name("group", below(200)) }

        mutating func application() -> DirectoryName? { name("app", below(50)) }
    }
}
