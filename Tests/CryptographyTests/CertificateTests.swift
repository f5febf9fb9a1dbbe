import Cryptography
import Encoding
import Testing
import TestSupport

struct CertificateTests {
    /// 2024 to 2033, with room on both sides.
    private static let validity = CertificateAuthority.Validity(
        notBefore: 1_704_067_200, notAfter: 2_019_686_399)
    private static let within: Int64 = 1_767_225_600

    private static func subject(_ name: String) -> CertificateAuthority.Subject {
        CertificateAuthority.Subject(
            country: "SE", organization: "Example", organizationalUnit: "Authenticator Attestation",
            commonName: name)
    }

    private static func authority(_ seed: UInt64, _ name: String = "Root") throws
        -> CertificateAuthority
    {
        try CertificateAuthority(subject: subject(name), key: key(seed), validity: validity)
    }

    private static func key(_ seed: UInt64) throws -> P256PrivateKey {
        var random = SplitMix64(seed: seed)
        return try P256PrivateKey(rawRepresentation: random.bytes(32))
    }

    private static func leaf(
        of authority: CertificateAuthority, aaguid: [UInt8]? = nil
    ) throws -> Certificate {
        try authority.issue(
            to: subject("Leaf"), key: key(9).publicKey, aaguid: aaguid, validity: validity)
    }

    @Test func `a certificate says what it was issued with`() throws {
        let leaf = try Self.leaf(of: Self.authority(1), aaguid: Array(1...16))
        #expect(leaf.version == 3)
        #expect(leaf.subjectValues("C") == ["SE"])
        #expect(leaf.subjectValues("O") == ["Example"])
        #expect(leaf.subjectValues("OU") == ["Authenticator Attestation"])
        #expect(leaf.subjectValues("CN") == ["Leaf"])
        #expect(leaf.subjectValues("L").isEmpty)
        #expect(leaf.isCertificateAuthority == false)
        #expect(try leaf.publicKey?.p256Point == Self.key(9).publicKey.p256Point)
        #expect(leaf.extensionValue("1.3.6.1.4.1.45724.1.1.4") == [0x04, 0x10] + Array(1...16))
        #expect(!leaf.isCritical("1.3.6.1.4.1.45724.1.1.4"))
        #expect(leaf.isCritical("2.5.29.19"))
        let root = try Self.authority(1).certificate
        #expect(root.isCertificateAuthority == true)
        #expect(root.version == 3)
    }

    @Test func `an extension that is absent is absent`() throws {
        let leaf = try Self.leaf(of: Self.authority(1))
        for identifier in ["1.3.6.1.4.1.45724.1.1.4", "2.5.29.17", "no identifier", ""] {
            #expect(!leaf.hasExtension(identifier))
            #expect(!leaf.isCritical(identifier))
            #expect(leaf.extensionValue(identifier) == nil)
        }
    }

    @Test func `an AAGUID has 16 bytes`() throws {
        let authority = try Self.authority(1)
        #expect(throws: CryptographyError.invalidLength) {
            try Self.leaf(of: authority, aaguid: [1, 2, 3])
        }
    }

    @Test func `a certificate chains to the root that issued it and to no other`() throws {
        let authority = try Self.authority(1)
        let leaf = try Self.leaf(of: authority)
        let root = authority.certificate
        // The same name with another key, and another name with the same key.
        let namesake = try Self.authority(2).certificate
        let sibling = try Self.authority(1, "Other").certificate
        #expect(leaf.chains(to: [root], through: [], at: Self.within))
        #expect(leaf.chains(to: [namesake, sibling, root], through: [], at: Self.within))
        #expect(!leaf.chains(to: [namesake], through: [], at: Self.within))
        #expect(!leaf.chains(to: [sibling], through: [], at: Self.within))
        #expect(!leaf.chains(to: [], through: [], at: Self.within))
        // What comes with a certificate is no anchor.
        #expect(!leaf.chains(to: [], through: [root], at: Self.within))
        #expect(!leaf.chains(to: [namesake], through: [root], at: Self.within))
    }

    @Test func `an anchor may be the certificate itself`() throws {
        let leaf = try Self.leaf(of: Self.authority(1))
        #expect(leaf.chains(to: [leaf], through: [], at: Self.within))
        let other = try Self.leaf(of: Self.authority(2))
        #expect(!leaf.chains(to: [other], through: [], at: Self.within))
    }

    @Test func `a certificate that is no authority's issues nothing`() throws {
        let authority = try Self.authority(1)
        let leaf = try Self.leaf(of: authority)
        let rogue = CertificateAuthority(certificate: leaf, key: try Self.key(9))
        let grandchild = try rogue.issue(
            to: Self.subject("Rogue"), key: Self.key(10).publicKey, aaguid: nil,
            validity: Self.validity)
        #expect(
            !grandchild.chains(to: [authority.certificate], through: [leaf], at: Self.within))
    }

    /// OpenSSL counts the very last second as past, so the tests leave it alone.
    @Test(arguments: [
        (Int64(1_704_067_199), false), (1_704_067_200, true), (2_019_686_398, true),
        (2_019_686_400, false), (0, false), (4_102_444_800, false),
    ])
    func `a chain is valid from its first moment to its last`(time: Int64, isValid: Bool) throws {
        let authority = try Self.authority(1)
        let leaf = try Self.leaf(of: authority)
        #expect(leaf.chains(to: [authority.certificate], through: [], at: time) == isValid)
    }

    @Test func `no proper prefix is a certificate`() throws {
        let der = try Self.leaf(of: Self.authority(1)).derRepresentation
        for prefix in der.properPrefixes {
            #expect(throws: CryptographyError.invalidCertificate) {
                try Certificate(derRepresentation: prefix)
            }
        }
    }

    @Test func `bytes behind a certificate are refused`() throws {
        let der = try Self.leaf(of: Self.authority(1)).derRepresentation
        #expect(try Certificate(derRepresentation: der).derRepresentation == der)
        for tail in [[0], der] {
            #expect(throws: CryptographyError.invalidCertificate) {
                try Certificate(derRepresentation: der + tail)
            }
        }
    }

    @Test func `a certificate with any bit flipped is refused or leads nowhere`() throws {
        let authority = try Self.authority(1)
        let der = try Self.leaf(of: authority, aaguid: Array(1...16)).derRepresentation
        for (bit, flipped) in der.singleBitFlips.enumerated() {
            guard let bent = try? Certificate(derRepresentation: flipped) else { continue }
            _ = (bent.publicKey, bent.isCertificateAuthority, bent.subjectValues("CN"))
            #expect(
                !bent.chains(to: [authority.certificate], through: [], at: Self.within),
                "bit \(bit)")
        }
    }

    @Test func `random bytes never trap`() {
        var random = SplitMix64(seed: 8)
        for _ in 0..<20_000 {
            let bytes = [0x30, 0x10] + random.bytes(Int.random(in: 0...40, using: &random))
            #expect(throws: CryptographyError.invalidCertificate) {
                try Certificate(derRepresentation: bytes)
            }
        }
    }
}
