/// What came of a sign-in.
public enum SignInOutcome: String, Sendable, Hashable, CaseIterable {
    /// The user was let in.
    case success
    /// The user was not.
    case failure
    /// It was begun, right as far as it went, and never finished.
    case interrupted

    /// The reason of a sign-in that was never finished.
    package static let interruption = "interrupted"
}

/// A row of the sign-in log with all of its columns. Texts are as front ends sent them: whoever shows them makes them
/// harmless.
public struct SignInRow: Sendable, Hashable {
    /// The row's number, in the order of commits.
    public var number: Int64
    /// When.
    public var at: Timestamp
    /// What came of it.
    public var outcome: SignInOutcome
    /// `ok`, `interrupted`, or the code of the check that failed.
    public var reason: String
    /// Who.
    public var user: String?
    /// What the user signed in to.
    public var application: String?
    /// What the last step was made with; `password` where there was nothing but a password.
    public var method: String
    /// The credential of the last step.
    public var credential: [UInt8]?
    /// The relying party, where a credential is one's.
    public var relyingParty: String?
    /// The front end.
    public var client: String
    /// Where the user was.
    public var address: String?
    /// The country of that, two letters.
    public var country: String?
    /// `browser`, `native` or `legacy`.
    public var clientKind: String?
    /// What the user's program calls itself.
    public var userAgent: String?
    /// The model of the credential, or `aaguid:…`.
    public var device: String?
    /// Whether the credential lives in hardware.
    public var isHardware: Bool?
    /// What the front end said of the password: `ok` or `bad`.
    public var password: String?
    /// `single-factor`, `multi-factor`, or the strengths that were required, with commas between.
    public var requirement: String?
    /// What the policies came to: `success`, `failure` or `not-applied`.
    public var policyResult: String?
    /// The policies that applied, each with its result: words `id=result` with blanks between.
    public var policies: String?
    /// The risk of the user.
    public var userRisk: String?
    /// The risk of the sign-in.
    public var signInRisk: String?
    /// The steps as a JSON array, where there was more than one.
    public var steps: String?
    /// What ties the steps together.
    public var correlation: [UInt8]?
    /// How long the server worked on it, in microseconds.
    public var processing: Int64?
    /// The signature counter.
    public var counter: Int64?
    /// Whether the person was verified.
    public var isUserVerified: Bool?
}
