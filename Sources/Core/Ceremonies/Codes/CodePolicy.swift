/// What is decided about tokens, codes that are typed, and app passwords.
public struct CodePolicy: Sendable {
    /// How many counters ahead of the next one a code may be (RFC 4226 §7.2).
    public var lookAheadWindow: UInt64
    /// How many time steps before and after the one that a token's clock should show its code may be (RFC 6238 §5.2).
    public var timeStepWindow: UInt64
    /// How far from where a token should be it is looked for, when its owner types two codes: counters ahead, or time steps
    /// to each side.
    public var resynchronisationWindow: UInt64
    /// How many tokens a user may have.
    public var maximumTokensPerUser: Int
    /// What an authenticator app calls us.
    public var issuer: String
    /// How many recovery codes a user gets.
    public var recoveryCodeCount: Int
    /// How long a Temporary Access Pass may be in force.
    public var accessPassLifetimes: ClosedRange<Duration>
    /// Whether there are app passwords.
    public var allowsAppPasswords: Bool
    /// The services that app passwords are for: those of programs that cannot ask for a second factor.
    public var appPasswordServices: Set<String>
    /// How many app passwords a user may have.
    public var maximumAppPasswordsPerUser: Int
    /// Whether a user's app passwords go when the password is reset.
    public var deletesAppPasswordsAtReset: Bool
    /// How many wrong codes are borne.
    public var failures: FailureLimits

    /// The defaults, without app passwords.
    public init() {
        lookAheadWindow = 10
        timeStepWindow = 1
        resynchronisationWindow = 1000
        maximumTokensPerUser = 5
        issuer = "Countersign"
        recoveryCodeCount = 10
        accessPassLifetimes = .seconds(600) ... .seconds(30 * 86_400)
        allowsAppPasswords = false
        appPasswordServices = [
            "imap", "pop3", "smtp", "submission", "sieve", "caldav", "carddav", "webdav", "ldap",
            "xmpp", "git",
        ]
        maximumAppPasswordsPerUser = 40
        deletesAppPasswordsAtReset = true
        failures = FailureLimits()
    }
}
