import CTAP

extension SoftwareAuthenticator {
    /// How built-in user verification ended.
    enum VerificationOutcome: Sendable {
        case verified
        /// Wrong finger, tries left.
        case invalid
        /// No tries left.
        case blocked
        case declined
        case timedOut
    }

    /// performBuiltInUv (CTAP 2.1 §6.5.3.1): asks for an enrolled finger, at most `attempts` times, and counts each
    /// wrong one.
    func askForFingerprint(
        attempts: Int,
        then proceed:
            @escaping @Sendable (
                inout SoftwareAuthenticator, VerificationOutcome
            ) throws(CTAPStatus) -> Step
    ) -> Step {
        .ask(.fingerprint, timeout: configuration.userActionTimeout) {
            (authenticator, answer) throws(CTAPStatus) in
            switch answer {
            case .declined: return try proceed(&authenticator, .declined)
            case .timedOut: return try proceed(&authenticator, .timedOut)
            case .touched(let finger):
                if let finger, authenticator.isEnrolled(finger) {
                    authenticator.state.uvRetries = Limits.uvRetries
                    return try proceed(&authenticator, .verified)
                }
                authenticator.state.uvRetries -= 1
                guard authenticator.state.uvRetries > 0 else {
                    return try proceed(&authenticator, .blocked)
                }
                guard attempts > 1 else { return try proceed(&authenticator, .invalid) }
                return authenticator.askForFingerprint(attempts: attempts - 1, then: proceed)
            }
        }
    }

    func isEnrolled(_ finger: Finger) -> Bool {
        state.fingerprints.contains { $0.finger == finger }
    }

    /// The protocol of a request that authorizes itself; what is missing or unknown ends the command.
    func protocolOf(_ authorization: PINUVAuthorization) throws(CTAPStatus) -> PINUVAuthProtocol {
        guard let number = authorization.protocolNumber else { throw .missingParameter }
        guard let known = PINUVAuthProtocol(number) else { throw .invalidParameter }
        return known
    }

    /// Checks that a request comes from a client whose token has `permission`, for this relying party where one is
    /// named; a token that is tied to another is refused, and so is one that was spent.
    mutating func checkToken(
        _ authorization: PINUVAuthorization, message: [UInt8], permission: TokenPermissions
    ) throws(CTAPStatus) -> PINUVAuthProtocol {
        guard let parameter = authorization.parameter else { throw .pinUvAuthTokenRequired }
        let number = try protocolOf(authorization)
        guard
            let grant = session.tokens[number]?.currentGrant(at: now),
            let key = session.tokens[number]?.bytes,
            number.verify(message, signature: parameter, key: key),
            grant.permissions.isSuperset(of: permission)
        else { throw .pinAuthInvalid }
        return number
    }

    /// The relying party that a token is tied to, if any.
    func boundRelyingPartyID(_ number: PINUVAuthProtocol) -> String? {
        session.tokens[number]?.grant?.relyingPartyID
    }

    /// Makes all tokens anew, so that none that was given out is of use any more.
    mutating func resetTokens() {
        for number in PINUVAuthProtocol.allCases {
            session.tokens[number] = PINUVAuthToken(random: random)
        }
    }
}
