public import PIV
public import WebAuthn

/// What registering a key of a card takes.
public struct CardRegistrationRequest: Sendable {
    /// Where the key comes from.
    public enum Way: Sendable {
        /// The card makes it now, and attests that it did.
        ///
        /// A card that cannot attest is refused before anything is changed.
        case generate(
            slot: PIVSlot = .authentication, algorithm: PIVAlgorithm = .p256,
            pinPolicy: PINPolicy = .once, touchPolicy: TouchPolicy = .defaultPolicy,
            managementKey: ManagementKeySource = .automatic, existing: ExistingKey = .kept)
        /// The slot has it: one that an authority issued a certificate for, or that the card made earlier and attests, or
        /// both.
        case existing(slot: PIVSlot = .authentication)
    }

    /// The server's challenge: 32 bytes.
    public var challenge: [UInt8]
    /// Whom the key is for: 1 to 255 bytes.
    public var relyingPartyID: String
    /// The user account's name: 1 to 255 bytes.
    public var userName: String
    /// Where the key comes from.
    public var way: Way
    /// The signature algorithms that are welcome, in any order.
    public var algorithms: [COSEAlgorithm]
    /// How long the card and its person may take. The time in which the PIN is asked for does not count.
    public var timeout: Duration

    /// A request by its parts.
    public init(
        challenge: [UInt8], relyingPartyID: String, userName: String, way: Way,
        algorithms: [COSEAlgorithm] = [.es256, .es384, .ps256, .rs256],
        timeout: Duration = .seconds(120)
    ) {
        self.challenge = challenge
        self.relyingPartyID = relyingPartyID
        self.userName = userName
        self.way = way
        self.algorithms = algorithms
        self.timeout = timeout
    }
}

/// What is done about a key that a slot has where a new one is to be made.
public enum ExistingKey: Sendable, Hashable {
    /// It stays, and no new one is made.
    case kept
    /// It is destroyed for good.
    case replaced
}

/// A key of a card that was registered, unverified.
public struct CardRegistrationAnswer: Sendable, Hashable {
    /// What speaks for the key: an attestation, a certificate, or both.
    public struct Evidence: Sendable, Hashable {
        /// The card's word that it made this key.
        public let attestation: KeyAttestation?
        /// The certificate for this key in the slot, DER. Whoever manages the card may have issued it.
        public let certificate: [UInt8]?
        /// The contents of the discovery object, which tells of the card's PIN and not of this key. Only beside a
        /// certificate, and not where the card says that the key never wants the PIN.
        public let discovery: [UInt8]?

        /// Evidence by its parts; `nil` with neither an attestation nor a certificate. Without a certificate the
        /// discovery object is left out.
        public init?(
            attestation: KeyAttestation? = nil, certificate: [UInt8]? = nil,
            discovery: [UInt8]? = nil
        ) {
            guard attestation != nil || certificate != nil else { return nil }
            self.attestation = attestation
            self.certificate = certificate
            self.discovery = certificate == nil ? nil : discovery
        }
    }

    /// The DER of the key's SubjectPublicKeyInfo.
    public let publicKey: [UInt8]
    /// SHA-256 of ``publicKey``: 32 bytes.
    public let keyIdentifier: [UInt8]
    /// Where the key is.
    public let slot: PIVSlot
    /// How it signed.
    public let algorithm: COSEAlgorithm
    /// The signature over a `CardSignedMessage` for registration: for ECDSA the DER of `SEQUENCE { r, s }`, for RSA as
    /// long as the modulus.
    public let signature: [UInt8]
    /// What speaks for the key.
    public let evidence: Evidence
    /// The card's answer to reset: 2 to 33 bytes.
    public let answerToReset: [UInt8]
    /// Whether the card has the management key that everybody knows, after all of this; `nil` where that cannot be told.
    public let isManagementKeyDefault: Bool?

    /// An answer by its parts.
    public init(
        publicKey: [UInt8], keyIdentifier: [UInt8], slot: PIVSlot, algorithm: COSEAlgorithm,
        signature: [UInt8], evidence: Evidence, answerToReset: [UInt8],
        isManagementKeyDefault: Bool?
    ) {
        self.publicKey = publicKey
        self.keyIdentifier = keyIdentifier
        self.slot = slot
        self.algorithm = algorithm
        self.signature = signature
        self.evidence = evidence
        self.answerToReset = answerToReset
        self.isManagementKeyDefault = isManagementKeyDefault
    }
}
