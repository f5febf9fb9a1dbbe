public import ISO7816

/// What the certificate for a key that was generated in a card says about key and card: Yubico's PIV attestation.
///
/// It is as trustworthy as the certificate, which is not verified here: that its chain ends at the vendor's root, and
/// that the key in it is the one in question, is for who asks.
public struct SlotAttestation: Hashable, Sendable {
    /// The slot, from the certificate's subject; `nil` where the subject names none.
    public let slot: PIVSlot?
    /// The firmware's version.
    public let firmware: CardFirmware
    /// The card's serial number; absent in cards that keep it to themselves.
    public let serialNumber: UInt32?
    /// When the key wants the PIN.
    public let pinPolicy: PINPolicy
    /// When the key wants a touch.
    public let touchPolicy: TouchPolicy
    /// What the card looks like: 1 and 2 for USB-A, 3 and 4 for USB-C, 5 for both USB-C and Lightning, 6 and 7 with a
    /// fingerprint reader. Absent in cards before version 5.
    public let formFactor: UInt8?
    /// Whether the certificate says that the card was certified for FIPS 140.
    public let isFIPSCertified: Bool

    /// The extensions' object identifiers, in dotted form.
    public enum Extension: String, Sendable, CaseIterable {
        /// Three bytes.
        case firmware = "1.3.6.1.4.1.41482.3.3"
        /// A DER INTEGER.
        case serialNumber = "1.3.6.1.4.1.41482.3.7"
        /// Two bytes: PIN policy and touch policy.
        case policies = "1.3.6.1.4.1.41482.3.8"
        /// One byte.
        case formFactor = "1.3.6.1.4.1.41482.3.9"
        /// Of no importance; that it is there counts.
        case fips = "1.3.6.1.4.1.41482.3.10"
    }

    private static let subjectPrefix = "YubiKey PIV Attestation "

    /// An attestation from its parts.
    public init(
        slot: PIVSlot?, firmware: CardFirmware, serialNumber: UInt32?, pinPolicy: PINPolicy,
        touchPolicy: TouchPolicy, formFactor: UInt8? = nil, isFIPSCertified: Bool = false
    ) {
        self.slot = slot
        self.firmware = firmware
        self.serialNumber = serialNumber
        self.pinPolicy = pinPolicy
        self.touchPolicy = touchPolicy
        self.formFactor = formFactor
        self.isFIPSCertified = isFIPSCertified
    }

    /// Takes the facts from a certificate.
    ///
    /// Firmware and policies must be there. The policies must be ones that a card enforces: the default is none.
    ///
    /// - Parameters:
    ///   - extensionValue: what is in the OCTET STRING of the extension with this dotted object identifier, or `nil`
    ///     where the certificate lacks it.
    ///   - commonName: the subject's common name, such as `YubiKey PIV Attestation 9a`.
    public init(
        extensionValue: (String) -> [UInt8]?, commonName: String?
    ) throws(MalformedCardData) {
        guard let version = extensionValue(Extension.firmware.rawValue) else {
            throw .missing("firmware version")
        }
        guard let firmware = try? CardFirmware(decoding: version) else {
            throw .value("firmware version")
        }
        guard let policies = extensionValue(Extension.policies.rawValue) else {
            throw .missing("policies")
        }
        guard policies.count == 2, let pinPolicy = PINPolicy(rawValue: policies[0]),
            let touchPolicy = TouchPolicy(rawValue: policies[1]), pinPolicy != .defaultPolicy,
            touchPolicy != .defaultPolicy
        else { throw .value("policies") }
        var serialNumber: UInt32?
        if let value = extensionValue(Extension.serialNumber.rawValue) {
            serialNumber = try Self.decodeInteger(value)
        }
        let formFactor = extensionValue(Extension.formFactor.rawValue)
        guard formFactor?.count ?? 1 == 1 else { throw .value("form factor") }
        self.init(
            slot: commonName.flatMap(Self.slot(named:)), firmware: firmware,
            serialNumber: serialNumber, pinPolicy: pinPolicy, touchPolicy: touchPolicy,
            formFactor: formFactor?.first,
            isFIPSCertified: extensionValue(Extension.fips.rawValue) != nil)
    }

    /// The extensions of the certificate: object identifiers, and what is in their OCTET STRINGs.
    public var extensions: [(oid: String, value: [UInt8])] {
        var extensions: [(Extension, [UInt8])] = [(.firmware, firmware.encoded())]
        if let serialNumber {
            extensions.append((.serialNumber, Self.encodeInteger(serialNumber)))
        }
        extensions.append((.policies, [pinPolicy.rawValue, touchPolicy.rawValue]))
        if let formFactor { extensions.append((.formFactor, [formFactor])) }
        // NULL.
        if isFIPSCertified { extensions.append((.fips, [0x05, 0x00])) }
        return extensions.map { (oid: $0.0.rawValue, value: $0.1) }
    }

    /// The common name of the certificate's subject, where the slot is known.
    public var commonName: String? {
        slot.map { Self.subjectPrefix + $0.description }
    }

    private static func slot(named commonName: String) -> PIVSlot? {
        guard commonName.hasPrefix(subjectPrefix) else { return nil }
        return PIVSlot(String(commonName.dropFirst(subjectPrefix.count)))
    }

    /// Decodes a DER INTEGER from 0 to 2³² − 1.
    private static func decodeInteger(_ bytes: [UInt8]) throws(MalformedCardData) -> UInt32 {
        guard let object = try? TLV.decode(bytes), object.tag == 0x02, object.value.count <= 5
        else { throw .value("serial number") }
        let number = object.value.reduce(0) { $0 << 8 | UInt64($1) }
        guard let serialNumber = UInt32(exactly: number), encodeInteger(serialNumber) == bytes
        else { throw .value("serial number") }
        return serialNumber
    }

    private static func encodeInteger(_ number: UInt32) -> [UInt8] {
        let bytes = DataObjectID(rawValue: number).bytes
        // The first bit is the sign.
        let isPadded = bytes.first.map { $0 >= 0x80 } ?? true
        return TLV(0x02, (isPadded ? [0] : []) + bytes).encoded()
    }
}
