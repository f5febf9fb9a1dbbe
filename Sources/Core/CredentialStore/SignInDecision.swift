public import Accounts
public import Addresses
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
        /// The token's code is the one of this moving factor; it and all before it are to be worth nothing from now on.
        case codeVerified(movingFactor: UInt64, drift: Int)
        /// The token's answer to the challenge verifies.
        case responseVerified
        /// The token's code for this question verifies, and depends on nothing else.
        case questionAnswered(question: String)
        /// The recovery code is one that was unused when it was read.
        case recoveryCodeVerified(number: Int64)
        /// The pass is the one that was in force when it was read.
        case accessPassVerified(digest: [UInt8])
        /// The app password is one of the user's, for this service and from here.
        case appPasswordVerified(number: Int64)
        /// The person approved on the phone.
        case phoneApproved(isUserVerified: Bool)
        /// The front end says that the password was right, and there is nothing else to verify.
        case passwordVouched
        /// It was refused, for the reason of this code.
        case refused(code: String)
    }

    /// What becomes of an answer that verifies.
    public enum Access: Sendable, Hashable {
        /// The user is in.
        case granted
        /// The user is not, for the reason of this code.
        case denied(code: String)
        /// More has to be shown, until then.
        case unfinished(until: Timestamp)
    }

    /// The challenge to spend; `nil` where the answer named none of ours.
    public var challenge: SpentChallenge?
    /// The step of a sign-in's transaction to spend, where it is one that the front end began.
    public var transactionStep: SpentChallenge?
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
    /// What the user signs in to, as the front end calls it.
    public var service: String?
    /// Where the user is, as the front end says.
    public var address: IPAddress?
    /// When.
    public var at: Timestamp
    /// What the verification came to.
    public var judgement: Judgement
    /// What happens beside, whether or not the answer is yes.
    public var consequences: [SignInConsequence]
    /// What happens beside where the user is in.
    public var grantedConsequences: [SignInConsequence] = []
    /// What becomes of it where the verification holds.
    public var access: Access
    /// What else the log has of it.
    public var log: SignInLogEntry

    /// A decision from its parts.
    public init(
        challenge: SpentChallenge?, method: SignInMethod, user: UserName?,
        relyingPartyID: RelyingPartyID?, credentialID: CredentialID?, client: String,
        service: String? = nil, address: IPAddress? = nil, at: Timestamp, judgement: Judgement,
        consequences: [SignInConsequence] = [], access: Access,
        log: SignInLogEntry
    ) {
        self.challenge = challenge
        self.method = method
        self.user = user
        self.relyingPartyID = relyingPartyID
        self.credentialID = credentialID
        self.client = client
        self.service = service
        self.address = address
        self.at = at
        self.judgement = judgement
        self.consequences = consequences
        self.access = access
        self.log = log
    }
}

/// What a sign-in brings about beside its verdict, in the same transaction. Where its challenge had been spent before,
/// nothing of it happens.
public enum SignInConsequence: Sendable, Hashable {
    /// The user's phones get no more pushes.
    case stopPushes
    /// The user's MFA is enforced from now on, where it was enabled.
    case enforceMFA
    /// An event is noted of the user.
    case event(SecurityEvent.Kind, detail: String)
}

/// What a decision became once it was on disk.
public enum SignInVerdict: Sendable, Hashable {
    /// Yes. The challenge is spent, the counter advanced, the row written.
    case accepted
    /// Right as far as it goes, and not enough. What was shown is used up, and noted.
    case unfinished
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
        /// A code of this moving factor, or of a later one, has been used.
        public static let codeReplayed = "code-replayed"
        /// The recovery code has been used.
        public static let recoveryCodeSpent = "recovery-code-spent"
        /// The pass is not in force any more, or has been used.
        public static let accessPassSpent = "access-pass-spent"
        /// The app password has been deleted, has ended, or is suspended.
        public static let appPasswordNotInForce = "app-password-not-in-force"
        /// The user said of a push: that was not me. Until that is settled no phone of the user's signs in.
        public static let pushesStopped = "pushes-stopped"
        /// Nobody signs in to the account: an administrator has locked it.
        public static let userLocked = "user-locked"
        /// There is no such user.
        public static let unknownUser = "unknown-user"
        /// Backup eligibility differs from what was registered.
        public static let backupEligibilityChanged = "backup-eligibility-changed"
    }
}
