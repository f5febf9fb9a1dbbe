public import ISO7816

/// The cardholder unique identifier (NIST SP 800-73-4 Part 1 §3.1.2 and appendix A, table 9). Its signature is not
/// verified.
public struct CHUID: Hashable, Sendable {
    /// 30: the Federal Agency Smart Credential Number: 25 bytes.
    public let fascn: [UInt8]
    /// 34: the card's identifier, a UUID: 16 bytes.
    public let guid: [UInt8]
    /// 35: the card's last day, as eight ASCII digits `YYYYMMDD`. Whether there is such a day is not checked.
    public let expirationDate: String
    /// 36: the cardholder's identifier, a UUID: 16 bytes.
    public let cardholderUUID: [UInt8]?
    /// 3E: the issuer's signature, CMS. Empty where the card's owner wrote the object.
    public let issuerSignature: [UInt8]

    /// An identifier from its members.
    ///
    /// - Throws: ``MalformedCardData/value(_:)`` for a member of another length, or a date that is not eight digits.
    public init(
        fascn: [UInt8], guid: [UInt8], expirationDate: String, cardholderUUID: [UInt8]? = nil,
        issuerSignature: [UInt8] = []
    ) throws(MalformedCardData) {
        guard fascn.count == 25 else { throw .value("FASC-N") }
        guard guid.count == 16 else { throw .value("GUID") }
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard expirationDate.utf8.count == 8, expirationDate.utf8.allSatisfy(digits.contains)
        else { throw .value("expiration date") }
        guard cardholderUUID?.count ?? 16 == 16 else { throw .value("cardholder UUID") }
        self.fascn = fascn
        self.guid = guid
        self.expirationDate = expirationDate
        self.cardholderUUID = cardholderUUID
        self.issuerSignature = issuerSignature
    }

    /// Decodes the contents of a ``DataObject``, which must have no members but those of the specification.
    ///
    /// The deprecated members EE, 32, 33 and 3D are dropped. The error detection code FE is empty, or the one byte that
    /// old cards write.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        var members = try TLV.decodeTemplate(bytes)
        guard let fascn = members.removeValue(forKey: 0x30) else { throw .missing("FASC-N") }
        guard let guid = members.removeValue(forKey: 0x34) else { throw .missing("GUID") }
        guard let date = members.removeValue(forKey: 0x35) else {
            throw .missing("expiration date")
        }
        let cardholderUUID = members.removeValue(forKey: 0x36)
        guard let signature = members.removeValue(forKey: 0x3E) else {
            throw .missing("issuer signature")
        }
        guard let errorDetection = members.removeValue(forKey: 0xFE) else {
            throw .missing("error detection code")
        }
        guard errorDetection.count <= 1 else { throw .length }
        let deprecated: Set<UInt32> = [0xEE, 0x32, 0x33, 0x3D]
        guard deprecated.isSuperset(of: members.keys) else { throw .tag }
        try self.init(
            fascn: fascn, guid: guid, expirationDate: String(decoding: date, as: UTF8.self),
            cardholderUUID: cardholderUUID, issuerSignature: signature)
    }

    /// The contents.
    public func encoded() -> [UInt8] {
        var objects = [TLV(0x30, fascn), TLV(0x34, guid), TLV(0x35, Array(expirationDate.utf8))]
        if let cardholderUUID { objects.append(TLV(0x36, cardholderUUID)) }
        objects += [TLV(0x3E, issuerSignature), TLV(0xFE, [])]
        return objects.flatMap { $0.encoded() }
    }
}
