public import WebAuthn

/// A moment: milliseconds since 1970, UTC.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Milliseconds since 1970.
    public let milliseconds: Int64

    /// A moment so many milliseconds after 1970 began.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Whether the left moment is before the right.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The moment `duration` later.
    public func advanced(by duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(
            milliseconds: milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }
}

/// A user account.
public struct User: Sendable, Hashable {
    /// The name that front ends use.
    public let name: UserName
    /// The name for people.
    public let displayName: String
    /// The handle that authenticators keep: 16 random bytes.
    public let handle: UserHandle
    /// When the account was made.
    public let createdAt: Timestamp

    /// An account from its parts.
    public init(name: UserName, displayName: String, handle: UserHandle, createdAt: Timestamp) {
        self.name = name
        self.displayName = displayName
        self.handle = handle
        self.createdAt = createdAt
    }
}

/// A registered credential (the credential record of WebAuthn Level 3 §4), with what its registration showed.
public struct Credential: Sendable, Hashable {
    /// The identifier.
    public let id: CredentialID
    /// The owner.
    public let owner: User
    /// The relying party that it is scoped to.
    public let relyingPartyID: RelyingPartyID
    /// The public key.
    public let publicKey: COSEKey
    /// The counter of the last assertion that was accepted, or of the registration.
    public let signatureCounter: UInt32
    /// BE at registration.
    public let isBackupEligible: Bool
    /// BS at the last accepted assertion or at registration.
    public let isBackedUp: Bool
    /// How the client believes the authenticator can be reached.
    public let transports: [AuthenticatorTransport]
    /// The authenticator's model, as it states it.
    public let aaguid: AAGUID
    /// The attestation's format.
    public let attestationFormat: String
    /// Whether the attestation led to a known root when the credential was registered.
    public let isAttestationTrusted: Bool
    /// The owner's name for it.
    public let label: String
    /// When it was registered.
    public let createdAt: Timestamp
    /// When it last signed in.
    public let lastUsedAt: Timestamp?
}

/// A credential that is about to be stored.
public struct NewCredential: Sendable {
    /// The identifier.
    public var id: CredentialID
    /// The owner's name.
    public var owner: UserName
    /// The relying party that it is scoped to.
    public var relyingPartyID: RelyingPartyID
    /// The public key.
    public var publicKey: COSEKey
    /// What the authenticator said at registration.
    public var authenticatorData: AuthenticatorData
    /// How the client believes the authenticator can be reached.
    public var transports: [AuthenticatorTransport]
    /// The authenticator's model, as it states it.
    public var aaguid: AAGUID
    /// The attestation's format.
    public var attestationFormat: String
    /// Whether the attestation led to a known root.
    public var isAttestationTrusted: Bool
    /// The attestation object, whole.
    public var attestationObject: [UInt8]
    /// The client data, whole: with the attestation object it can be verified again.
    public var clientDataJSON: [UInt8]
    /// The owner's name for it.
    public var label: String
    /// When it is registered.
    public var createdAt: Timestamp

    /// A credential from its parts.
    public init(
        id: CredentialID, owner: UserName, relyingPartyID: RelyingPartyID, publicKey: COSEKey,
        authenticatorData: AuthenticatorData, transports: [AuthenticatorTransport], aaguid: AAGUID,
        attestationFormat: String, isAttestationTrusted: Bool, attestationObject: [UInt8],
        clientDataJSON: [UInt8], label: String, createdAt: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.relyingPartyID = relyingPartyID
        self.publicKey = publicKey
        self.authenticatorData = authenticatorData
        self.transports = transports
        self.aaguid = aaguid
        self.attestationFormat = attestationFormat
        self.isAttestationTrusted = isAttestationTrusted
        self.attestationObject = attestationObject
        self.clientDataJSON = clientDataJSON
        self.label = label
        self.createdAt = createdAt
    }
}

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
        /// It was refused, for the reason of this code.
        case refused(code: String)
    }

    /// The challenge to spend; `nil` where the answer named none of ours.
    public var challenge: SpentChallenge?
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
        challenge: SpentChallenge?, user: UserName?, relyingPartyID: RelyingPartyID?,
        credentialID: CredentialID?, client: String, at: Timestamp, judgement: Judgement
    ) {
        self.challenge = challenge
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

/// A row of the sign-in record.
public struct SignIn: Sendable, Hashable {
    /// The row's number; later rows have greater ones.
    public let number: Int64
    /// When.
    public let at: Timestamp
    /// The user that the challenge was for.
    public let user: String?
    /// The relying party that the challenge was for.
    public let relyingPartyID: String?
    /// The credential that the answer named.
    public let credentialID: [UInt8]?
    /// The front end that asked.
    public let client: String
    /// Whether the answer was yes.
    public let isAccepted: Bool
    /// `ok`, or the code of the check that failed.
    public let reason: String
    /// The signature counter of an answer that verified, whether or not it was ahead.
    public let signatureCounter: UInt32?
    /// Whether the person was verified.
    public let isUserVerified: Bool?
}

/// How much the store holds.
public struct StoreCounts: Sendable, Hashable {
    /// User accounts.
    public var users: Int
    /// Credentials.
    public var credentials: Int
    /// Rows of the sign-in record that said yes.
    public var accepted: Int
    /// Rows of the sign-in record that said no.
    public var refused: Int
    /// Challenges that have been answered and could still be answered again.
    public var spentChallenges: Int
}
