import Cryptography
import Encoding
import Testing
import TestSupport

struct CertificateFactsTests {
    private static let validity = CertificateAuthority.Validity(
        notBefore: 1_704_067_200, notAfter: 2_019_686_399)

    private static func authority() throws -> CertificateAuthority {
        try CertificateAuthority(
            subject: ["O": "Example", "CN": "Root"], key: P256PrivateKey(), validity: validity)
    }

    @Test func `another's certificate says what it was issued with`() throws {
        let card = try IssuedCards.certificate(IssuedCards.card)
        // 2024-01-01T00:00:00Z to 2033-12-31T23:59:59Z.
        #expect(card.notBefore == 1_704_067_200)
        #expect(card.notAfter == 2_019_686_399)
        #expect(Hex.encode(card.serialNumber) == "fedcba9876543210")
        #expect(card.subject == #"CN=Ada Lovelace,O=Example\, Inc.,C=SE"#)
        #expect(card.issuer == #"CN=Cards,O=Example\, Inc.,C=SE"#)
        #expect(card.keyUsage == [.digitalSignature, .keyAgreement, .decipherOnly])
        #expect(
            card.extendedKeyUsages == ["1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.311.20.2.2"])
        #expect(card.emails == ["ada@example.org", "countess@example.org"])
        #expect(card.userPrincipalNames == ["ada@corp.example.org", "åda@example.org"])
        #expect(card.publicKey?.kind == .p256)
    }

    @Test func `an authority's certificate says so`() throws {
        let intermediate = try IssuedCards.certificate(IssuedCards.intermediate)
        #expect(intermediate.serialNumber == [0x80, 0x01])
        #expect(intermediate.keyUsage == [.keyCertSign, .crlSign])
        #expect(intermediate.extendedKeyUsages == nil)
        #expect(intermediate.emails.isEmpty)
        #expect(intermediate.userPrincipalNames.isEmpty)
        #expect(intermediate.publicKey?.kind == .rsa(bits: 2048))
        #expect(intermediate.isCertificateAuthority == true)
    }

    @Test func `what a certificate does not say is nil`() throws {
        let leaf = try IssuedCards.certificate(IssuedCards.strongLeaf)
        #expect(leaf.keyUsage == nil)
        #expect(leaf.extendedKeyUsages == nil)
    }

    @Test func `a name is escaped`() throws {
        let lost = try IssuedCards.certificate(IssuedCards.lost)
        #expect(
            lost.subject
                == #"CN=Charles \"B\" Babbage \C3\A5\E2\80\AE,O=Example\, Inc.,C=SE"#)
    }

    @Test func `a profile comes back out of the certificate`() throws {
        var profile = CertificateAuthority.Profile()
        profile.keyUsage = [.digitalSignature, .contentCommitment, .encipherOnly]
        profile.extendedKeyUsages = ["1.3.6.1.5.5.7.3.2", "2.5.29.37.0"]
        profile.emails = ["a@example.org", "b@example.org"]
        profile.userPrincipalNames = [String(repeating: "å", count: 200) + "@example.org"]
        profile.extensions = [
            CertificateAuthority.Extension("1.3.6.1.4.1.41482.3.3", [5, 4, 3]),
            CertificateAuthority.Extension("1.2.3", [], isCritical: true),
        ]
        profile.serialNumber = [0x80, 0, 1]
        let key = try P384PrivateKey().publicKey
        let leaf = try Self.authority().issue(
            to: ["CN": "Leaf", "serialNumber": "77"], key: key, profile: profile,
            validity: Self.validity)
        #expect(leaf.keyUsage == profile.keyUsage)
        #expect(leaf.extendedKeyUsages == profile.extendedKeyUsages)
        #expect(leaf.emails == profile.emails)
        #expect(leaf.userPrincipalNames == profile.userPrincipalNames)
        #expect(leaf.extensionValue("1.3.6.1.4.1.41482.3.3") == [5, 4, 3])
        #expect(leaf.extensionValue("1.2.3") == [])
        #expect(leaf.isCritical("1.2.3"))
        #expect(leaf.isCritical("2.5.29.15"))
        #expect(leaf.serialNumber == [0x80, 0, 1])
        #expect(leaf.subject == "serialNumber=77,CN=Leaf")
        #expect(leaf.subjectValues("serialNumber") == ["77"])
        #expect(leaf.issuer == "CN=Root,O=Example")
        #expect(leaf.publicKey?.subjectPublicKeyInfo == key.subjectPublicKeyInfo)
        #expect(leaf.isCertificateAuthority == false)
        #expect(leaf.notBefore == 1_704_067_200)
        #expect(leaf.notAfter == 2_019_686_399)
    }

    @Test func `every set of key usages comes back`() throws {
        let authority = try Self.authority()
        let key = try P256PrivateKey().publicKey
        for bits: UInt16 in 0..<512 {
            var profile = CertificateAuthority.Profile()
            profile.keyUsage = Certificate.KeyUsage(rawValue: bits)
            let leaf = try authority.issue(
                to: ["CN": "Leaf"], key: key, profile: profile, validity: Self.validity)
            #expect(leaf.keyUsage == profile.keyUsage)
        }
    }

    @Test(arguments: [0, 21, 40])
    func `a serial number has from 1 to 20 bytes`(count: Int) throws {
        var profile = CertificateAuthority.Profile()
        profile.serialNumber = [UInt8](repeating: 1, count: count)
        let authority = try Self.authority()
        #expect(throws: CryptographyError.invalidLength) {
            try authority.issue(
                to: ["CN": "Leaf"],
                key: authority.certificate.publicKey ?? P256PrivateKey().publicKey,
                profile: profile, validity: Self.validity)
        }
    }

    /// In each case the value of an extension.
    @Test(arguments: [
        // Names: not a sequence, an IA5String with a high byte or a control character, a UPN that is an IA5String,
        // that is not UTF-8, that has a line feed.
        ("2.5.29.17", "0500"), ("2.5.29.17", "3004810261e5"), ("2.5.29.17", "300481026100"),
        ("2.5.29.17", "3014a012060a2b060104018237140203a0041602" + "6162"),
        ("2.5.29.17", "3014a012060a2b060104018237140203a0040c02" + "c328"),
        ("2.5.29.17", "3014a012060a2b060104018237140203a0040c02" + "610a"),
    ])
    func `a name that is malformed is none`(identifier: String, value: String) throws {
        var profile = CertificateAuthority.Profile()
        profile.extensions = [
            CertificateAuthority.Extension(identifier, try Hex.decode(value))
        ]
        let leaf = try Self.authority().issue(
            to: ["CN": "Leaf"], key: P256PrivateKey().publicKey, profile: profile,
            validity: Self.validity)
        #expect(leaf.emails.isEmpty)
        #expect(leaf.userPrincipalNames.isEmpty)
    }

    @Test func `alternative names given twice are none`() throws {
        var profile = CertificateAuthority.Profile()
        profile.emails = ["a@example.org"]
        profile.extensions = [
            CertificateAuthority.Extension("2.5.29.17", try Hex.decode("300481026162"))
        ]
        let leaf = try Self.authority().issue(
            to: ["CN": "Leaf"], key: P256PrivateKey().publicKey, profile: profile,
            validity: Self.validity)
        #expect(leaf.emails.isEmpty)
    }

    @Test func `usages that are malformed allow nothing`() throws {
        var profile = CertificateAuthority.Profile()
        profile.extensions = [
            CertificateAuthority.Extension("2.5.29.15", [0x05, 0x00]),
            CertificateAuthority.Extension("2.5.29.37", [0x05, 0x00]),
        ]
        let leaf = try Self.authority().issue(
            to: ["CN": "Leaf"], key: P256PrivateKey().publicKey, profile: profile,
            validity: Self.validity)
        #expect(leaf.keyUsage == [])
        #expect(leaf.extendedKeyUsages == [])
    }

    @Test func `no bent certificate traps`() throws {
        let der = try IssuedCards.certificate(IssuedCards.card).derRepresentation
        var decoded = 0
        for bent in der.singleBitFlips {
            guard let certificate = try? Certificate(derRepresentation: bent) else { continue }
            _ = (certificate.subject, certificate.issuer, certificate.serialNumber)
            _ = (certificate.keyUsage, certificate.extendedKeyUsages)
            _ = (certificate.emails, certificate.userPrincipalNames, certificate.publicKey?.kind)
            decoded += 1
        }
        #expect(decoded > 0)
    }

    @Test func `times that are none are refused`() throws {
        let der = try IssuedCards.certificate(IssuedCards.card).derRepresentation
        let time = Array("240101000000Z".utf8)
        let start = try #require(
            der.indices.first { der[$0...].starts(with: time) })
        for (offset, digit) in [(2, "2"), (4, "4"), (6, "3"), (8, "6"), (0, "x"), (12, "0")] {
            let bent = der.replacing(start + offset, with: Array(digit.utf8)[0])
            #expect(throws: CryptographyError.invalidCertificate, "\(offset)") {
                try Certificate(derRepresentation: bent)
            }
        }
    }
}
