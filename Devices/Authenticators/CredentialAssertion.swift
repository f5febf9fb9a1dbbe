public import WebAuthn

/// What getting a WebAuthn assertion takes (authenticatorGetAssertion, WebAuthn Level 3 §6.3.3).
public struct AssertionRequest: Sendable, Hashable {
    /// The SHA-256 of the client data: 32 bytes.
    public var clientDataHash: [UInt8]
    /// Whose credential is wanted.
    public var relyingPartyID: RelyingPartyID
    /// The credentials that will do; empty for any discoverable one of the relying party.
    public var allowedCredentials: [CredentialID]
    /// Whether the person is to be verified.
    public var userVerification: UserVerificationRequirement
    /// How long the authenticator and its person may take for one attempt.
    public var timeout: Duration

    /// A request by its parts.
    public init(
        clientDataHash: [UInt8], relyingPartyID: RelyingPartyID,
        allowedCredentials: [CredentialID],
        userVerification: UserVerificationRequirement = .required, timeout: Duration = .seconds(60)
    ) {
        self.clientDataHash = clientDataHash
        self.relyingPartyID = relyingPartyID
        self.allowedCredentials = allowedCredentials
        self.userVerification = userVerification
        self.timeout = timeout
    }
}

/// A WebAuthn assertion that an authenticator signed, unverified.
public struct Assertion: Sendable, Hashable {
    /// The credential that signed.
    public let credentialID: CredentialID
    /// The authenticator data, as it was signed (WebAuthn Level 3 §6.1).
    public let authenticatorData: [UInt8]
    /// The signature over authenticator data and the client data's hash.
    public let signature: [UInt8]
    /// The account's handle, which discoverable credentials give back.
    public let userHandle: UserHandle?
    /// The account's name, which discoverable credentials give back where there is a choice and the person is verified.
    public let userName: String?

    /// An assertion by its parts.
    public init(
        credentialID: CredentialID, authenticatorData: [UInt8], signature: [UInt8],
        userHandle: UserHandle?, userName: String?
    ) {
        self.credentialID = credentialID
        self.authenticatorData = authenticatorData
        self.signature = signature
        self.userHandle = userHandle
        self.userName = userName
    }
}
