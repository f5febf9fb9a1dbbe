import Cryptography
import TestSupport
import Testing

@Suite struct PrivateKeyFilesTests {
    /// The key of RFC 6979 §A.2.5, as Python's cryptography writes it.
    private let scalar: [UInt8] = [
        0xC9, 0xAF, 0xA9, 0xD8, 0x45, 0xBA, 0x75, 0x16, 0x6B, 0x5C, 0x21, 0x57, 0x67, 0xB1, 0xD6,
        0x93, 0x4E, 0x50, 0xC3, 0xDB, 0x36, 0xE8, 0x9B, 0x12, 0x7B, 0x8A, 0x62, 0x2B, 0x12, 0x0F,
        0x67, 0x21,
    ]
    private let modern = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgya+p2EW6dRZrXCFX
        Z7HWk05Qw9s26JsSe4piKxIPZyGhRANCAARg/tS6JVqdMclh63TGNW1owEm4kjth
        +mzmaWIuYPKftnkD/hAIuLyZpBrp6VYovGTy8bIMLX6fUXejwpTURiKZ
        -----END PRIVATE KEY-----

        """
    private let older = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIMmvqdhFunUWa1whV2ex1pNOUMPbNuibEnuKYisSD2choAoGCCqGSM49
        AwEHoUQDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7Yfps5mliLmDyn7Z5A/4QCLi8
        maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==
        -----END EC PRIVATE KEY-----

        """

    private static let p384 = """
        -----BEGIN PRIVATE KEY-----
        MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDAAAAAAAAAAAAAAAAAA
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAehZANiAAQoPB1zZc5H
        iPKfjr8jTt/+rW/pl/vqX/otWMyd+nscUIsFUm9VueuyBA8FtI+20OGUdcmQYeQb
        iLpS79uMFpBHGmHYZ+15lynZySzQHb0iVjDYTt4yp4+eZGZM2sUS74w=
        -----END PRIVATE KEY-----
        """
    private static let encrypted = """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIH0MF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBB8jRFjawkhBs+D5iUF
        0m/eAgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQRKRhRWt/DQtU08Ob
        OKCmKwSBkJ8HneGn/XpdG0qJsKuJv26HVYen/bFay1FuCsNd6XPSSUG4A4nLEyk3
        izqQ0xb2gY5c3vILoMnU9NEEkk8lUZtGl9xT8l+PR1I8WIx40UU+TNB6YvooB/wH
        NwDpInMqlb83nC4skOx6hjyisqvfarb3PIKkKNXW2Fps2Ae0zU8EyQCRCSNdLXMF
        ub80q4eDSA==
        -----END ENCRYPTED PRIVATE KEY-----
        """
    private static let publicKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP7UuiVanTHJYet0xjVtaMBJuJI7
        Yfps5mliLmDyn7Z5A/4QCLi8maQa6elWKLxk8vGyDC1+n1F3o8KU1EYimQ==
        -----END PUBLIC KEY-----
        """

    @Test func `writes PKCS 8 as others do`() throws {
        let key = try P256PrivateKey(rawRepresentation: scalar)
        #expect(try key.pemRepresentation() == Array(modern.utf8))
    }

    @Test func `reads PKCS 8 and SEC 1, with words around them`() throws {
        for text in [modern, older, "words\n\(modern)", "\(older)more words\n"] {
            let key = try P256PrivateKey(pemRepresentation: Array(text.utf8))
            #expect(key.rawRepresentation == scalar)
        }
    }

    @Test func `keeps the zeros in front of a scalar`() throws {
        let small = [UInt8](repeating: 0, count: 31) + [1]
        let key = try P256PrivateKey(rawRepresentation: small)
        let again = try P256PrivateKey(pemRepresentation: key.pemRepresentation())
        #expect(again.rawRepresentation == small)
    }

    @Test(arguments: ["", "words", "-----BEGIN PRIVATE KEY-----\n", p384, encrypted, publicKey])
    func `refuses what is no key on P-256 without a password`(text: String) {
        #expect(throws: CryptographyError.invalidPrivateKey) {
            try P256PrivateKey(pemRepresentation: Array(text.utf8))
        }
    }

    @Test func `no prefix and no flipped bit of a key is taken for another key`() throws {
        let whole = Array(modern.utf8)
        // Without the last line's end, or without its last dashes' end, the text is still whole.
        for prefix in whole.properPrefixes where prefix.count < whole.count - 1 {
            #expect(throws: CryptographyError.invalidPrivateKey) {
                try P256PrivateKey(pemRepresentation: prefix)
            }
        }
        for flipped in whole.singleBitFlips {
            let key = try? P256PrivateKey(pemRepresentation: flipped)
            #expect(key == nil || key?.rawRepresentation == scalar)
        }
    }

    @Test func `a certificate's file holds that certificate`() throws {
        let key = try P256PrivateKey(rawRepresentation: scalar)
        let certificate = try CertificateAuthority.serverCertificate(
            names: [.host("a.example.org"), .address([192, 0, 2, 1])], key: key,
            validity: .init(notBefore: 0, notAfter: 86_400))
        let read = try Certificate.decodeAll(certificate.pemRepresentation())
        #expect(read.map(\.derRepresentation) == [certificate.derRepresentation])
        #expect(certificate.publicKey?.subjectPublicKeyInfo == key.publicKey.subjectPublicKeyInfo)
        #expect(certificate.issuer == certificate.subject)
    }

    @Test func `a server's certificate needs names that are some`() throws {
        let key = try P256PrivateKey(rawRepresentation: scalar)
        for names: [CertificateAuthority.ServerName] in [[], [.address([1, 2, 3])]] {
            #expect(throws: CryptographyError.invalidLength) {
                try CertificateAuthority.serverCertificate(
                    names: names, key: key, validity: .init(notBefore: 0, notAfter: 1))
            }
        }
    }
}
