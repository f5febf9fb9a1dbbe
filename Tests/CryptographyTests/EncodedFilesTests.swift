import Cryptography
import Testing
import TestSupport

struct EncodedFilesTests {
    private static let certificates = [
        IssuedCards.root, IssuedCards.intermediate, IssuedCards.card,
    ]

    @Test func `a file holds one certificate in DER`() throws {
        let certificate = try IssuedCards.certificate(IssuedCards.card)
        let decoded = try Certificate.decodeAll(certificate.derRepresentation)
        #expect(decoded.map(\.derRepresentation) == [certificate.derRepresentation])
        for bent in [
            certificate.derRepresentation + [0], certificate.derRepresentation.dropLast(),
        ] {
            #expect(throws: CryptographyError.invalidCertificate) {
                try Certificate.decodeAll(bent)
            }
        }
    }

    @Test(arguments: ["\n", "\r\n"])
    func `a file holds several certificates in PEM, with text between`(end: String) throws {
        let text = "Trusted here:\n" + Self.certificates.joined(separator: "\n# and\n\n") + "\nend"
        let file = Array(text.replacing("\n", with: end).utf8)
        let expected = try Self.certificates.map { try IssuedCards.certificate($0) }
        #expect(
            try Certificate.decodeAll(file).map(\.derRepresentation)
                == expected.map(\.derRepresentation))
    }

    @Test func `a file holds lists in PEM or DER`() throws {
        let text = IssuedCards.rootList + "\n" + IssuedCards.intermediateList
        let lists = try RevocationList.decodeAll(Array(text.utf8))
        #expect(
            lists.map(\.issuer) == [
                #"CN=Root,O=Example\, Inc.,C=SE"#, #"CN=Cards,O=Example\, Inc.,C=SE"#,
            ])
        let single = try RevocationList.decodeAll(lists[0].derRepresentation)
        #expect(single.map(\.derRepresentation) == [lists[0].derRepresentation])
    }

    @Test(arguments: [
        "", "\n", "no certificate", IssuedCards.rootList,
        IssuedCards.card + "\n" + IssuedCards.rootList,
        IssuedCards.card.replacing("CERTIFICATE", with: "TRUSTED CERTIFICATE"),
        IssuedCards.card.replacing("CERTIFICATE", with: "PRIVATE KEY"),
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n",
        IssuedCards.card + "\n-----BEGIN CERTIFICATE-----\nMAA=\n",
        IssuedCards.card.replacing("-----END CERTIFICATE-----", with: "-----END X509 CRL-----"),
        // With the header of what is encrypted.
        IssuedCards.card.replacing(
            "CERTIFICATE-----\nMI",
            with: """
                CERTIFICATE-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-128-CBC,00000000000000000000000000000000

                MI
                """),
    ])
    func `other files are refused`(text: String) {
        #expect(throws: CryptographyError.invalidCertificate) {
            try Certificate.decodeAll(Array(text.utf8))
        }
    }

    @Test func `a certificate is no list`() throws {
        let certificate = try IssuedCards.certificate(IssuedCards.card)
        for file in [Array(IssuedCards.card.utf8), certificate.derRepresentation, []] {
            #expect(throws: CryptographyError.invalidRevocationList) {
                try RevocationList.decodeAll(file)
            }
        }
    }

    @Test func `no prefix of a file of one certificate is one`() throws {
        let file = Array(IssuedCards.root.utf8)
        for prefix in file.properPrefixes {
            #expect(throws: CryptographyError.invalidCertificate, "\(prefix.count)") {
                try Certificate.decodeAll(prefix)
            }
        }
    }
}
