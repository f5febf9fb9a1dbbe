import Cryptography
import Testing
import VerificationCore

/// A certificate around cards, every part of which can be bent before it is signed.
struct CardCertificate {
    /// Attributes by their dotted identifiers.
    typealias Name = [(identifier: String, value: String)]

    var serialNumber: [UInt8] = [0x01]
    var subject: Name
    var issuer: Name
    var notBefore = "20200101000000Z"
    var notAfter = "20291231235959Z"
    /// A SubjectPublicKeyInfo.
    var publicKey: [UInt8]
    var extensions: [[UInt8]] = []
    /// Whether it is signed with SHA-1 instead of SHA-256.
    var isSignedWeakly = false

    init(_ subject: String, by issuer: String, for key: [UInt8], _ extensions: [[UInt8]] = []) {
        self.subject = [(Self.commonName, subject)]
        self.issuer = [(Self.commonName, issuer)]
        publicKey = key
        self.extensions = extensions
    }

    /// The whole certificate, signed with ECDSA.
    func signed(by key: P256PrivateKey) throws -> [UInt8] {
        let algorithm =
            isSignedWeakly
            ? DER.sequence(DER.identifier("1.2.840.10045.4.1")) : DER.ecdsaWithSHA256
        let content = DER.sequence(
            DER.item(0xA0, DER.item(0x02, [2])),
            DER.item(0x02, serialNumber),
            algorithm,
            DER.name(issuer),
            DER.sequence(DER.time(notBefore), DER.time(notAfter)),
            DER.name(subject),
            publicKey,
            extensions.isEmpty ? [] : DER.item(0xA3, DER.sequence(extensions.flatMap(\.self))))
        let digest =
            isSignedWeakly
            ? [UInt8](repeating: 0, count: 12) + SHA1.hash(content) : SHA256.hash(content)
        return DER.sequence(
            content, algorithm, DER.bits(try key.signature(forDigest: digest)))
    }

    static let commonName = "2.5.4.3"
    static let serialNumberAttribute = "2.5.4.5"
    static let userIdentifier = "0.9.2342.19200300.100.1.1"
}

/// A revocation list, valid all through January 2026 as it stands.
struct CardRevocationList {
    var issuer: String
    var thisUpdate = "20251231000000Z"
    var nextUpdate = "20260201000000Z"
    /// Serial numbers.
    var revoked: [[UInt8]] = []

    func signed(by key: P256PrivateKey) throws -> RevocationList {
        let entries = revoked.flatMap {
            DER.sequence(DER.item(0x02, $0), DER.time("20251230000000Z"))
        }
        let content = DER.sequence(
            DER.item(0x02, [1]),
            DER.ecdsaWithSHA256,
            DER.name([(CardCertificate.commonName, issuer)]),
            DER.time(thisUpdate),
            DER.time(nextUpdate),
            revoked.isEmpty ? [] : DER.sequence(entries))
        return try RevocationList(
            derRepresentation: DER.sequence(
                content, DER.ecdsaWithSHA256, DER.bits(try key.signature(for: content))))
    }
}

extension DER {
    static let ecdsaWithSHA256 = sequence(item(0x06, Identifier.ecdsaWithSHA256))

    /// An OBJECT IDENTIFIER from its dotted form.
    static func identifier(_ dotted: String) -> [UInt8] {
        let arcs = dotted.split(separator: ".").compactMap { UInt($0) }
        let numbers = [arcs[0] * 40 + arcs[1]] + arcs[2...]
        return item(
            0x06,
            numbers.flatMap { number -> [UInt8] in
                var digits = [UInt8(number & 0x7F)]
                var rest = number >> 7
                while rest > 0 {
                    digits.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
                    rest >>= 7
                }
                return digits
            })
    }

    static func name(_ attributes: CardCertificate.Name) -> [UInt8] {
        sequence(
            attributes.flatMap { identifier, value in
                item(0x31, sequence(Self.identifier(identifier), text(value)))
            })
    }

    static func attribute(
        _ identifier: String, critical: Bool = false, _ value: [UInt8]
    ) -> [UInt8] {
        sequence(Self.identifier(identifier), critical ? yes : [], octets(value))
    }

    /// An extension that makes the certificate an authority's.
    static let authority = attribute("2.5.29.19", critical: true, sequence(yes))
    /// One that says that it is none.
    static let endEntity = attribute("2.5.29.19", critical: true, sequence())
    /// keyCertSign and cRLSign.
    static let authorityUsage = keyUsage([0x03, 0x02, 0x01, 0x06])
    static let digitalSignature = keyUsage([0x03, 0x02, 0x07, 0x80])

    static func keyUsage(_ value: [UInt8]) -> [UInt8] {
        attribute("2.5.29.15", critical: true, value)
    }

    static func extendedKeyUsage(_ identifiers: [String]) -> [UInt8] {
        attribute("2.5.29.37", sequence(identifiers.flatMap { identifier($0) }))
    }

    static func alternativeNames(_ names: [[UInt8]]) -> [UInt8] {
        attribute("2.5.29.17", sequence(names.flatMap(\.self)))
    }

    static func email(_ address: String) -> [UInt8] { item(0x81, Array(address.utf8)) }

    static func userPrincipalName(_ name: String) -> [UInt8] {
        item(0xA0, identifier("1.3.6.1.4.1.311.20.2.3"), item(0xA0, text(name)))
    }

    /// The SubjectPublicKeyInfo of an RSA key.
    static func rsaKey(modulus: [UInt8], exponent: [UInt8]) -> [UInt8] {
        sequence(
            sequence(identifier("1.2.840.113549.1.1.1"), item(0x05)),
            bits(
                sequence(
                    item(0x02, (modulus[0] >= 0x80 ? [0] : []) + modulus),
                    item(0x02, exponent))))
    }
}
