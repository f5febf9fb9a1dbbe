public import PIV

/// Everything that a card tells about itself to somebody who knows no secret of it. None of it is proven.
public struct CardReport: Sendable, Hashable {
    /// Where the card is.
    public let path: CardPath
    /// Its answer to reset: 2 to 33 bytes.
    public let answerToReset: [UInt8]
    /// What its maker calls the application; empty where the card does not say.
    public let label: String
    /// The firmware's version.
    public let firmware: CardFirmware?
    /// The serial number.
    public let serialNumber: UInt32?
    /// The cardholder unique identifier; `nil` where there is none that can be read.
    public let chuid: CHUID?
    /// Which PIN the card wants.
    public let discovery: DiscoveryObject?
    /// The PIN that the card's rules put first.
    public let pin: Secret
    /// The PUK.
    public let puk: Secret
    /// The management key.
    public let managementKey: ManagementKeyState
    /// The slots that hold a key or a certificate, as far as the card lets on.
    public let slots: [SlotReport]

    /// What is known about a PIN or the PUK.
    public struct Secret: Sendable, Hashable {
        /// How many wrong ones may still follow each other.
        public let retriesLeft: Int?
        /// How many may after the right one.
        public let retries: Int?
        /// Whether it is the one of a new card.
        public let isDefault: Bool?
    }

    /// What is known about the management key.
    public struct ManagementKeyState: Sendable, Hashable {
        /// The kind of key.
        public let algorithm: PIVAlgorithm?
        /// Whether it is the one of a new card, which everybody knows.
        public let isDefault: Bool?
        /// Whether the card notes that it keeps the key for the PIN's holder.
        public let isKept: Bool
    }
}

/// What a card tells about one slot.
public struct SlotReport: Sendable, Hashable {
    /// Which slot.
    public let slot: PIVSlot
    /// The kind of key; `nil` where the card does not say and there is no certificate.
    public let algorithm: PIVAlgorithm?
    /// When the key wants the PIN; `nil` where the card does not say.
    public let pinPolicy: PINPolicy?
    /// When the key wants a touch; `nil` where the card does not say.
    public let touchPolicy: TouchPolicy?
    /// Whether the key was made in the card; `nil` where the card does not say.
    public let isGenerated: Bool?
    /// SHA-256 of the key's SubjectPublicKeyInfo, 32 bytes; `nil` where the key is not known.
    public let keyIdentifier: [UInt8]?
    /// What the certificate object holds.
    public let certificate: Certificate

    /// What a slot's certificate object holds.
    public enum Certificate: Sendable, Hashable {
        /// Nothing.
        case absent
        /// A certificate that was compressed, which is not supported.
        case compressed
        /// Something else than a certificate.
        case unreadable
        /// A certificate: subject and issuer (RFC 2253), when it is valid, in seconds since 1970, and whether it is for
        /// the key that the card says the slot has; `nil` where it does not say.
        case present(
            subject: String, issuer: String, notBefore: Int64, notAfter: Int64,
            isForKey: Bool?)
    }
}
