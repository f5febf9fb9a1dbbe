import CTAP

extension SoftwareAuthenticator {
    /// authenticatorConfig (CTAP 2.1 §6.11).
    mutating func config(
        _ request: AuthenticatorConfigRequest
    ) throws(CTAPStatus) -> CTAPResponse {
        if state.isProtected || state.alwaysUv {
            _ = try checkToken(
                request.authorization, message: request.authenticatedMessage,
                permission: .authenticatorConfiguration)
        }
        switch request.operation {
        case .enableEnterpriseAttestation:
            state.enterpriseAttestation = true
        case .toggleAlwaysUv:
            state.alwaysUv.toggle()
        case .setMinimumPINLength(let length, let relyingPartyIDs, let forceChange):
            try setMinimumPINLength(
                length ?? state.minimumPINLength, relyingPartyIDs: relyingPartyIDs,
                forceChange: forceChange ?? false)
        }
        return .success
    }

    /// The minimum only ever grows. A PIN that is now too short must be changed before it opens anything.
    private mutating func setMinimumPINLength(
        _ length: Int, relyingPartyIDs: [String]?, forceChange: Bool
    ) throws(CTAPStatus) {
        guard (state.minimumPINLength...Limits.maximumPINLength).contains(length) else {
            throw .pinPolicyViolation
        }
        guard !forceChange || state.pin != nil else { throw .pinNotSet }
        if let relyingPartyIDs {
            guard relyingPartyIDs.count <= Limits.relyingPartiesForMinimumPINLength else {
                throw .keyStoreFull
            }
            state.minimumPINLengthRPIDs = relyingPartyIDs
        }
        state.minimumPINLength = length
        if let pin = state.pin, forceChange || pin.length < length {
            state.forcePINChange = true
            resetTokens()
        }
    }
}
