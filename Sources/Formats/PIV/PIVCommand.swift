public import ISO7816

/// The commands of the PIV card application (NIST SP 800-73-4 Part 2 §3).
///
/// They throw ``MalformedCardData/length`` where data is longer than a command can carry, and where reference data has
/// not the length that the card expects; nothing else about the data is checked.
public enum PIVCommand {
    /// The application's identifier with its version: 11 bytes (Part 1 §2.2).
    public static let applicationIdentifier: [UInt8] = [
        0xA0, 0x00, 0x00, 0x03, 0x08, 0x00, 0x00, 0x10, 0x00, 0x01, 0x00,
    ]

    /// The instruction bytes, for who takes commands apart.
    public enum Instruction: UInt8, Sendable {
        /// VERIFY.
        case verify = 0x20
        /// CHANGE REFERENCE DATA.
        case changeReferenceData = 0x24
        /// RESET RETRY COUNTER.
        case resetRetryCounter = 0x2C
        /// GENERATE ASYMMETRIC KEY PAIR.
        case generateKeyPair = 0x47
        /// GENERAL AUTHENTICATE.
        case generalAuthenticate = 0x87
        /// SELECT.
        case select = 0xA4
        /// GET RESPONSE.
        case getResponse = 0xC0
        /// GET DATA.
        case getData = 0xCB
        /// PUT DATA.
        case putData = 0xDB
        /// Yubico's: move or delete a key.
        case moveKey = 0xF6
        /// Yubico's: what is known about a key or PIN.
        case metadata = 0xF7
        /// Yubico's: the serial number.
        case serialNumber = 0xF8
        /// Yubico's: a certificate that attests a key.
        case attest = 0xF9
        /// Yubico's: how often PIN and PUK can be tried.
        case setRetries = 0xFA
        /// Yubico's: back to a new card.
        case reset = 0xFB
        /// Yubico's: the firmware's version.
        case version = 0xFD
        /// Yubico's: a key from outside.
        case importKey = 0xFE
        /// Yubico's: another management key.
        case setManagementKey = 0xFF
    }

    /// The key reference of the management key.
    public static let managementKeyReference: UInt8 = 0x9B

    /// SELECT by the whole identifier (§3.1.1).
    public static func select() throws(MalformedCardData) -> CommandAPDU {
        try command(.select, 0x04, 0x00, applicationIdentifier, expectedLength: 256)
    }

    /// SELECT by the identifier without its version, which finds an application of any version (§3.1.1).
    public static func selectTruncated() throws(MalformedCardData) -> CommandAPDU {
        try command(
            .select, 0x04, 0x00, Array(applicationIdentifier.dropLast(2)), expectedLength: 256)
    }

    /// GET DATA (§3.1.2). The response is for ``DataObject``.
    public static func getData(_ id: DataObjectID) throws(MalformedCardData) -> CommandAPDU {
        try command(.getData, 0x3F, 0xFF, id.tagList, expectedLength: 256)
    }

    /// PUT DATA (§3.3.1), which needs the management key. No contents delete the data object.
    public static func putData(
        _ id: DataObjectID, _ contents: [UInt8]
    ) throws(MalformedCardData) -> CommandAPDU {
        try command(.putData, 0x3F, 0xFF, DataObject(id: id, contents: contents).putData)
    }

    /// VERIFY (§3.2.1): presents a PIN of ``PINReference/length`` bytes. With none it asks how things stand: 9000 where
    /// the PIN was verified, 63Cx or 6983 where it was not.
    public static func verify(
        _ reference: PINReference = .application, _ padded: [UInt8]? = nil
    ) throws(MalformedCardData) -> CommandAPDU {
        guard padded?.count ?? PINReference.length == PINReference.length else { throw .length }
        return try command(.verify, 0x00, reference.rawValue, padded ?? [])
    }

    /// VERIFY with P1 FF (§3.2.1): the PIN counts as not verified any more.
    public static func unverify(
        _ reference: PINReference = .application
    ) throws(MalformedCardData) -> CommandAPDU {
        try command(.verify, 0xFF, reference.rawValue)
    }

    /// CHANGE REFERENCE DATA (§3.2.2), both of ``PINReference/length`` bytes.
    public static func changeReference(
        _ reference: PINReference, from old: [UInt8], to new: [UInt8]
    ) throws(MalformedCardData) -> CommandAPDU {
        guard old.count == PINReference.length, new.count == PINReference.length else {
            throw .length
        }
        return try command(.changeReferenceData, 0x00, reference.rawValue, old + new)
    }

    /// RESET RETRY COUNTER (§3.2.3): a new application PIN by means of the PUK, both of ``PINReference/length`` bytes.
    public static func resetRetryCounter(
        puk: [UInt8], newPIN: [UInt8]
    ) throws(MalformedCardData) -> CommandAPDU {
        guard puk.count == PINReference.length, newPIN.count == PINReference.length else {
            throw .length
        }
        return try command(
            .resetRetryCounter, 0x00, PINReference.application.rawValue, puk + newPIN)
    }

    /// GENERATE ASYMMETRIC KEY PAIR (§3.3.2), which needs the management key. The response is for
    /// ``CardPublicKey/init(decoding:)``.
    ///
    /// The policies are Yubico's; other cards refuse them.
    public static func generateKey(
        _ slot: PIVSlot, _ algorithm: PIVAlgorithm, pinPolicy: PINPolicy? = nil,
        touchPolicy: TouchPolicy? = nil
    ) throws(MalformedCardData) -> CommandAPDU {
        let template = KeyGeneration(
            algorithm: algorithm, pinPolicy: pinPolicy, touchPolicy: touchPolicy)
        return try command(
            .generateKeyPair, 0x00, slot.rawValue, template.encoded(), expectedLength: 256)
    }

    /// GENERAL AUTHENTICATE that signs, or decrypts with RSA (§3.2.4). The response is an ``AuthenticationTemplate``
    /// with a response.
    ///
    /// - Parameter input: ``PIVAlgorithm/signatureInputLength`` bytes, which the card signs as they are.
    public static func sign(
        _ slot: PIVSlot, _ algorithm: PIVAlgorithm, _ input: [UInt8]
    ) throws(MalformedCardData) -> CommandAPDU {
        try authenticate(
            slot.rawValue, algorithm, AuthenticationTemplate(challenge: input, response: []))
    }

    /// GENERAL AUTHENTICATE that agrees on a key (§3.2.4). The response is an ``AuthenticationTemplate`` with a response,
    /// the coordinate x of the shared point.
    ///
    /// - Parameter point: the other side's public key, an uncompressed point.
    public static func agree(
        _ slot: PIVSlot, _ algorithm: PIVAlgorithm, _ point: [UInt8]
    ) throws(MalformedCardData) -> CommandAPDU {
        try authenticate(
            slot.rawValue, algorithm, AuthenticationTemplate(response: [], exponentiation: point))
    }

    static func authenticate(
        _ reference: UInt8, _ algorithm: PIVAlgorithm, _ template: AuthenticationTemplate
    ) throws(MalformedCardData) -> CommandAPDU {
        try command(
            .generalAuthenticate, algorithm.rawValue, reference, template.encoded(),
            expectedLength: 256)
    }

    static func command(
        _ instruction: Instruction, _ parameter1: UInt8, _ parameter2: UInt8,
        _ data: [UInt8] = [], expectedLength: Int? = nil
    ) throws(MalformedCardData) -> CommandAPDU {
        try CommandAPDU(
            instruction: instruction.rawValue, parameter1: parameter1, parameter2: parameter2,
            data: data, expectedLength: expectedLength)
    }
}
