public import Accounts
public import Addresses

/// The facts of a sign-in as far as it has come.
public struct AccessRequest: Sendable, Hashable {
    /// Who.
    public var user: UserName
    /// The groups that the user is in.
    public var groups: Set<DirectoryName>
    /// The roles that the user has.
    public var roles: Set<AdministratorRole>
    /// The risk of the user.
    public var userRisk: RiskLevel
    /// The risk of this sign-in.
    public var signInRisk: RiskLevel
    /// What for; `nil` where the front end does not say. A name that is none of ``DirectoryName`` is one of `all`.
    public var application: String?
    /// Where from; `nil` where that is not known.
    public var address: IPAddress?
    /// From what country; `nil` where that is not known.
    public var country: Country?
    /// With what kind of program.
    public var client: ClientKind
    /// What the program calls itself.
    public var userAgent: String?
    /// Whether the front end checked a password and found it right.
    public var hasPassword: Bool
    /// Whether the password was changed since the user came to be at risk.
    public var isPasswordChangedSinceRisk: Bool
    /// Whether the user's own MFA state asks for two factors. It is no policy: break-glass accounts are held to it
    /// too, and an app password answers it.
    public var needsMultiFactor: Bool
    /// The factors shown so far, in order.
    public var presented: [PresentedFactor]

    /// Facts; those not given are that nothing is known, nothing is at risk and nothing was shown.
    public init(
        user: UserName, groups: Set<DirectoryName> = [], roles: Set<AdministratorRole> = [],
        userRisk: RiskLevel = .none, signInRisk: RiskLevel = .none, application: String? = nil,
        address: IPAddress? = nil, country: Country? = nil, client: ClientKind = .browser,
        userAgent: String? = nil, hasPassword: Bool = false,
        isPasswordChangedSinceRisk: Bool = false, needsMultiFactor: Bool = false,
        presented: [PresentedFactor] = []
    ) {
        self.user = user
        self.groups = groups
        self.roles = roles
        self.userRisk = userRisk
        self.signInRisk = signInRisk
        self.application = application
        self.address = address
        self.country = country
        self.client = client
        self.userAgent = userAgent
        self.hasPassword = hasPassword
        self.isPasswordChangedSinceRisk = isPasswordChangedSinceRisk
        self.needsMultiFactor = needsMultiFactor
        self.presented = presented
    }
}

extension AccessRequest {
    /// Whether what was shown is two factors.
    public var isMultiFactor: Bool {
        FactorRules.isMultiFactor(presented, hasPassword: hasPassword)
    }
}
