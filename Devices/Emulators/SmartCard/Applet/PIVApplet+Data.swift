import ISO7816
import PIV

extension PIVApplet {
    /// Data objects that are read only with the PIN (part 1 §3.5, table 2).
    private static let protectedObjects: Set<DataObjectID> = [
        .fingerprints, .facialImage, .printedText, .irisImages,
    ]

    /// Whether a data object may be written: those that the specification names and those of the vendor's range, but
    /// not what the card itself says.
    private static func isWritable(_ id: DataObjectID) -> Bool {
        switch id.rawValue {
        case 0x5F_C101...0x5F_C123, 0x5F_FF00...0x5F_FFFF: id != .attestationCertificate
        default: false
        }
    }

    /// GET DATA (part 2 §3.1.2).
    mutating func getData(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        guard command.parameter1 == 0x3F, command.parameter2 == 0xFF else {
            throw Refusal(.incorrectParameters)
        }
        let id = try decoding { () throws(MalformedCardData) in
            try DataObjectID(tagList: command.data)
        }
        if Self.protectedObjects.contains(id), !session.isPINVerified {
            throw Refusal(.securityStatusNotSatisfied)
        }
        guard var contents = contents(of: id) else { throw Refusal(.notFound) }
        if sabotage == .certificateNotDER, let spoilt = Self.spoilt(contents) {
            sabotage = nil
            contents = spoilt
        }
        return DataObject(id: id, contents: contents).response
    }

    private func contents(of id: DataObjectID) -> [UInt8]? {
        switch id {
        case .discovery: DiscoveryObject(usagePolicy: 0x4000).encoded()
        case .attestationCertificate:
            CertificateObject(certificate: state.attestation.certificate).encoded()
        default: state.objects[id]
        }
    }

    /// The same object around what is no certificate; `nil` where there is none in it.
    private static func spoilt(_ contents: [UInt8]) -> [UInt8]? {
        guard let object = try? CertificateObject(decoding: contents) else { return nil }
        return CertificateObject(
            certificate: spoilt(certificate: object.certificate),
            isCompressed: object.isCompressed, microsoftIdentifier: object.microsoftIdentifier
        ).encoded()
    }

    /// As many bytes that are not DER.
    static func spoilt(certificate: [UInt8]) -> [UInt8] {
        [UInt8](repeating: 0xFF, count: certificate.count)
    }

    /// PUT DATA (part 2 §3.3.1). No contents delete the object.
    mutating func putData(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        guard command.parameter1 == 0x3F, command.parameter2 == 0xFF else {
            throw Refusal(.incorrectParameters)
        }
        try requireManagement()
        let object = try decoding { () throws(MalformedCardData) in
            try DataObject(putData: command.data)
        }
        guard Self.isWritable(object.id) else { throw Refusal(.functionNotSupported) }
        guard object.contents.count <= CardLimits.objectContents else {
            throw Refusal(.notEnoughMemory)
        }
        state.objects[object.id] = object.contents.isEmpty ? nil : object.contents
        return []
    }
}
