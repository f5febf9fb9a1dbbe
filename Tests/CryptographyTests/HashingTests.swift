import Cryptography
import Encoding
import Testing
import TestSupport

struct HashingTests {
    /// FIPS 180-4's examples.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 has its standard's digests`(message: String, digest: String) {
        #expect(Hex.encode(SHA256.hash(Array(message.utf8))) == digest)
    }

    /// FIPS 180-4's examples.
    @Test(arguments: [
        (
            "",
            """
            38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da\
            274edebfe76f65fbd51ad2f14898b95b
            """
        ),
        (
            "abc",
            """
            cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
            8086072ba1e7cc2358baeca134c825a7
            """
        ),
    ])
    func `SHA-384 has its standard's digests`(message: String, digest: String) {
        #expect(Hex.encode(SHA384.hash(Array(message.utf8))) == digest)
    }

    @Test func `SHA-256 of a million letters is its standard's`() {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(
            Hex.encode(SHA256.hash(message))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    /// RFC 4231 §4.2 to §4.8; the fifth gives a truncated code.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            Array(1...25), [UInt8](repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            [UInt8](repeating: 0x0C, count: 20), Array("Test With Truncation".utf8),
            "a3b6167473100ee06e0c796c2955552b"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131),
            Array(
                """
                This is a test using a larger than block-size key and a larger than block-size \
                data. The key needs to be hashed before being used by the HMAC algorithm.
                """.utf8),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ])
    func `HMAC has its RFC's codes`(key: [UInt8], message: [UInt8], code: String) {
        let full = Hex.encode(HMACSHA256.authenticate(message, key: key))
        #expect(full.count == 64)
        #expect(full.hasPrefix(code))
    }

    @Test func `HMAC takes an empty key and an empty message`() {
        #expect(
            Hex.encode(HMACSHA256.authenticate([], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    /// RFC 5869 §A.1 to §A.3.
    @Test(
        arguments: [
            (
                [UInt8](repeating: 0x0B, count: 22), Array(0...12), Array(0xF0...0xF9), 42,
                """
                3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf\
                34007208d5b887185865
                """
            ),
            (
                Array(0...0x4F), Array(0x60...0xAF), Array(0xB0...0xFF), 82,
                """
                b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c\
                59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71\
                cc30c58179ec3e87c14c01d5c1f3434f1d87
                """
            ),
            (
                [UInt8](repeating: 0x0B, count: 22), [], [], 42,
                """
                8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d\
                9d201395faa4b61a96c8
                """
            ),
        ] as [([UInt8], [UInt8], [UInt8], Int, String)])
    func `HKDF has its RFC's keys`(
        secret: [UInt8], salt: [UInt8], info: [UInt8], length: Int, key: String
    ) throws {
        let derived = try HKDFSHA256.derive(
            secret: secret, salt: salt, info: info, length: length)
        #expect(Hex.encode(derived) == key)
    }

    @Test func `HKDF derives no more than 255 blocks`() throws {
        let most = try HKDFSHA256.derive(secret: [1], salt: [2], info: [3], length: 255 * 32)
        #expect(most.count == 255 * 32)
        #expect(throws: CryptographyError.openSSL(function: "EVP_PKEY_derive")) {
            try HKDFSHA256.derive(secret: [1], salt: [2], info: [3], length: 255 * 32 + 1)
        }
    }

    @Test func `byte strings are equal in content and length alone`() {
        #expect(ConstantTime.areEqual([], []))
        #expect(ConstantTime.areEqual([1, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.areEqual([1, 2, 3], [1, 2]))
        #expect(!ConstantTime.areEqual([], [0]))
        let bytes = [UInt8](0...32)
        for flipped in bytes.singleBitFlips {
            #expect(!ConstantTime.areEqual(bytes, flipped))
        }
    }

    @Test func `random bytes have the length that was asked for and differ`() {
        for count in [0, 1, 16, 1000] {
            #expect(SecureRandom.bytes(count).count == count)
        }
        #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
    }
}
