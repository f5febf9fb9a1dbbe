extension AuthenticatorFailure: CustomStringConvertible {
    /// What happened, in a clause for people: no capital, no full stop.
    public var description: String {
        switch self {
        case .invalidPath(let path): "'\(path)' is not a device path"
        case .notLoopback(let host): "\(host) is not this machine"
        case .notFound(let path): "there is no authenticator at \(path)"
        case .permissionDenied(let path): "this user may not open \(path)"
        case .notAnAuthenticator(let path): "\(path) does not answer as an authenticator"
        case .inUse: "the authenticator is in use"
        case .unplugged: "the authenticator was removed"
        case .timedOut: "nothing happened in time"
        case .cancelled: "the ceremony was cancelled"
        case .declined: "it was refused at the authenticator"
        case .wasReset: "another program reset the authenticator"
        case .serviceNotRunning(let name): "the service \(name) does not run"
        case .pinNotGiven: "the authenticator needs its PIN, and none was given"
        case .pinInvalid(let retriesLeft): "the PIN is wrong\(Self.tries(retriesLeft))"
        case .pinBlockedUntilPluggedInAgain: "too many wrong PINs in a row"
        case .pinBlocked: "the authenticator's PIN is blocked"
        case .pinNotSet: "the authenticator has no PIN"
        case .pinPolicy: "the authenticator does not accept this PIN, or wants a new one"
        case .pukInvalid(let retriesLeft): "the PUK is wrong\(Self.tries(retriesLeft))"
        case .pukBlocked: "the authenticator's PUK is blocked"
        case .managementKeyRejected: "the management key is another one"
        case .managementKeyIsDefault: "the management key is the one that everybody knows"
        case .verificationFailed(let retriesLeft):
            "the person was not recognised\(Self.tries(retriesLeft))"
        case .verificationBlocked: "the authenticator's fingerprint sensor is blocked"
        case .verificationNotSetUp: "the authenticator has neither PIN nor fingerprint set up"
        case .verificationUnsupported: "the authenticator cannot verify its user"
        case .credentialExcluded: "this authenticator is registered for the account already"
        case .noCredentials: "this authenticator holds no credential for the account"
        case .slotInUse(let slot): "slot \(slot) has a key already"
        case .storageFull: "the authenticator has no room for another credential"
        case .unsupportedAlgorithm: "the authenticator supports none of the wanted algorithms"
        case .unsupportedFeature(let name): "the authenticator does not support \(name)"
        case .requestTooLarge: "the request is larger than the authenticator takes"
        case .invalidRequest(let name): "the request's \(name) is invalid"
        case .malformedReply: "the authenticator sent a reply that makes no sense"
        case .unexpectedStatus(let status): "the authenticator reported \(status)"
        }
    }

    /// What a person can do about it, in a sentence.
    public var advice: String {
        switch self {
        case .invalidPath:
            "Give the path of a device that 'countersign devices list' shows, such as "
                + "/dev/hidraw0, udp:127.0.0.1:8111, or a reader of 'countersign cards list'."
        case .notLoopback:
            "Run the command on the machine that has the authenticator, or use a loopback address."
        case .notFound: "Plug the authenticator in, and check the path against the list of devices."
        case .permissionDenied:
            "Let users open it, security keys by a udev rule and smart cards by a polkit rule, "
                + "then plug it in again."
        case .notAnAuthenticator: "Check the path; another kind of device has it."
        case .inUse: "Close the other program that uses the authenticator, then try again."
        case .unplugged: "Plug the authenticator in again, then start over."
        case .timedOut: "Try again, and touch the authenticator when it blinks."
        case .cancelled: "Start over when you are ready."
        case .declined:
            "Start over, and confirm at the authenticator if you did not mean to refuse."
        case .wasReset: "Close the other program that uses the authenticator, then start over."
        case .serviceNotRunning(let name):
            "Start it, for instance with 'systemctl start \(name)', then try again."
        case .pinNotGiven: "Start over and enter the authenticator's PIN when asked."
        case .pinInvalid: "Make sure that it is this authenticator's PIN before trying again."
        case .pinBlockedUntilPluggedInAgain:
            "Take the authenticator out, plug it in again, then try with the right PIN."
        case .pinBlocked:
            "Unblock a smart card with its PUK. Only a reset makes a security key usable again, "
                + "and erases its credentials: use another one, or reset this one and enrol it anew."
        case .pinNotSet: "Set a PIN, for instance with 'fido2-token -S', then try again."
        case .pinPolicy:
            "Choose another: a security key takes 4 characters or more, a card 6 to 8 digits. "
                + "Or change the PIN that it has first."
        case .pukInvalid: "Make sure that it is this authenticator's PUK before trying again."
        case .pukBlocked:
            "Only a reset makes it usable again, and a reset erases all its keys: "
                + "use another authenticator, or reset this one and enrol it anew."
        case .managementKeyRejected: "Give the management key that was set for this authenticator."
        case .managementKeyIsDefault:
            "Give the card a management key of its own; enrolling it does."
        case .verificationFailed: "Clean finger and sensor, and use a finger that is enrolled."
        case .verificationBlocked:
            "Set a PIN on the authenticator to unblock it, or use another authenticator."
        case .verificationNotSetUp:
            "Set a PIN or enrol a fingerprint on the authenticator, then try again."
        case .verificationUnsupported:
            "Use an authenticator that has a PIN or a fingerprint sensor."
        case .credentialExcluded:
            "Use it to sign in as it is, or register another authenticator."
        case .noCredentials: "Use the authenticator that was registered for this account."
        case .slotInUse:
            "Choose another slot, or allow the key to be replaced, which destroys it for good."
        case .storageFull: "Delete a credential that is no longer used, then try again."
        case .unsupportedAlgorithm:
            "Use another authenticator, or allow an algorithm that it lists."
        case .unsupportedFeature: "Use another authenticator, or a request that does without."
        case .requestTooLarge: "Shorten the names or the list of credentials."
        case .invalidRequest: "This is a fault of the program that made the request; report it."
        case .malformedReply:
            "Plug the authenticator in again; if that does not help, it may be broken or a fake."
        case .unexpectedStatus:
            "Plug the authenticator in again and try once more; if it recurs, report the status."
        }
    }

    private static func tries(_ left: Int?) -> String {
        switch left {
        case nil: ""
        case 1?: "; 1 try is left"
        case let left?: "; \(left) tries are left"
        }
    }
}
