public import Accounts
public import Addresses
public import CredentialStore
public import PushMessages
public import WebAuthn

/// A request to ask a user on the phone.
public struct PushRequest: Sendable {
    /// Whom.
    public var user: UserName
    /// What the user signs in to, for the person: 1 to 64 bytes.
    public var application: String
    /// What the application adds: 0 to 255 bytes.
    public var detail: String
    /// Where the one who signs in is.
    public var address: IPAddress?
    /// The country of the address, where known: two capital letters.
    public var country: String?
    /// The front end that asks.
    public var client: String
    /// What the push is part of.
    public var attempt: SignInAttempt

    /// A request from its parts.
    public init(
        user: UserName, application: String, detail: String = "", address: IPAddress? = nil,
        country: String? = nil, client: String, attempt: SignInAttempt = .single()
    ) {
        self.user = user
        self.application = application
        self.detail = detail
        self.address = address
        self.country = country
        self.client = client
        self.attempt = attempt
    }
}

/// A push that is on its way. A user who has no phone, or does not exist, gets one too.
public struct PushTransaction: Sendable, Hashable {
    /// The transaction's identifier, to wait for it or cancel it.
    public let identifier: String
    /// The number for the front end to show, which the person types or chooses on the phone.
    public let number: String
    /// How long it can be answered.
    public let lifetime: Duration
}

/// What a push came to.
public enum PushVerdict: Sendable, Hashable {
    /// Yes. It is on disk.
    case accepted(AcceptedSignIn)
    /// Approved, and not enough. It is on disk.
    case unfinished(UnfinishedSignIn)
    /// Nothing yet.
    case pending
    /// No, for the reason of this code; the reason is on disk.
    case refused(user: UserName?, code: String)
    /// No transaction of this client's, or one whose verdict has been told.
    case unknownTransaction
    /// No verdict: the store could not take it down.
    case unavailable(StoreError)
}

/// A prompt to be sent to a phone by Web Push.
public struct PushDispatch: Sendable, Hashable {
    /// The message: a signed prompt's bytes.
    public let message: [UInt8]
    /// Where to, and the secrets to encrypt it with.
    public let subscription: PhoneSubscription
    /// How long the push service may keep it.
    public let lifetime: Duration
    /// The topic (RFC 8030 §5.4), by which a newer prompt replaces an older one: 22 characters of base64url.
    public let topic: String
}

/// An enrolment of a phone that has begun.
public struct PhoneEnrolment: Sendable, Hashable {
    /// The transaction's identifier, to wait for the phone. It does not tell the ticket.
    public let transaction: String
    /// What the QR code holds. Whoever has it enrols a phone.
    public let ticket: EnrolmentTicket
    /// How long the ticket can be used.
    public let lifetime: Duration
}

/// An enrolment of a phone that has ended well.
public struct CompletedPhoneEnrolment: Sendable, Hashable {
    /// The owner.
    public let user: UserName
    /// The new phone.
    public let phone: CredentialID
    /// Its name.
    public let name: String
    /// How it says that it guards its key.
    public let keyGuard: KeyGuard
    /// Whether it takes Web Push messages, or polls alone.
    public let takesPushes: Bool

    /// An enrolment from its parts.
    public init(
        user: UserName, phone: CredentialID, name: String, keyGuard: KeyGuard, takesPushes: Bool
    ) {
        self.user = user
        self.phone = phone
        self.name = name
        self.keyGuard = keyGuard
        self.takesPushes = takesPushes
    }
}

/// What an enrolment came to.
public enum PhoneEnrolmentVerdict: Sendable, Hashable {
    /// A phone is enrolled.
    case completed(CompletedPhoneEnrolment)
    /// No phone yet.
    case pending
    /// A phone came and was refused for this reason. The ticket is spent.
    case refused(PhoneRefusal)
    /// The ticket's time is over.
    case expired
    /// No transaction of this client's.
    case unknownTransaction
}

/// Somebody who waits for a push, a prompt or a phone.
public struct PushWait: Sendable {
    let drop: @Sendable () -> Void

    /// Stops waiting. What was to be called is let go at once, and is not called any more unless its call has begun.
    public func cancel() { drop() }
}
