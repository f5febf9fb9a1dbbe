public import Accounts
public import Addresses
import ConditionalAccess
public import CredentialStore
public import DeviceModels
public import OATH
public import PIV
public import PushMessages
public import VerificationCore
public import WebAuthn

/// A request to authenticate a user.
public struct ChallengeRequest: Sendable {
    /// With which kind of credential.
    public var method: SignInMethod
    /// Whom.
    public var user: UserName
    /// For which relying party; `nil` for the default.
    public var relyingPartyID: RelyingPartyID?
    /// Whether the person must be verified; `nil` for what policy says.
    public var userVerification: UserVerificationRequirement?
    /// The front end that asks.
    public var client: String
    /// The sign-in that the challenge is for a step of, where a front end has begun one.
    public var signIn: SignInState?

    /// A request from its parts.
    public init(
        method: SignInMethod, user: UserName, relyingPartyID: RelyingPartyID?,
        userVerification: UserVerificationRequirement?, client: String, signIn: SignInState? = nil
    ) {
        self.method = method
        self.user = user
        self.relyingPartyID = relyingPartyID
        self.userVerification = userVerification
        self.client = client
        self.signIn = signIn
    }
}

/// An authentication that has begun: what the front end passes to the client.
public struct AuthenticationTransaction: Sendable, Hashable {
    /// The transaction's identifier, needed to finish.
    public let identifier: String
    /// The challenge: 32 bytes.
    public let challenge: [UInt8]
    /// The credentials that may answer. A user who has none, or does not exist, gets a decoy.
    public let allowedCredentials: [CredentialID]
    /// The relying party.
    public let relyingPartyID: RelyingPartyID
    /// Whether the person must be verified.
    public let userVerification: UserVerificationRequirement
    /// How long it can be answered.
    public let lifetime: Duration
    /// The question that a token's code answers, where it is one.
    public let question: String?
    /// The slot of the device that answers with an HMAC, where it is one.
    public let slot: Int?
}

/// An answer to a challenge.
public struct AnswerRequest: Sendable {
    /// The client's answer, untrusted, or why it cannot be read. What cannot be read is an answer too: a wrong one.
    public enum Answer: Sendable {
        /// A security key's.
        case assertion(Result<AuthenticationResponse, MalformedWebAuthn>)
        /// A card's.
        case card(Result<CardAnswer, CardFailure>)
        /// A token's.
        case token(TokenAnswer)
    }

    /// The transaction that it answers.
    public var transaction: String
    /// The answer.
    public var answer: Answer
    /// The front end that passes it on.
    public var client: String
    /// What the user signs in to, as the front end calls it.
    public var service: String?
    /// Where the user is, as the front end says.
    public var address: IPAddress?
    /// What it is part of.
    public var attempt: SignInAttempt

    /// An answer from its parts.
    public init(
        transaction: String, answer: Answer, client: String, service: String? = nil,
        address: IPAddress? = nil, attempt: SignInAttempt = .single()
    ) {
        self.transaction = transaction
        self.answer = answer
        self.client = client
        self.service = service
        self.address = address
        self.attempt = attempt
    }

    /// The credential that the answer names, where it can be read. A certificate is read here, which takes a while.
    var credentialID: CredentialID? {
        switch answer {
        case .assertion(let response): try? response.get().credentialID
        case .card(let answer): try? answer.get().key.identifier
        case .token: nil
        }
    }

    /// The same for the same credential, so that its answers are judged in turn; costs next to nothing.
    var turn: Int {
        switch answer {
        case .assertion(.success(let response)): response.credentialID.hashValue
        case .card(.success(let answer)): answer.key.hashValue
        case .token: transaction.hashValue
        case .assertion, .card: 0
        }
    }
}

/// A token's answer to a challenge.
public enum TokenAnswer: Sendable, Hashable {
    /// The HMAC of the challenge.
    case response([UInt8])
    /// The code for the question, as it was typed.
    case code(String)
}

/// A card's answer, and the key that it is said to be by.
public struct CardAnswer: Sendable {
    /// How an answer names the key that it is by.
    public enum KeyName: Sendable, Hashable {
        /// By its identifier.
        case identifier(CredentialID)
        /// By a certificate of it, in DER.
        case certificate([UInt8])

        /// The identifier; `nil` for a certificate that cannot be read.
        var identifier: CredentialID? {
            switch self {
            case .identifier(let identifier): return identifier
            case .certificate(let der):
                guard let key = try? CardKey(certificate: der) else { return nil }
                return try? CredentialID(bytes: key.identifier)
            }
        }
    }

    /// The key.
    public var key: KeyName
    /// The algorithm of the signature; `nil` for the first that keys of this kind have.
    public var algorithm: COSEAlgorithm?
    /// The signature.
    public var signature: [UInt8]
    /// What was signed, where the client says.
    public var message: [UInt8]?

    /// An answer from its parts.
    public init(
        key: KeyName, algorithm: COSEAlgorithm?, signature: [UInt8], message: [UInt8]?
    ) {
        self.key = key
        self.algorithm = algorithm
        self.signature = signature
        self.message = message
    }
}

/// A sign-in that was accepted. It is on disk.
public struct AcceptedSignIn: Sendable, Hashable {
    /// With what, and what only that has.
    public enum Means: Sendable, Hashable {
        /// A WebAuthn credential with its signature counter, and by what means a model of its kind verifies its person;
        /// none where the model is not attested or not known.
        case webauthn(signatureCounter: UInt32, verificationMeans: Set<UserVerificationMeans>)
        /// A card's key in a slot, the card's serial number where that is attested, and by what means the card verifies
        /// its person for this key; none where it is not known to.
        case card(
            slot: PIVSlot, serialNumber: UInt32?, verificationMeans: Set<UserVerificationMeans>)
        /// A token's code, or its answer to a challenge.
        case token(TokenKind)
        /// A recovery code, and how many are left.
        case recoveryCode(left: Int)
        /// A Temporary Access Pass.
        case accessPass
        /// The app password of this number.
        case appPassword(number: Int64)
        /// An approval on a phone, which says that it guards its key so.
        case phone(guardedBy: KeyGuard)
        /// A password alone, which the front end checked.
        case password
    }

    /// Who signed in.
    public let user: UserName
    /// With which credential, where it is one that has an identifier.
    public let credentialID: CredentialID?
    /// The owner's name for it.
    public let label: String
    /// With what.
    public let means: Means
    /// Whether the person was verified.
    public let isUserVerified: Bool
    /// Whether the key is known to live in hardware and never to leave it: by an attestation that leads to a known root,
    /// or, for a card, by the word of a trusted issuer.
    public let isHardwareBound: Bool
    /// What device it is, where that is known.
    var device: DeviceFacts?
    /// What let the user in; not there before policies have been asked.
    public internal(set) var grant: AccessGrant?
}

/// An answer's verdict. A refusal names the user where the transaction was one of ours.
public enum AuthenticationVerdict: Sendable, Hashable {
    /// Yes.
    case accepted(AcceptedSignIn)
    /// Right as far as it goes, and not enough; what was shown is used up, and on disk.
    case unfinished(UnfinishedSignIn)
    /// No, for the reason of this code; the reason is on disk.
    case refused(user: UserName?, code: String)
    /// Not judged: too many wrong answers came before. Nothing is on disk.
    case limited(user: UserName, retryAfter: Duration)
    /// No verdict: the store could not take it down.
    case unavailable(StoreError)
}
