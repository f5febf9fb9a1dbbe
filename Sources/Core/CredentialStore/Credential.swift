public import Accounts
public import WebAuthn

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
