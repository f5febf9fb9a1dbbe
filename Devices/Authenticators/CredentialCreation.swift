public import WebAuthn

/// What making a WebAuthn credential takes (authenticatorMakeCredential, WebAuthn Level 3 §6.3.2).
public struct CredentialCreationRequest: Sendable, Hashable {
    /// The SHA-256 of the client data: 32 bytes.
    public var clientDataHash: [UInt8]
    /// Whom the credential is for.
    public var relyingPartyID: RelyingPartyID
    /// The relying party's name, as the authenticator may show it.
    public var relyingPartyName: String
    /// The user account's handle.
    public var userHandle: UserHandle
    /// The user account's name.
    public var userName: String
    /// The user account's name for people.
    public var userDisplayName: String
    /// The algorithms that are welcome, the best first.
    public var algorithms: [COSEAlgorithm]
    /// Credentials that this authenticator must not hold already.
    public var excludedCredentials: [CredentialID]
    /// Whether the credential is to be discoverable.
    public var residentKey: ResidentKeyRequirement
    /// Whether the person is to be verified.
    public var userVerification: UserVerificationRequirement
    /// How long the authenticator and its person may take for one attempt.
    public var timeout: Duration

    /// A request by its parts.
    public init(
        clientDataHash: [UInt8], relyingPartyID: RelyingPartyID, relyingPartyName: String,
        userHandle: UserHandle, userName: String, userDisplayName: String,
        algorithms: [COSEAlgorithm], excludedCredentials: [CredentialID] = [],
        residentKey: ResidentKeyRequirement = .discouraged,
        userVerification: UserVerificationRequirement = .required, timeout: Duration = .seconds(60)
    ) {
        self.clientDataHash = clientDataHash
        self.relyingPartyID = relyingPartyID
        self.relyingPartyName = relyingPartyName
        self.userHandle = userHandle
        self.userName = userName
        self.userDisplayName = userDisplayName
        self.algorithms = algorithms
        self.excludedCredentials = excludedCredentials
        self.residentKey = residentKey
        self.userVerification = userVerification
        self.timeout = timeout
    }

    /// The request that a client makes from a relying party's options, once it has its client data.
    public init(_ options: CreationOptions, clientDataHash: [UInt8]) {
        self.init(
            clientDataHash: clientDataHash, relyingPartyID: options.relyingPartyID,
            relyingPartyName: options.relyingPartyName, userHandle: options.userHandle,
            userName: options.userName, userDisplayName: options.userDisplayName,
            algorithms: options.algorithms, excludedCredentials: options.excludedCredentials,
            residentKey: options.residentKey, userVerification: options.userVerification,
            timeout: .milliseconds(options.timeout))
    }
}

/// A WebAuthn credential that an authenticator made, unverified.
public struct CreatedCredential: Sendable, Hashable {
    /// The credential's identifier, as the authenticator data has it.
    public let credentialID: CredentialID
    /// The attestation object (WebAuthn Level 3 §6.5.4): authenticator data and statement, byte for byte as they came.
    public let attestationObject: [UInt8]
    /// How the authenticator can be reached.
    public let transports: [AuthenticatorTransport]

    /// A credential by its parts.
    public init(
        credentialID: CredentialID, attestationObject: [UInt8],
        transports: [AuthenticatorTransport]
    ) {
        self.credentialID = credentialID
        self.attestationObject = attestationObject
        self.transports = transports
    }
}
