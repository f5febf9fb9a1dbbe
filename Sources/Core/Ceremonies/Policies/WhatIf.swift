public import Accounts
public import Addresses
public import ConditionalAccess
public import CredentialStore
import Synchronization

/// A sign-in that policies are asked about, whether or not there ever was one.
public struct WhatIfQuestion: Sendable, Hashable {
    /// Who. It need not be anybody that the server knows.
    public var user: UserName
    /// What for, as the front end would call it.
    public var application: String?
    /// Where from.
    public var address: IPAddress?
    /// Where and with what, as the front end would say, the risk of the sign-in among it.
    public var circumstances: SignInCircumstances
    /// The risk of the user; what it is if `nil`.
    public var userRisk: RiskLevel?
    /// What was shown so far. A password is none; it is in ``circumstances``.
    public var presented: [PresentedFactor]

    /// A question from its parts.
    public init(
        user: UserName, application: String? = nil, address: IPAddress? = nil,
        circumstances: SignInCircumstances = SignInCircumstances(), userRisk: RiskLevel? = nil,
        presented: [PresentedFactor] = []
    ) {
        self.user = user
        self.application = application
        self.address = address
        self.circumstances = circumstances
        self.userRisk = userRisk
        self.presented = presented
    }
}

/// What policies say to a sign-in, and why.
public struct WhatIfAnswer: Sendable, Hashable {
    /// Whether the server knows the user. One that it does not is in no group and has no role.
    public var isUserKnown: Bool
    /// Whether the user is locked, so that nobody signs in to the account whatever policies say.
    public var isLocked: Bool
    /// The facts that the policies were asked about.
    public var request: AccessRequest
    /// What they say together.
    public var decision: AccessDecision
    /// Each policy, in the order of the files, and why it applies or does not.
    public var explanations: [PolicyExplanation]
    /// The methods that the user has and any of which would do now, the strongest first. Empty where nothing is missing, or
    /// nothing that the user has would do.
    public var sufficientMethods: [SignInMethod]
}

extension AccessRequest {
    /// The facts of a question, of an account as it is now. They are those of a sign-in that a front end begins, so that
    /// what is asked here is what is asked there.
    init(_ question: WhatIfQuestion, _ account: AccountFacts, _ book: PolicyBook) {
        let never = Timestamp(milliseconds: 0)
        self.init(
            SignInState(
                correlation: [], isTransaction: false, user: question.user, client: "",
                service: question.application, address: question.address,
                circumstances: question.circumstances, startedAt: never, expiresAt: never),
            account, book)
        if let risk = question.userRisk { userRisk = risk }
        presented = question.presented
        // A program that keeps a password is one that can ask for nothing, whatever it calls itself.
        if presented.contains(where: { $0.method == .apppass }) { client = .legacy }
    }
}

extension PolicyDesk {
    /// What the policies of a trial say to a sign-in.
    public func whatIf(
        _ question: WhatIfQuestion, of trial: PolicyTrial = PolicyTrial(.inForce)
    ) throws(PolicyDeskError) -> WhatIfAnswer {
        let policies = try policies(of: trial)
        let (store, inventory, book) = (store, inventory, book)
        return try PolicyDeskError.store { () throws(StoreError) in
            let account = try store.accountFacts(of: [question.user]).first?.get() ?? nil
            let request = AccessRequest(question, account ?? AccountFacts(), book)
            let decision = policies.evaluate(request)
            var methods: [SignInMethod] = []
            if case .unsatisfied = decision.outcome {
                methods = try inventory.methods(of: question.user) { factor in
                    !policies.sufficient([[factor]], for: request).isEmpty
                }
            }
            return WhatIfAnswer(
                isUserKnown: account != nil, isLocked: account?.isLocked == true,
                request: request, decision: decision, explanations: policies.explain(request),
                sufficientMethods: methods)
        }
    }
}
