public import Accounts
public import PIV
public import WebAuthn

/// A key of a PIV card that is registered to a user, with what its registration showed.
///
/// It is good for every relying party of the server: what it signs names the one that it signs for.
public struct CardCredential: Sendable, Hashable {
    /// The identifier: the SHA-256 of ``publicKey``, 32 bytes.
    public let id: CredentialID
    /// The owner.
    public let owner: User
    /// What was registered.
    public let key: CardKeyRecord
    /// The owner's name for it.
    public let label: String
    /// When it was registered.
    public let createdAt: Timestamp
    /// When it last signed in.
    public let lastUsedAt: Timestamp?
}

/// What is known of a card's key: the verifier's findings, and beside them what the client claimed.
public struct CardKeyRecord: Sendable, Hashable {
    /// Why the key is believed to be what it is.
    public enum Evidence: String, Sendable, Hashable {
        /// The card attested that it made the key.
        case attested
        /// An organisation's authority issued a certificate for it.
        case issued
    }

    /// The key: a SubjectPublicKeyInfo in DER (RFC 5280 §4.1).
    public var publicKey: [UInt8]
    /// Where it is in the card.
    public var slot: PIVSlot
    /// Why it is believed to be what it is.
    public var evidence: Evidence
    /// Whether the evidence led to a configured root.
    public var isTrusted: Bool
    /// Whether the card is known to use the key only for somebody who knows its PIN.
    public var isPINRequired: Bool
    /// The certificates, the key's own first, each in DER: the attestation, or what was issued.
    public var certificates: [[UInt8]]
    /// The SHA-256 of the maker's certificate that the attestation led to, 32 bytes, where it led to one.
    public var attestationRoot: [UInt8]?
    /// The card's serial number, where it is attested.
    public var serialNumber: UInt32?
    /// The card's firmware, where it is attested.
    public var firmware: CardFirmware?
    /// When the card wants the PIN, where it is attested.
    public var pinPolicy: PINPolicy?
    /// When the card wants a touch, where it is attested.
    public var touchPolicy: TouchPolicy?
    /// The card's shape by its vendor's number, where it is attested.
    public var formFactor: UInt8?
    /// The answer to reset that the client saw; empty where it told none. Nobody vouches for it.
    public var answerToReset: [UInt8]

    /// A record of a key of which nothing more is known; the rest is set one by one.
    public init(
        publicKey: [UInt8], slot: PIVSlot, evidence: Evidence, isTrusted: Bool,
        isPINRequired: Bool, certificates: [[UInt8]]
    ) {
        self.publicKey = publicKey
        self.slot = slot
        self.evidence = evidence
        self.isTrusted = isTrusted
        self.isPINRequired = isPINRequired
        self.certificates = certificates
        answerToReset = []
    }
}

/// A key of a card that is about to be stored.
public struct NewCardCredential: Sendable {
    /// The identifier: the SHA-256 of the key, 32 bytes.
    public var id: CredentialID
    /// The owner's name.
    public var owner: UserName
    /// What is registered.
    public var key: CardKeyRecord
    /// The owner's name for it.
    public var label: String
    /// When it is registered.
    public var createdAt: Timestamp

    /// A credential from its parts.
    public init(
        id: CredentialID, owner: UserName, key: CardKeyRecord, label: String, createdAt: Timestamp
    ) {
        self.id = id
        self.owner = owner
        self.key = key
        self.label = label
        self.createdAt = createdAt
    }
}
