internal import Encoding

/// The place of a key pair in a PIV card: its key reference (NIST SP 800-73-4 Part 1 §5.1).
public struct PIVSlot: RawRepresentable, Hashable, Sendable {
    /// The key reference, P2 of the commands that use the key.
    public let rawValue: UInt8

    /// The slot with this key reference, or `nil` where that is none of a key pair.
    public init?(rawValue: UInt8) {
        switch rawValue {
        case 0x82...0x95, 0x9A, 0x9C, 0x9D, 0x9E, 0xF9: self.rawValue = rawValue
        default: return nil
        }
    }

    private init(reference: UInt8) {
        rawValue = reference
    }

    /// 9A, PIV authentication: to sign in with.
    public static let authentication = PIVSlot(reference: 0x9A)
    /// 9C, digital signature: the PIN is asked for every time.
    public static let signature = PIVSlot(reference: 0x9C)
    /// 9D, key management: to decrypt with.
    public static let keyManagement = PIVSlot(reference: 0x9D)
    /// 9E, card authentication: for doors, without a PIN.
    public static let cardAuthentication = PIVSlot(reference: 0x9E)
    /// F9, a vendor's: the key that attests others.
    public static let attestation = PIVSlot(reference: 0xF9)

    /// 82 to 95, the retired key management keys, numbered 1…20; `nil` for another number.
    public static func retired(_ number: Int) -> PIVSlot? {
        (1...20).contains(number) ? PIVSlot(reference: 0x81 + UInt8(number)) : nil
    }

    /// The slots for keys of the cardholder: the four main ones, then the retired ones. Not the attestation slot.
    public static let all: [PIVSlot] =
        [.authentication, .signature, .keyManagement, .cardAuthentication]
        + (1...20).compactMap(retired)

    /// The data object that holds the certificate of the slot's key.
    public var certificateObject: DataObjectID {
        switch self {
        case .authentication: .authenticationCertificate
        case .signature: .signatureCertificate
        case .keyManagement: .keyManagementCertificate
        case .cardAuthentication: .cardAuthenticationCertificate
        case .attestation: .attestationCertificate
        default: DataObjectID(rawValue: 0x5F_C10D + UInt32(rawValue) - 0x82)
        }
    }
}

extension PIVSlot: LosslessStringConvertible {
    /// Two hexadecimal digits, such as `9a`.
    public var description: String { Hex.encode([rawValue]) }

    /// The slot of two hexadecimal digits in either case.
    public init?(_ text: String) {
        guard let bytes = try? Hex.decode(text), bytes.count == 1, let reference = bytes.first
        else { return nil }
        self.init(rawValue: reference)
    }
}
