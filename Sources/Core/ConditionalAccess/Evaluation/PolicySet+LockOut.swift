import Accounts
import Addresses

extension PolicySet {
    /// Which of the global administrators could sign in nowhere.
    ///
    /// An administrator is admitted where one sign-in would go through, of all those that the set tells apart: with
    /// and without the password; with none, one, two or all of the administrator's factors; with a browser and a
    /// native program; to each application that a policy names and to another one; from each place that a policy
    /// names, each country of one, and from elsewhere; with no name of the program, and with one of each pattern's.
    /// The risk of the user and of the sign-in is none, and a password is as good as changed. Contexts that the same
    /// policies are for are tried once. Where there are no administrators nobody is locked out.
    ///
    /// With `application`, sign-ins to that one alone are tried: the one that administrators administer by.
    ///
    /// At most ``lockOutEvaluations`` sign-ins of one administrator are tried; who is not admitted by then counts as
    /// locked out.
    public func lockOut(
        of administrators: [AdministratorFacts], to application: String? = nil
    ) -> LockOutReport {
        let contexts = Contexts(self, application)
        var lockedOut: [LockOutReport.LockedOut] = []
        var admitted: [UserName] = []
        for administrator in administrators {
            if isAdmitted(administrator, contexts: contexts) {
                admitted.append(administrator.user)
            } else {
                lockedOut.append(
                    LockOutReport.LockedOut(
                        user: administrator.user,
                        policies: obstacles(of: administrator, to: application)))
            }
        }
        return LockOutReport(lockedOut: lockedOut, admitted: admitted)
    }

    /// How many sign-ins the lock-out check tries for one administrator.
    public static let lockOutEvaluations = 50_000

    private func isAdmitted(_ administrator: AdministratorFacts, contexts: Contexts) -> Bool {
        var left = Self.lockOutEvaluations
        let proofs = Self.proofs(of: administrator)
        return contexts.contains { context in
            var request = administrator.request(in: context)
            for proof in proofs {
                for hasPassword in [true, false] {
                    left -= 1
                    request.presented = proof
                    request.hasPassword = hasPassword
                    if evaluate(request).outcome == .granted { return .admitted }
                    if left == 0 { return .exhausted }
                }
            }
            return .refused
        }
    }

    private func obstacles(
        of administrator: AdministratorFacts, to application: String?
    ) -> [PolicyID] {
        var request = administrator.request(
            in: AccessRequest(user: administrator.user, application: application))
        request.presented = administrator.candidates
        request.hasPassword = true
        return evaluate(request).applied.filter { $0.result == .failure }.map(\.id)
    }

    /// What an administrator can show at once: everything, one thing, two, nothing.
    private static func proofs(of administrator: AdministratorFacts) -> [[PresentedFactor]] {
        let factors = administrator.candidates
        var proofs = [factors]
        for (place, factor) in factors.enumerated() where factors.count > 1 {
            proofs.append([factor])
            for other in factors[(place + 1)...] where factors.count > 2 {
                proofs.append([factor, other])
            }
        }
        if !factors.isEmpty { proofs.append([]) }
        return proofs
    }
}

extension AdministratorFacts {
    fileprivate func request(in context: AccessRequest) -> AccessRequest {
        var request = context
        request.user = user
        request.groups = groups
        request.roles = roles
        request.needsMultiFactor = needsMultiFactor
        request.isPasswordChangedSinceRisk = true
        return request
    }
}

/// The contexts that a set tells apart.
private struct Contexts {
    /// What became of a context.
    enum Trial {
        case admitted, refused, exhausted
    }

    private let places: [(IPAddress?, Country?)]
    private let applications: [String?]
    private let agents: [String?]

    init(_ set: PolicySet, _ application: String?) {
        places = Self.places(of: set)
        applications = application.map { [$0] } ?? Self.applications(of: set)
        agents = Self.agents(of: set)
    }

    /// Whether somebody is admitted in a context. Each is given as a request without factors and of no user.
    func contains(_ attempt: (AccessRequest) -> Trial) -> Bool {
        guard let nobody = UserName("-") else { return false }
        for agent in agents {
            for (address, country) in places {
                for application in applications {
                    for client in [ClientKind.browser, .native] {
                        let request = AccessRequest(
                            user: nobody, application: application, address: address,
                            country: country, client: client, userAgent: agent)
                        switch attempt(request) {
                        case .admitted: return true
                        case .exhausted: return false
                        case .refused: break
                        }
                    }
                }
            }
        }
        return false
    }

    /// Nowhere in particular first, then a sample of each place, one of those that the same policies are for.
    private static func places(of set: PolicySet) -> [(IPAddress?, Country?)] {
        var seen: Set<[UInt64]> = []
        return ([(nil, nil)] + set.index.places.samples).filter { address, country in
            let places = set.index.places.places(of: address, country)
            return seen.insert(set.index.policies(at: places).signature).inserted
        }
    }

    /// None first, then one that no policy names, then those that are named.
    private static func applications(of set: PolicySet) -> [String?] {
        let names = Set(
            set.policies.flatMap { policy in
                policy.applications.exclude.union(policy.applications.include ?? [])
            })
        var seen: Set<[UInt64]> = []
        return ([nil] + names.sorted().map(\.text)).filter { name in
            seen.insert(set.index.applications(of: name).signature).inserted
        }
    }

    /// No name first, then the shortest that each pattern matches.
    private static func agents(of set: PolicySet) -> [String?] {
        let patterns = set.policies.compactMap(\.conditions.userAgents).flatMap { condition in
            (condition.include ?? []) + condition.exclude
        }
        let names = Set(patterns.map { $0.text.filter { $0 != "*" } })
        return [nil] + names.sorted().map { $0 as String? }
    }
}
