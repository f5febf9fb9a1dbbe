package import Authenticators

extension PCSCStatus {
    /// The service that the driver depends on.
    static let service = "pcscd"

    /// What a status means to the person who uses the card at `path`. Not for success.
    package func failure(path: String) -> AuthenticatorFailure {
        switch self {
        case .removedCard, .readerUnavailable: .unplugged
        case .resetCard: .wasReset
        // The last is what the library makes of a connection to the service that broke.
        case .noService, .serviceStopped, .shutdown, .communicationError:
            .serviceNotRunning(name: Self.service)
        case .sharingViolation, .serverTooBusy, .notReady: .inUse
        case .cancelled, .systemCancelled, .cancelledByUser: .cancelled
        case .timeout, .waitedTooLong: .timedOut
        case .unknownReader, .noReadersAvailable, .noSmartCard: .notFound(path: path)
        case .unresponsiveCard, .unpoweredCard, .unsupportedCard, .cardUnsupported,
            .protocolMismatch, .invalidATR:
            .notAnAuthenticator(path: path)
        case .securityViolation, .noAccess: .permissionDenied(path: path)
        case .insufficientBuffer, .communicationDataLost: .malformedReply
        default: .unexpectedStatus(description)
        }
    }
}
