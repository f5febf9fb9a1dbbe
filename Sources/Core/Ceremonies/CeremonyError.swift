public import CredentialStore
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
    /// An advisory about the authenticator's model says that it is not to be enrolled.
    case refusedByAdvisory(id: String)
    /// A check of the ceremony did not hold.
    case failed(CeremonyFailure)
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
        case .refusedByAdvisory: "refused-by-advisory"
        case .failed(let failure): failure.code
        case .store(let error): error.code
        }
    }
}
