internal import Encoding

/// The tag that names a data object of the PIV card application (NIST SP 800-73-4 Part 1 §4). Unknown values are kept.
public struct DataObjectID: RawRepresentable, Hashable, Sendable {
    /// The tag's bytes as one big-endian number.
    public let rawValue: UInt32

    /// The data object with this tag.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// 5FC107: the card capability container.
    public static let cardCapabilityContainer = DataObjectID(rawValue: 0x5F_C107)
    /// 5FC102: the cardholder unique identifier.
    public static let cardholderUniqueIdentifier = DataObjectID(rawValue: 0x5F_C102)
    /// 5FC105: the certificate of slot 9A.
    public static let authenticationCertificate = DataObjectID(rawValue: 0x5F_C105)
    /// 5FC103: the cardholder's fingerprints.
    public static let fingerprints = DataObjectID(rawValue: 0x5F_C103)
    /// 5FC106: the security object.
    public static let securityObject = DataObjectID(rawValue: 0x5F_C106)
    /// 5FC108: the cardholder's facial image.
    public static let facialImage = DataObjectID(rawValue: 0x5F_C108)
    /// 5FC101: the certificate of slot 9E.
    public static let cardAuthenticationCertificate = DataObjectID(rawValue: 0x5F_C101)
    /// 5FC10A: the certificate of slot 9C.
    public static let signatureCertificate = DataObjectID(rawValue: 0x5F_C10A)
    /// 5FC10B: the certificate of slot 9D.
    public static let keyManagementCertificate = DataObjectID(rawValue: 0x5F_C10B)
    /// 5FC109: what is printed on the card. Reading it needs the PIN.
    public static let printedText = DataObjectID(rawValue: 0x5F_C109)
    /// 7E: the discovery object.
    public static let discovery = DataObjectID(rawValue: 0x7E)
    /// 5FC10C: the key history, which says how many retired keys there are.
    public static let keyHistory = DataObjectID(rawValue: 0x5F_C10C)
    /// 5FC121: images of the cardholder's irises.
    public static let irisImages = DataObjectID(rawValue: 0x5F_C121)
    /// 7F61: which biometrics the card can compare.
    public static let biometricTemplates = DataObjectID(rawValue: 0x7F61)
    /// 5FFF00, Yubico's: how the management key is kept.
    public static let administrativeData = DataObjectID(rawValue: 0x5F_FF00)
    /// 5FFF01, Yubico's: the certificate of slot F9.
    public static let attestationCertificate = DataObjectID(rawValue: 0x5F_FF01)

    /// The tag's bytes: one to four.
    public var bytes: [UInt8] {
        var writer = ByteWriter(capacity: 4)
        writer.append(rawValue)
        return Array(writer.bytes.drop { $0 == 0 })
    }

    /// The tag of the template that the data object travels in: 53, but for two that are templates themselves.
    var container: UInt32 {
        switch self {
        case .discovery, .biometricTemplates: rawValue
        default: 0x53
        }
    }
}

extension DataObjectID: CustomStringConvertible {
    /// The tag in hexadecimal, such as `5fc102`.
    public var description: String { Hex.encode(bytes) }
}
