import Accounts
public import CredentialStore
public import OATH
public import PushMessages
public import Secrets
public import VerificationCore

/// Why a ceremony did not come to a verdict, or came to a no.
public enum CeremonyError: Error, Hashable, Sendable {
    /// The transaction is none that this server sealed, or for another purpose or client.
    case unknownTransaction
    /// The transaction's time is over.
    case expired
    /// The relying party is not one that the server verifies for.
    case unknownRelyingParty
    /// Policy does not let this request do without user verification.
    case userVerificationRequired
    /// The user has as many credentials as policy allows.
    case tooManyCredentials
    /// Policy does not let the user register anything of the method.
    case methodNotAllowed
    /// An advisory about the authenticator's model says that it is not to be enrolled.
    case refusedByAdvisory(id: String)
    /// A check of the ceremony did not hold.
    case failed(CeremonyFailure)
    /// A check of a card's ceremony did not hold.
    case card(CardFailure)
    /// The card's key is registered to nobody.
    case keyNotRegistered
    /// The card's key is registered to another user.
    case keyOfAnotherUser
    /// The card is managed with a key that everybody knows, or its client does not say that it is not.
    case defaultManagementKey
    /// A code or a token's answer is not accepted.
    case code(CodeFailure)
    /// What is said of a token cannot be.
    case token(MalformedOATH)
    /// An app password may not be made, or not so.
    case appPassword(AppPasswordFailure)
    /// A Temporary Access Pass may not be issued, or not so.
    case accessPass(AccessPassFailure)
    /// A push says something that a phone cannot show.
    case prompt(MalformedPush)
    /// The user has had as many prompts as policy allows.
    case limited(retryAfter: Duration)
    /// More is in flight than the server holds.
    case busy
    /// A secret at rest could not be sealed or opened.
    case secret(SecretError)
    /// The store said no, or could not answer.
    case store(StoreError)

    /// A stable name for logs, the sign-in record and clients that may know reasons.
    public var code: String {
        switch self {
        case .unknownTransaction: "unknown-transaction"
        case .expired: "challenge-expired"
        case .unknownRelyingParty: "unknown-relying-party"
        case .userVerificationRequired: "user-verification-required"
        case .tooManyCredentials: "too-many-credentials"
        case .methodNotAllowed: "method-not-allowed"
        case .refusedByAdvisory: "refused-by-advisory"
        case .failed(let failure): failure.code
        case .card(let failure): failure.code
        case .keyNotRegistered: "key-not-registered"
        case .keyOfAnotherUser: "key-of-another-user"
        case .defaultManagementKey: "default-management-key"
        case .code(let failure): failure.rawValue
        case .token(let error): error.code
        case .appPassword(let failure): failure.rawValue
        case .accessPass(let failure): failure.rawValue
        case .prompt(let error): error.code
        case .limited: "too-many-prompts"
        case .busy: "busy"
        case .secret(let error): error.code
        case .store(let error): error.code
        }
    }
}
