public import Accounts

/// A row of the sign-in record.
public struct SignIn: Sendable, Hashable {
    /// The row's number; later rows have greater ones.
    public let number: Int64
    /// When.
    public let at: Timestamp
    /// The kind of credential that answered.
    public let method: SignInMethod
    /// The user that the challenge was for.
    public let user: String?
    /// The relying party that the challenge was for.
    public let relyingPartyID: String?
    /// The credential that the answer named.
    public let credentialID: [UInt8]?
    /// The front end that asked.
    public let client: String
    /// What the user signed in to, as the front end calls it.
    public let service: String?
    /// Where the user was, as the front end says.
    public let address: String?
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
