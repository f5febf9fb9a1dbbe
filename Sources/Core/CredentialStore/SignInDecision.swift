public import WebAuthn

/// A challenge that is being answered and so is spent.
public struct SpentChallenge: Sendable, Hashable {
    /// The challenge's first 16 bytes, which name it.
    public let identifier: [UInt8]
    /// Until when it could have been answered; the row is kept as long.
    public let expiresAt: Timestamp

    /// Names a challenge of at least 16 bytes.
    public init(challenge: [UInt8], expiresAt: Timestamp) {
        identifier = Array(challenge.prefix(16))
        self.expiresAt = expiresAt
    }
}

/// A sign-in that has been judged, on its way to the disk.
public struct SignInDecision: Sendable {
    /// What the verification came to.
    public enum Judgement: Sendable, Hashable {
        /// The assertion verifies; the counter and the backup state are to be stored.
        case verified(
            counter: UInt32, isBackupEligible: Bool, isBackedUp: Bool, isUserVerified: Bool)
        /// The card's signature verifies.
        case cardVerified(isUserVerified: Bool)
        /// It was refused, for the reason of this code.
        case refused(code: String)
    }

    /// The challenge to spend; `nil` where the answer named none of ours.
    public var challenge: SpentChallenge?
    /// The kind of credential that answers.
    public var method: SignInMethod
    /// The user that the challenge was for.
    public var user: UserName?
    /// The relying party that the challenge was for.
    public var relyingPartyID: RelyingPartyID?
    /// The credential that the answer names.
    public var credentialID: CredentialID?
    /// The front end that asked.
    public var client: String
    /// When.
    public var at: Timestamp
    /// What the verification came to.
    public var judgement: Judgement

    /// A decision from its parts.
    public init(
        challenge: SpentChallenge?, method: SignInMethod, user: UserName?,
        relyingPartyID: RelyingPartyID?, credentialID: CredentialID?, client: String,
        at: Timestamp, judgement: Judgement
    ) {
        self.challenge = challenge
        self.method = method
        self.user = user
        self.relyingPartyID = relyingPartyID
        self.credentialID = credentialID
        self.client = client
        self.at = at
        self.judgement = judgement
    }
}

/// What a decision became once it was on disk.
public enum SignInVerdict: Sendable, Hashable {
    /// Yes. The challenge is spent, the counter advanced, the row written.
    case accepted
    /// No, for the reason of this code. The row is written.
    case refused(code: String)

    /// The codes that the store itself decides on.
    public enum Code {
        /// The challenge has been answered before.
        public static let challengeSpent = "challenge-spent"
        /// The credential has been deleted, or is another user's.
        public static let credentialNotAllowed = "credential-not-allowed"
        /// The signature counter did not go up: the credential may have been cloned (WebAuthn Level 3 §6.1.1).
        public static let counterNotAhead = "counter-not-ahead"
        /// Backup eligibility differs from what was registered.
        public static let backupEligibilityChanged = "backup-eligibility-changed"
    }
}
