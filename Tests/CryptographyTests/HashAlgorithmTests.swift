import Cryptography
import Encoding
import TestSupport
import Testing

struct HashAlgorithmTests {
    /// FIPS 180-4's examples, and the digests of nothing.
    @Test(arguments: [
        (HashAlgorithm.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            .sha512, "",
            """
            cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
            47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e
            """
        ),
        (
            .sha512, "abc",
            """
            ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
            2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f
            """
        ),
    ])
    func `the digests are their standard's`(
        algorithm: HashAlgorithm, message: String, digest: String
    ) {
        #expect(Hex.encode(Digest.hash(Array(message.utf8), with: algorithm)) == digest)
    }

    @Test(arguments: [(HashAlgorithm.sha1, 20), (.sha256, 32), (.sha512, 64)])
    func `digests and codes have the length that is promised`(
        algorithm: HashAlgorithm, length: Int
    ) {
        #expect(algorithm.byteCount == length)
        #expect(Digest.hash([1], with: algorithm).count == length)
        #expect(MessageAuthentication.hmac([1], key: [2], with: algorithm).count == length)
    }

    /// RFC 2202 §3. The fifth code is given whole.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b617318655057264e28bc0b6fb378c8ef146be00"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "125d7342b9ac11cd91a39af48aa17b4f63f175d3"
        ),
        (
            Array(1...25), [UInt8](repeating: 0xCD, count: 50),
            "4c9007f4026250c6bc8414f9bf50c86c2d7235da"
        ),
        (
            [UInt8](repeating: 0x0C, count: 20), Array("Test With Truncation".utf8),
            "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"
        ),
        (
            [UInt8](repeating: 0xAA, count: 80),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "aa4ae5e15272d00e95705637ce8a3b55ed402112"
        ),
        (
            [UInt8](repeating: 0xAA, count: 80),
            Array(
                "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data".utf8),
            "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"
        ),
    ])
    func `HMAC with SHA-1 has its RFC's codes`(key: [UInt8], message: [UInt8], code: String) {
        #expect(Hex.encode(MessageAuthentication.hmac(message, key: key, with: .sha1)) == code)
    }

    /// RFC 4231 §4.2 to §4.8; the fifth codes are given truncated.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
            """
            87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
            daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854
            """
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            """
            164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554\
            9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737
            """
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
            """
            fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39\
            bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb
            """
        ),
        (
            Array(1...25), [UInt8](repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
            """
            b0ba465637458c6990e5a8c5f61d4af7e576d97ff94b872de76f8050361ee3db\
            a91ca5c11aa25eb4d679275cc5788063a5f19741120c4f2de2adebeb10a298dd
            """
        ),
        (
            [UInt8](repeating: 0x0C, count: 20), Array("Test With Truncation".utf8),
            "a3b6167473100ee06e0c796c2955552b", "415fad6271580a531d4179bc891d87a6"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
            """
            80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
            6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598
            """
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array(
                """
                This is a test using a larger than block-size key and a larger than block-size \
                data. The key needs to be hashed before being used by the HMAC algorithm.
                """.utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
            """
            e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944\
            b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58
            """
        ),
    ])
    func `HMAC with SHA-256 and SHA-512 has its RFC's codes`(
        key: [UInt8], message: [UInt8], code256: String, code512: String
    ) {
        let half = Hex.encode(MessageAuthentication.hmac(message, key: key, with: .sha256))
        #expect(half.hasPrefix(code256))
        let full = Hex.encode(MessageAuthentication.hmac(message, key: key, with: .sha512))
        #expect(full.hasPrefix(code512))
    }

    @Test(arguments: [
        (HashAlgorithm.sha1, "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d"),
        (.sha256, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
        (
            .sha512,
            """
            b936cee86c9f87aa5d3c6f2e84cb5a4239a5fe50480a6ec66b70ab5b1f4ac673\
            0c6c515421b327ec1d69402e53dfb49ad7381eb067b338fd7b0cb22247225d47
            """
        ),
    ])
    func `HMAC takes an empty key and an empty message`(algorithm: HashAlgorithm, code: String) {
        #expect(Hex.encode(MessageAuthentication.hmac([], key: [], with: algorithm)) == code)
    }

    /// Project Wycheproof's vectors. The members of their files keep their names.
    private struct Codes: Decodable {
        struct Group: Decodable {
            let tagSize: Int
            let tests: [Case]
        }
        struct Case: Decodable {
            let tcId: Int
            let key: String
            let msg: String
            let tag: String
            let result: String
        }
        let testGroups: [Group]
    }

    @Test(
        .enabled(if: Vectors.arePresent, "\(Vectors.absence)"),
        arguments: [(HashAlgorithm.sha1, 170), (.sha256, 174), (.sha512, 174)])
    func `HMAC's codes come out as Wycheproof's should`(
        algorithm: HashAlgorithm, total: Int
    ) throws {
        let file = try #require(
            Vectors.document("wycheproof/hmac_\(algorithm)_test.json", as: Codes.self))
        var count = 0
        for group in file.testGroups {
            for test in group.tests {
                let code = try MessageAuthentication.hmac(
                    Hex.decode(test.msg), key: Hex.decode(test.key), with: algorithm)
                let tag = try Hex.decode(test.tag)
                let isValid = ConstantTime.areEqual(Array(code.prefix(group.tagSize / 8)), tag)
                #expect(isValid == (test.result == "valid"), "case \(test.tcId)")
                count += 1
            }
        }
        #expect(count == total)
    }
}
