package import Authenticators

extension FIDOStatus {
    /// What a status means to the person, once nothing more can be tried. Not for success.
    ///
    /// A status that says only that request and authenticator disagree is left as ``AuthenticatorFailure/unexpectedStatus(_:)``.
    package var failure: AuthenticatorFailure {
        switch self {
        case .timeout, .userActionTimeout, .actionTimeout: .timedOut
        case .channelBusy, .operationPending, .userActionPending, .processing: .inUse
        case .keepaliveCancel: .cancelled
        case .operationDenied, .libraryUserPresenceRequired: .declined
        case .credentialExcluded: .credentialExcluded
        case .noCredentials, .invalidCredential: .noCredentials
        case .keyStoreFull: .storageFull
        case .unsupportedAlgorithm: .unsupportedAlgorithm
        case .unsupportedOption, .invalidOption: .unsupportedFeature(name: "option")
        case .unsupportedExtension: .unsupportedFeature(name: "extension")
        case .limitExceeded, .requestTooLarge: .requestTooLarge
        case .pinInvalid: .pinInvalid(retriesLeft: nil)
        case .pinBlocked: .pinBlocked
        case .pinAuthBlocked: .pinBlockedUntilPluggedInAgain
        case .pinNotSet: .pinNotSet
        case .pinPolicyViolation: .pinPolicy
        case .pinRequired: .verificationNotSetUp
        case .userVerificationBlocked: .verificationBlocked
        case .userVerificationInvalid: .verificationFailed(retriesLeft: nil)
        case .transmissionFailed: .unplugged
        case .receptionFailed, .receivedNotCBOR, .receivedInvalidCBOR, .invalidCBOR,
            .invalidSequence, .internalError, .invalidSignature, .invalidArgumentValue:
            .malformedReply
        default: .unexpectedStatus(description)
        }
    }
}
