public import ISO7816

/// What a data object with a certificate holds (NIST SP 800-73-4 Part 1 appendix A, table 15).
public struct CertificateObject: Hashable, Sendable {
    /// 70: the certificate, DER, or a gzip stream of it where ``isCompressed``. Not looked into.
    public let certificate: [UInt8]
    /// 71: whether the certificate is compressed.
    public let isCompressed: Bool
    /// 72: a deprecated member with the card's identifier for Microsoft.
    public let microsoftIdentifier: [UInt8]?

    /// The contents from their members.
    public init(
        certificate: [UInt8], isCompressed: Bool = false, microsoftIdentifier: [UInt8]? = nil
    ) {
        self.certificate = certificate
        self.isCompressed = isCompressed
        self.microsoftIdentifier = microsoftIdentifier
    }

    /// Decodes the contents of a ``DataObject``, which must have no members but those of the specification.
    ///
    /// CertInfo 00 says that nothing is compressed, 80 that it is; many cards write 01 instead of 80, which is accepted,
    /// and some leave CertInfo or the empty error detection code FE out.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        var members = try TLV.decodeTemplate(bytes)
        guard let certificate = members.removeValue(forKey: 0x70) else {
            throw .missing("certificate")
        }
        let isCompressed: Bool
        switch members.removeValue(forKey: 0x71) {
        case nil, [0x00]: isCompressed = false
        case [0x80], [0x01]: isCompressed = true
        default: throw .value("CertInfo")
        }
        let microsoftIdentifier = members.removeValue(forKey: 0x72)
        guard members.removeValue(forKey: 0xFE)?.isEmpty ?? true else { throw .length }
        guard members.isEmpty else { throw .tag }
        self.init(
            certificate: certificate, isCompressed: isCompressed,
            microsoftIdentifier: microsoftIdentifier)
    }

    /// The contents. A compressed certificate is marked with 01, which is what vendors' programs look for.
    public func encoded() -> [UInt8] {
        var objects = [TLV(0x70, certificate), TLV(0x71, [isCompressed ? 0x01 : 0x00])]
        if let microsoftIdentifier { objects.append(TLV(0x72, microsoftIdentifier)) }
        objects.append(TLV(0xFE, []))
        return objects.flatMap { $0.encoded() }
    }
}
