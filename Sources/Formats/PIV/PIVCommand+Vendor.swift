public import ISO7816

/// The commands that Yubico added to PIV and others took over. A card that has none of them answers 6D00.
extension PIVCommand {
    /// GET VERSION. The response is for ``CardFirmware/init(decoding:)``.
    public static func version() throws(MalformedCardData) -> CommandAPDU {
        try command(.version, 0x00, 0x00, expectedLength: 256)
    }

    /// GET SERIAL. The response is for ``serialNumber(decoding:)``.
    public static func serialNumber() throws(MalformedCardData) -> CommandAPDU {
        try command(.serialNumber, 0x00, 0x00, expectedLength: 256)
    }

    /// Decodes the data of the response to ``serialNumber()``: four bytes, big-endian.
    public static func serialNumber(decoding bytes: [UInt8]) throws(MalformedCardData) -> UInt32 {
        guard bytes.count == 4 else { throw .length }
        return bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// GET METADATA of a slot. The response is for ``CardMetadata``.
    public static func metadata(_ slot: PIVSlot) throws(MalformedCardData) -> CommandAPDU {
        try command(.metadata, 0x00, slot.rawValue, expectedLength: 256)
    }

    /// GET METADATA of a PIN or the PUK. The response is for ``CardMetadata``.
    public static func metadata(
        of reference: PINReference
    ) throws(MalformedCardData) -> CommandAPDU {
        try command(.metadata, 0x00, reference.rawValue, expectedLength: 256)
    }

    /// GET METADATA of the management key. The response is for ``CardMetadata``.
    public static func managementKeyMetadata() throws(MalformedCardData) -> CommandAPDU {
        try command(.metadata, 0x00, managementKeyReference, expectedLength: 256)
    }

    /// ATTEST: a certificate for the key in a slot, signed by the one in F9. The response is the certificate, DER. A key
    /// that was not generated in the card has none.
    public static func attest(_ slot: PIVSlot) throws(MalformedCardData) -> CommandAPDU {
        try command(.attest, slot.rawValue, 0x00, expectedLength: 256)
    }

    /// SET MANAGEMENT KEY, which needs the old one.
    ///
    /// - Throws: ``MalformedCardData/length`` where the key has not the algorithm's length,
    ///   ``MalformedCardData/value(_:)`` where the algorithm is none for management keys.
    public static func setManagementKey(
        _ algorithm: PIVAlgorithm, _ key: [UInt8], touchPolicy: TouchPolicy = .never
    ) throws(MalformedCardData) -> CommandAPDU {
        guard let length = algorithm.managementKeyLength else { throw .value("algorithm") }
        guard key.count == length else { throw .length }
        let parameter2: UInt8 =
            switch touchPolicy {
            case .defaultPolicy, .never: 0xFF
            case .always: 0xFE
            case .cached: 0xFD
            }
        return try command(
            .setManagementKey, 0xFF, parameter2,
            [algorithm.rawValue] + TLV(UInt32(managementKeyReference), key).encoded())
    }

    /// SET PIN RETRIES, which needs management key and PIN, and sets PIN and PUK to their factory values.
    public static func setRetries(
        pin: UInt8, puk: UInt8
    ) throws(MalformedCardData) -> CommandAPDU {
        try command(.setRetries, pin, puk)
    }

    /// RESET: forgets keys and certificates, with PIN, PUK and management key as in a new card. Works only once PIN and
    /// PUK are blocked.
    public static func reset() throws(MalformedCardData) -> CommandAPDU {
        try command(.reset, 0x00, 0x00)
    }

    /// IMPORT ASYMMETRIC KEY on P-256 or P-384, which needs the management key.
    ///
    /// - Parameter scalar: the private key: 32 or 48 bytes.
    public static func importKey(
        _ slot: PIVSlot, _ algorithm: PIVAlgorithm, scalar: [UInt8], pinPolicy: PINPolicy? = nil,
        touchPolicy: TouchPolicy? = nil
    ) throws(MalformedCardData) -> CommandAPDU {
        guard algorithm == .p256 || algorithm == .p384 else { throw .value("algorithm") }
        guard scalar.count == algorithm.signatureInputLength else { throw .length }
        let policies = KeyPolicyMembers(pinPolicy: pinPolicy, touchPolicy: touchPolicy)
        let members = [TLV(0x06, scalar)] + policies.objects
        return try command(
            .importKey, algorithm.rawValue, slot.rawValue, members.flatMap { $0.encoded() })
    }
}
