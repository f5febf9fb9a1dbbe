import CTAP

extension SoftwareAuthenticator {
    /// What a ceremony learned about the person before the credential is used.
    struct Evidence: Sendable {
        var isUserVerified = false
        var isUserPresent = false
        /// The protocol whose token was used, to be spent.
        var token: PINUVAuthProtocol?
    }

    /// How a ceremony asks for user verification.
    struct VerificationDemand: Sendable {
        let authorization: PINUVAuthorization
        let clientDataHash: [UInt8]
        let relyingPartyID: String
        let permission: TokenPermissions
        let wantsBuiltIn: Bool
    }

    /// A request whose pinUvAuthParam has no length only asks the person to show which key they mean (CTAP 2.1
    /// §6.1.2 step 1).
    func askWhichKey() -> Step {
        askForTouch { (authenticator) throws(CTAPStatus) in
            throw authenticator.state.isProtected ? .pinInvalid : .pinNotSet
        }
    }

    /// Verifies the person as the request asks: by token, by finger, or not at all.
    mutating func gatherEvidence(
        _ demand: VerificationDemand,
        then proceed:
            @escaping @Sendable (
                inout SoftwareAuthenticator, Evidence
            ) throws(CTAPStatus) -> Step
    ) throws(CTAPStatus) -> Step {
        if demand.authorization.parameter != nil {
            let number = try checkToken(
                demand.authorization, message: demand.clientDataHash,
                permission: demand.permission)
            guard let grant = session.tokens[number]?.grant, grant.isUserVerified,
                grant.relyingPartyID == nil || grant.relyingPartyID == demand.relyingPartyID
            else { throw .pinAuthInvalid }
            session.tokens[number]?.bind(to: demand.relyingPartyID)
            return try proceed(
                &self,
                Evidence(
                    isUserVerified: true, isUserPresent: grant.isUserPresent, token: number))
        }
        guard demand.wantsBuiltIn else { return try proceed(&self, Evidence()) }
        let failure: CTAPStatus =
            state.pin == nil ? .operationDenied : .pinUvAuthTokenRequired
        guard state.uvRetries > 0 else { throw failure }
        return askForFingerprint(attempts: Limits.uvRetries) {
            (authenticator, outcome) throws(CTAPStatus) in
            switch outcome {
            case .verified:
                return try proceed(
                    &authenticator, Evidence(isUserVerified: true, isUserPresent: true))
            case .timedOut: throw .userActionTimeout
            case .declined: throw .operationDenied
            case .invalid, .blocked: throw failure
            }
        }
    }

    /// Asks for a touch unless there was one, and spends the token that came with the request.
    mutating func requirePresence(
        _ evidence: Evidence,
        then proceed:
            @escaping @Sendable (
                inout SoftwareAuthenticator
            ) throws(CTAPStatus) -> Step
    ) throws(CTAPStatus) -> Step {
        if evidence.isUserPresent {
            spend(evidence)
            return try proceed(&self)
        }
        return askForTouch { (authenticator) throws(CTAPStatus) in
            authenticator.spend(evidence)
            return try proceed(&authenticator)
        }
    }

    private mutating func spend(_ evidence: Evidence) {
        guard let token = evidence.token else { return }
        session.tokens[token]?.spend()
    }
}
