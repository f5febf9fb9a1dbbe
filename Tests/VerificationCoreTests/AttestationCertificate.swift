import Cryptography
import Testing

/// An attestation certificate as §8.2.1 asks for it, every part of which can be bent before it is signed.
struct AttestationCertificate {
    /// The number on the wire, one less than people count; `nil` leaves it out, which means 0.
    var version: UInt8? = 2
    var countries = ["SE"]
    var organizations = ["Example Keys"]
    var units = ["Authenticator Attestation"]
    var names = ["Example Key Batch 1"]
    var publicKey: [UInt8]
    var extensions: [[UInt8]]

    init(publicKey key: PublicKey, aaguid: [UInt8]) throws {
        publicKey = Self.publicKey(
            curve: DER.Identifier.prime256v1, point: try #require(key.p256Point))
        extensions = [
            Self.basicConstraints(DER.sequence()),
            Self.aaguid(DER.octets(aaguid)),
        ]
    }

    /// The whole certificate, valid from 2020 to 2029.
    func signed(by issuer: P256PrivateKey) throws -> [UInt8] {
        let algorithm = DER.sequence(DER.item(0x06, DER.Identifier.ecdsaWithSHA256))
        let content = DER.sequence(
            version.map { DER.item(0xA0, DER.item(0x02, [$0])) } ?? [],
            DER.item(0x02, [0x01]),
            algorithm,
            Self.name([(DER.Identifier.commonName, "Example Root")]),
            DER.sequence(DER.time("20200101000000Z"), DER.time("20291231235959Z")),
            subject,
            publicKey,
            extensions.isEmpty
                ? [] : DER.item(0xA3, DER.sequence(extensions.flatMap(\.self))))
        return DER.sequence(content, algorithm, DER.bits(try issuer.signature(for: content)))
    }

    private var subject: [UInt8] {
        Self.name(
            countries.map { (DER.Identifier.country, $0) }
                + organizations.map { (DER.Identifier.organization, $0) }
                + units.map { (DER.Identifier.organizationalUnit, $0) }
                + names.map { (DER.Identifier.commonName, $0) })
    }

    private static func name(_ attributes: [(identifier: [UInt8], value: String)]) -> [UInt8] {
        DER.sequence(
            attributes.flatMap { identifier, value in
                DER.item(0x31, DER.sequence(DER.item(0x06, identifier), DER.text(value)))
            })
    }

    static func publicKey(curve: [UInt8], point: [UInt8]) -> [UInt8] {
        DER.sequence(
            DER.sequence(
                DER.item(0x06, DER.Identifier.ecPublicKey), DER.item(0x06, curve)),
            DER.bits(point))
    }

    static func basicConstraints(_ value: [UInt8]) -> [UInt8] {
        DER.sequence(
            DER.item(0x06, DER.Identifier.basicConstraints), DER.yes, DER.octets(value))
    }

    static func aaguid(_ value: [UInt8], critical: [UInt8] = []) -> [UInt8] {
        DER.sequence(DER.item(0x06, DER.Identifier.aaguid), critical, DER.octets(value))
    }
}
