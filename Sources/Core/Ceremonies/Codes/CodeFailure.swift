/// Why a typed code or a token's answer is not accepted. The raw value is the code of the sign-in record.
public enum CodeFailure: String, Error, Hashable, Sendable, CaseIterable {
    /// There is no such user.
    case unknownUser = "unknown-user"
    /// The text has the form of no code that is asked for.
    case malformedCode = "malformed-code"
    /// The user has nothing that makes such codes.
    case nothingEnrolled = "nothing-enrolled"
    /// The code is none that is in time.
    case wrongCode = "wrong-code"
    /// The code, or a later one of its token, has been used.
    case codeReplayed = "code-replayed"
    /// The HMAC is not the token's.
    case wrongResponse = "wrong-response"
    /// The pass is not in force yet, or not any more, or has been used.
    case passNotInForce = "access-pass-not-in-force"
    /// The service is not one of those that cannot ask for a second factor.
    case serviceTakesNoAppPassword = "service-takes-no-app-password"
    /// The app password is for other services.
    case appPasswordOfOtherService = "app-password-of-other-service"
    /// It may not come from there, or it is not known where it comes from.
    case appPasswordFromElsewhere = "app-password-from-elsewhere"
    /// It has ended.
    case appPasswordEnded = "app-password-ended"
    /// The user's MFA is not enforced, or the user's risk is high.
    case appPasswordSuspended = "app-password-suspended"
    /// The secret at rest does not open: it was moved or changed, or its key is gone.
    case secretUnreadable = "secret-unreadable"
}

/// Why an app password cannot be made.
public enum AppPasswordFailure: String, Error, Hashable, Sendable, CaseIterable {
    /// There are none on this server.
    case notAllowed = "app-passwords-not-allowed"
    /// None of the services, or one that can ask for a second factor.
    case service = "app-password-service"
    /// The time when it is to end is past, or too far.
    case expiry = "app-password-expiry"
}

/// Why a Temporary Access Pass cannot be issued.
public enum AccessPassFailure: String, Error, Hashable, Sendable, CaseIterable {
    /// Nobody issues one to oneself.
    case issuerIsUser = "access-pass-for-oneself"
    /// It would be in force for too short or too long.
    case lifetime = "access-pass-lifetime"
    /// It would have too few or too many characters.
    case length = "access-pass-length"
}
