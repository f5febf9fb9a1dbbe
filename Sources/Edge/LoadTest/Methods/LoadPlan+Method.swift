extension LoadPlan {
    /// How the users of a load test sign in. The raw value is the method's name in the line protocol.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// Emulated security keys, which answer challenges.
        case webauthn
        /// Codes of tokens that follow the clock. Each user signs in once, for the next code comes after 30 seconds.
        case totp
        /// Codes of tokens that count.
        case hotp
        /// App passwords, as mail programs keep them and send them again and again.
        case apppass

        /// Whether a credential is good for one sign-in in a run.
        var isUsedOnce: Bool { self == .totp }
    }

    /// The method as a value.
    var loadMethod: any LoadMethod {
        switch method {
        case .webauthn: WebAuthnMethod(relyingPartyID: relyingPartyID, origin: origin)
        case .totp: TOTPMethod()
        case .hotp: HOTPMethod()
        case .apppass: AppPasswordMethod()
        }
    }
}
