public import Accounts

/// Policies that were checked, ready to be asked.
///
/// A value that does no I/O and knows no time. It is made anew when a file, the directory's names or a named location
/// changes; what is asked of it comes with each request.
///
/// All policies that apply are combined. One that blocks wins over all. What is missing is joined by *and* over the
/// policies, by the policy's own *all* or *any* within one. A legacy program cannot give two factors or a strength,
/// whatever is shown, and neither can a sign-in by an app password. That the password was changed counts with any
/// program. Break-glass accounts are held to no policy, only to what their own MFA state asks.
///
/// A sign-in that shows nothing is not granted; without policies one factor is enough.
public struct PolicySet: Sendable {
    /// The policies, in the order of the files, those that are off included.
    public let policies: [AccessPolicy]
    /// The strengths: those built in, then one's own in the order of the files.
    public let strengths: [AuthenticationStrength]
    /// Who may register which methods.
    public let methods: [MethodRule]
    /// The accounts that no policy applies to.
    public let breakGlass: BreakGlass?
    /// What may surprise, in the order of the files.
    public let warnings: [PolicyWarning]
    let mentions: [PolicyMention]
    let index: PolicyIndex
    let compiled: [CompiledPolicy]
    let strengthsByID: [StrengthID: AuthenticationStrength]
    private let rules: [SignInMethod: MethodRule]

    /// The set that asks for nothing.
    public static let empty = PolicySet(
        checked: .empty, references: PolicyReferences(), warnings: [])

    /// How many policies there can be.
    public static let maximumPolicies = 5000
    /// How many strengths of one's own there can be.
    public static let maximumStrengths = 100

    /// Checks a draft against what it can refer to.
    ///
    /// - Throws: all that contradicts itself or refers to what is not there. Whether administrators are locked out is
    ///   not looked at; ``lockOut(of:)`` does that.
    public init(
        _ draft: PolicyDraft, against references: PolicyReferences
    ) throws(PolicyRefusal) {
        var check = PolicyCheck(draft: draft, references: references)
        check.run()
        if let refusal = PolicyRefusal(check.problems) { throw refusal }
        self.init(checked: draft, references: references, warnings: check.warnings)
    }

    /// Reads and checks files.
    public init(
        files: [PolicyFile], against references: PolicyReferences
    ) throws(PolicyRefusal) {
        try self.init(PolicyDraft(files), against: references)
    }

    private init(
        checked draft: PolicyDraft, references: PolicyReferences, warnings: [PolicyWarning]
    ) {
        policies = draft.policies
        strengths = AuthenticationStrength.builtIn + draft.strengths
        methods = draft.methods
        breakGlass = draft.breakGlass
        mentions = draft.mentions
        self.warnings = warnings
        index = PolicyIndex(draft.policies, locations: references.locations)
        compiled = draft.policies.map { CompiledPolicy($0) }
        strengthsByID = Dictionary(
            strengths.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        rules = Dictionary(
            draft.methods.map { ($0.method, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The methods that a user may register, of ``MethodRule/methods``.
    public func allowedMethods(
        for user: UserName, groups: Set<DirectoryName>, roles: Set<AdministratorRole>
    ) -> Set<SignInMethod> {
        MethodRule.methods.filter { method in
            guard let rule = rules[method] else { return true }
            return rule.users.mismatch(user: user, groups: groups, roles: roles) == nil
        }
    }

    /// By what something is named first: the name of a policy or strength, `methods` or `break-glass`; `nil` where
    /// nothing names it. Policies that are off count.
    public func use(of kind: PolicyReferenceKind, _ name: String) -> String? {
        mentions.first { $0.kind == kind && $0.name.utf8.elementsEqual(name.utf8) }?.by
    }

    /// The strength of a name.
    public func strength(_ id: StrengthID) -> AuthenticationStrength? { strengthsByID[id] }
}
