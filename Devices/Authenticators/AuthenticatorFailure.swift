/// Why a driver could not do what it was asked. Each case is one thing for a person to act on; see ``advice``.
public enum AuthenticatorFailure: Error, Sendable, Hashable {
    /// The path names no authenticator in any form that is known.
    case invalidPath(String)
    /// The path leads to another machine, which was not allowed.
    case notLoopback(host: String)
    /// Nothing is there.
    case notFound(path: String)
    /// The operating system does not let this user open the device.
    case permissionDenied(path: String)
    /// Something is there and it is no authenticator of the family.
    case notAnAuthenticator(path: String)
    /// Another program, or another ceremony of this one, holds the authenticator.
    case inUse
    /// The authenticator was removed.
    case unplugged
    /// Nobody acted, or the authenticator did not answer, in time.
    case timedOut
    /// The task was cancelled.
    case cancelled
    /// The person refused at the authenticator.
    case declined
    /// Another program reset the authenticator in mid-command.
    case wasReset
    /// A service of this machine that the driver depends on does not run.
    case serviceNotRunning(name: String)

    /// The PIN is needed and nobody gave it.
    case pinNotGiven
    /// The PIN was wrong time and again.
    case pinInvalid(retriesLeft: Int?)
    /// Too many wrong PINs followed each other; the authenticator must be plugged in anew before the next.
    case pinBlockedUntilPluggedInAgain
    /// No PIN retries are left.
    case pinBlocked
    /// The authenticator has no PIN.
    case pinNotSet
    /// The authenticator does not accept the new PIN, or wants another one before it goes on.
    case pinPolicy
    /// The code that unblocks a PIN was wrong.
    case pukInvalid(retriesLeft: Int?)
    /// No retries of the code that unblocks a PIN are left.
    case pukBlocked
    /// The key that the authenticator is managed with is another one.
    case managementKeyRejected
    /// The authenticator is managed with a key that everybody knows.
    case managementKeyIsDefault
    /// The person was not recognised.
    case verificationFailed(retriesLeft: Int?)
    /// The authenticator's own means to verify its person are blocked, and there is no PIN to go by.
    case verificationBlocked
    /// User verification is required and neither a PIN nor a fingerprint has been set up.
    case verificationNotSetUp
    /// User verification is required and the authenticator has no means for it.
    case verificationUnsupported

    /// The authenticator holds one of the excluded credentials.
    case credentialExcluded
    /// The authenticator holds no credential that fits.
    case noCredentials
    /// The place for a new key, by its name, has one already, which was not to be replaced.
    case slotInUse(String)
    /// No room for another discoverable credential.
    case storageFull
    /// The authenticator supports none of the algorithms.
    case unsupportedAlgorithm
    /// The authenticator lacks a feature that the request cannot do without; `name` is the specification's word.
    case unsupportedFeature(name: String)
    /// The request has more or longer parts than the authenticator takes.
    case requestTooLarge
    /// A part of the request is not what its documentation says; `name` names it. The caller's fault.
    case invalidRequest(name: String)
    /// The authenticator's reply is not what the protocol says.
    case malformedReply
    /// The authenticator, or the library that drives it, reported a status that means nothing to a person; `status` is
    /// the constant's name.
    case unexpectedStatus(String)

    /// A stable name for logs and for programs.
    public var code: String {
        switch self {
        case .invalidPath: "invalid-path"
        case .notLoopback: "not-loopback"
        case .notFound: "not-found"
        case .permissionDenied: "permission-denied"
        case .notAnAuthenticator: "not-an-authenticator"
        case .inUse: "in-use"
        case .unplugged: "unplugged"
        case .timedOut: "timed-out"
        case .cancelled: "cancelled"
        case .declined: "declined"
        case .wasReset: "was-reset"
        case .serviceNotRunning: "service-not-running"
        case .pinNotGiven: "pin-not-given"
        case .pinInvalid: "pin-invalid"
        case .pinBlockedUntilPluggedInAgain: "pin-blocked-until-plugged-in-again"
        case .pinBlocked: "pin-blocked"
        case .pinNotSet: "pin-not-set"
        case .pinPolicy: "pin-policy"
        case .pukInvalid: "puk-invalid"
        case .pukBlocked: "puk-blocked"
        case .managementKeyRejected: "management-key-rejected"
        case .managementKeyIsDefault: "management-key-is-default"
        case .verificationFailed: "verification-failed"
        case .verificationBlocked: "verification-blocked"
        case .verificationNotSetUp: "verification-not-set-up"
        case .verificationUnsupported: "verification-unsupported"
        case .credentialExcluded: "credential-excluded"
        case .noCredentials: "no-credentials"
        case .slotInUse: "slot-in-use"
        case .storageFull: "storage-full"
        case .unsupportedAlgorithm: "unsupported-algorithm"
        case .unsupportedFeature: "unsupported-feature"
        case .requestTooLarge: "request-too-large"
        case .invalidRequest: "invalid-request"
        case .malformedReply: "malformed-reply"
        case .unexpectedStatus: "unexpected-status"
        }
    }
}
