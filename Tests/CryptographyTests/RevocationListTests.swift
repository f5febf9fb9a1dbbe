import Cryptography
import Encoding
import Testing
import TestSupport

struct RevocationListTests {
    private static let validity = CertificateAuthority.Validity(
        notBefore: 1_704_067_200, notAfter: 2_019_686_399)

    @Test func `another's list says what it was issued with`() throws {
        let list = try IssuedCards.list(IssuedCards.intermediateList)
        #expect(list.issuer == #"CN=Cards,O=Example\, Inc.,C=SE"#)
        #expect(list.thisUpdate == 1_704_067_200)
        #expect(list.nextUpdate == 2_019_686_399)
    }

    @Test func `no proper prefix and no longer string is a list`() throws {
        let der = try IssuedCards.list(IssuedCards.rootList).derRepresentation
        #expect(try RevocationList(derRepresentation: der).derRepresentation == der)
        for bent in Array(der.properPrefixes) + [der + [0], der + der] {
            #expect(throws: CryptographyError.invalidRevocationList) {
                try RevocationList(derRepresentation: bent)
            }
        }
    }

    @Test func `a list says when the next one is due`() throws {
        let der = try IssuedCards.list(IssuedCards.rootList).derRepresentation
        let time = [0x17, 0x0D] + Array("331231235959Z".utf8)
        let start = try #require(der.indices.first { der[$0...].starts(with: time) })
        // The list and what is signed of it get shorter by the time.
        var bent = Array(der[..<start] + der[(start + time.count)...])
        try #require(bent.prefix(2) == [0x30, 0x81] && bent[3] == 0x30 && bent[4] < 0x80)
        bent[2] -= UInt8(time.count)
        bent[4] -= UInt8(time.count)
        // The signature is not looked at yet: with the time in its place there is a list.
        let whole = bent.replacing(2, with: der[2]).replacing(4, with: der[4])
        #expect(
            try RevocationList(
                derRepresentation: Array(whole[..<start]) + time + whole[start...]
            ).nextUpdate == 2_019_686_399)
        #expect(throws: CryptographyError.invalidRevocationList) {
            try RevocationList(derRepresentation: bent)
        }
    }

    @Test func `no bent list vouches for a card`() throws {
        let root = try CertificateAuthority(
            subject: ["CN": "Root"], key: P256PrivateKey(), validity: Self.validity)
        let card = try root.issue(
            to: ["CN": "Card"], key: P256PrivateKey().publicKey, profile: .init(),
            validity: Self.validity)
        let list = try root.revocationList(revoking: [[7], [8]], validity: Self.validity)
        var decoded = 0
        for (bit, bent) in list.derRepresentation.singleBitFlips.enumerated() {
            let lists: [RevocationList]
            do throws(CryptographyError) {
                lists = [try RevocationList(derRepresentation: bent)]
            } catch {
                #expect(error == .invalidRevocationList)
                continue
            }
            decoded += 1
            #expect(throws: PathFailure.revocationUnknown, "bit \(bit)") {
                try card.verifyPath(
                    to: [root.certificate], through: [], revocationLists: lists,
                    at: 1_767_225_600)
            }
        }
        #expect(decoded > 500)
    }

    @Test func `a serial number to revoke has from 1 to 20 bytes`() throws {
        let root = try CertificateAuthority(
            subject: ["CN": "Root"], key: P256PrivateKey(), validity: Self.validity)
        for count in [0, 21] {
            #expect(throws: CryptographyError.invalidLength) {
                try root.revocationList(
                    revoking: [[UInt8](repeating: 1, count: count)], validity: Self.validity)
            }
        }
    }
}
