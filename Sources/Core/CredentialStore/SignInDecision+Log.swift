public import Accounts

/// Where and with what somebody signs in, as the front end says. Nothing of it is verified.
public struct SignInCircumstances: Sendable, Hashable {
    /// What a front end says of a password that it checked itself.
    public enum Password: String, Sendable, Hashable, CaseIterable {
        /// It was right.
        case right = "ok"
        /// It was wrong.
        case wrong = "bad"
    }

    /// The country of the address.
    public var country: Country?
    /// The kind of program.
    public var clientKind: ClientKind?
    /// What the program calls itself: up to 256 bytes without control characters.
    public var userAgent: String?
    /// What came of a password that the front end checked.
    public var password: Password?
    /// How likely it is that the sign-in is not the user's, where the front end knows something of it.
    public var reportedRisk: RiskLevel?

    /// Circumstances from their parts.
    public init(
        country: Country? = nil, clientKind: ClientKind? = nil, userAgent: String? = nil,
        password: Password? = nil, reportedRisk: RiskLevel? = nil
    ) {
        self.country = country
        self.clientKind = clientKind
        self.userAgent = userAgent
        self.password = password
        self.reportedRisk = reportedRisk
    }
}

/// A step of a sign-in that took several.
public struct SignInStep: Sendable, Hashable {
    /// When.
    public var at: Timestamp
    /// What was shown.
    public var method: SignInMethod
    /// The credential, where it has an identifier.
    public var credentialID: [UInt8]?
    /// Its owner's name for it.
    public var label: String
    /// Whether the person was verified.
    public var isUserVerified: Bool
    /// Whether the key is known to live in hardware.
    public var isHardwareBound: Bool
    /// The model, or the AAGUID, of what it was shown with.
    public var device: String?
    /// `ok`, or the code of the check that failed.
    public var reason: String

    /// A step from its parts.
    public init(
        at: Timestamp, method: SignInMethod, credentialID: [UInt8]?, label: String,
        isUserVerified: Bool, isHardwareBound: Bool, device: String?, reason: String
    ) {
        self.at = at
        self.method = method
        self.credentialID = credentialID
        self.label = label
        self.isUserVerified = isUserVerified
        self.isHardwareBound = isHardwareBound
        self.device = device
        self.reason = reason
    }
}

/// What policies made of a sign-in.
public struct SignInAssessment: Sendable, Hashable {
    /// What a policy came to, or would have come to.
    public struct PolicyResult: Sendable, Hashable {
        /// The policy's identifier.
        public var policy: String
        /// `success`, `failure`, or what it would have been with `report-only-` before it.
        public var result: String

        /// A result of a policy.
        public init(policy: String, result: String) {
            self.policy = policy
            self.result = result
        }
    }

    /// What all policies came to.
    public enum Summary: String, Sendable, Hashable, CaseIterable {
        /// What they ask for was shown.
        case success
        /// It was not, or they block.
        case failure
        /// None applied.
        case notApplied = "not-applied"
    }

    /// What had to be shown: `single-factor`, `multi-factor`, or strengths with commas between.
    public var requirement: String
    /// What all policies came to.
    public var summary: Summary
    /// Those that applied.
    public var policies: [PolicyResult]
    /// The account's risk at that time.
    public var userRisk: RiskLevel
    /// The sign-in's own risk.
    public var signInRisk: RiskLevel

    /// An assessment from its parts.
    public init(
        requirement: String, summary: Summary, policies: [PolicyResult], userRisk: RiskLevel,
        signInRisk: RiskLevel
    ) {
        self.requirement = requirement
        self.summary = summary
        self.policies = policies
        self.userRisk = userRisk
        self.signInRisk = signInRisk
    }
}

/// What the log has of a sign-in beside its verdict.
public struct SignInLogEntry: Sendable, Hashable {
    /// 16 bytes that name the sign-in through all its steps.
    public var correlation: [UInt8]
    /// Where and with what, as the front end says.
    public var circumstances: SignInCircumstances
    /// The steps before this one.
    public var earlierSteps: [SignInStep]
    /// The owner's name for what was shown.
    public var label: String
    /// The model, or the AAGUID, of what was shown.
    public var device: String?
    /// Whether its key is known to live in hardware; `nil` where nothing was verified.
    public var isHardwareBound: Bool?
    /// What policies made of it; `nil` where they were not asked.
    public var assessment: SignInAssessment?
    /// How long the server worked on it, the commit left out, in microseconds.
    public var processingTime: Int64?

    /// An entry from its parts.
    public init(
        correlation: [UInt8], circumstances: SignInCircumstances = SignInCircumstances(),
        earlierSteps: [SignInStep] = [], label: String = "", device: String? = nil,
        isHardwareBound: Bool? = nil, assessment: SignInAssessment? = nil,
        processingTime: Int64? = nil
    ) {
        self.correlation = correlation
        self.circumstances = circumstances
        self.earlierSteps = earlierSteps
        self.label = label
        self.device = device
        self.isHardwareBound = isHardwareBound
        self.assessment = assessment
        self.processingTime = processingTime
    }
}
