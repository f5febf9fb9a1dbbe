import Cryptography
import Encoding
import Testing
import TestSupport

struct CipherTests {
    /// NIST SP 800-38A §F.2.5.
    private static let cbcKey = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
    private static let cbcVector = "000102030405060708090a0b0c0d0e0f"
    private static let cbcPlaintext = """
        6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51\
        30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710
        """
    private static let cbcCiphertext = """
        f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d\
        39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b
        """

    @Test func `CBC has its standard's blocks`() throws {
        let key = try Hex.decode(Self.cbcKey)
        let vector = try Hex.decode(Self.cbcVector)
        let plaintext = try Hex.decode(Self.cbcPlaintext)
        let ciphertext = try AES256CBC.encrypt(
            plaintext, key: key, initializationVector: vector)
        #expect(Hex.encode(ciphertext) == Self.cbcCiphertext)
        #expect(
            try AES256CBC.decrypt(ciphertext, key: key, initializationVector: vector)
                == plaintext)
    }

    @Test func `CBC adds no padding`() throws {
        let key = [UInt8](repeating: 1, count: 32)
        let vector = [UInt8](repeating: 2, count: 16)
        for blocks in 0...5 {
            let plaintext = [UInt8](repeating: 16, count: blocks * 16)
            let ciphertext = try AES256CBC.encrypt(
                plaintext, key: key, initializationVector: vector)
            #expect(ciphertext.count == plaintext.count)
            #expect(
                try AES256CBC.decrypt(ciphertext, key: key, initializationVector: vector)
                    == plaintext)
        }
    }

    @Test(arguments: [
        (15, 32, 16), (17, 32, 16), (16, 16, 16), (16, 33, 16), (16, 32, 15), (16, 0, 0),
    ])
    func `CBC refuses other lengths`(text: Int, key: Int, vector: Int) {
        let zeros = { [UInt8](repeating: 0, count: $0) }
        #expect(throws: CryptographyError.invalidLength) {
            try AES256CBC.encrypt(
                zeros(text), key: zeros(key), initializationVector: zeros(vector))
        }
        #expect(throws: CryptographyError.invalidLength) {
            try AES256CBC.decrypt(
                zeros(text), key: zeros(key), initializationVector: zeros(vector))
        }
    }

    /// Test cases 13 to 16 of McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B.
    private static let gcm:
        [(key: String, nonce: String, plain: String, data: String, out: String)] =
            [
                (
                    String(repeating: "00", count: 32), String(repeating: "00", count: 12), "", "",
                    "530f8afbc74536b9a963b4f1c4cb738b"
                ),
                (
                    String(repeating: "00", count: 32), String(repeating: "00", count: 12),
                    String(repeating: "00", count: 16), "",
                    "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
                ),
                (
                    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                    "cafebabefacedbaddecaf888",
                    """
                    d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532f\
                    cf0e2449a6b525b16aedf5aa0de657ba637b391aafd255
                    """,
                    "",
                    """
                    522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7\
                    b08b1056828838c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c
                    """
                ),
                (
                    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
                    "cafebabefacedbaddecaf888",
                    """
                    d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532f\
                    cf0e2449a6b525b16aedf5aa0de657ba637b39
                    """,
                    "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                    """
                    522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7\
                    b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b
                    """
                ),
            ]

    @Test(arguments: gcm.indices)
    func `GCM has its authors' vectors`(index: Int) throws {
        let vector = Self.gcm[index]
        let key = try Hex.decode(vector.key)
        let nonce = try Hex.decode(vector.nonce)
        let plaintext = try Hex.decode(vector.plain)
        let associated = try Hex.decode(vector.data)
        let sealed = try AES256GCM.seal(
            plaintext, key: key, nonce: nonce, authenticating: associated)
        #expect(Hex.encode(sealed) == vector.out)
        #expect(
            try AES256GCM.open(sealed, key: key, nonce: nonce, authenticating: associated)
                == plaintext)
    }

    @Test func `nothing bent opens`() throws {
        let key = [UInt8](repeating: 1, count: 32)
        let nonce = [UInt8](repeating: 2, count: 12)
        let associated = Array("context".utf8)
        let sealed = try AES256GCM.seal(
            Array("message".utf8), key: key, nonce: nonce, authenticating: associated)
        for flipped in sealed.singleBitFlips {
            #expect(throws: CryptographyError.authenticationFailed) {
                try AES256GCM.open(flipped, key: key, nonce: nonce, authenticating: associated)
            }
        }
        for flipped in key.singleBitFlips {
            #expect(throws: CryptographyError.authenticationFailed) {
                try AES256GCM.open(
                    sealed, key: flipped, nonce: nonce, authenticating: associated)
            }
        }
        for flipped in nonce.singleBitFlips {
            #expect(throws: CryptographyError.authenticationFailed) {
                try AES256GCM.open(
                    sealed, key: key, nonce: flipped, authenticating: associated)
            }
        }
        for other in Array(associated.singleBitFlips) + [[], associated + [0]] {
            #expect(throws: CryptographyError.authenticationFailed) {
                try AES256GCM.open(sealed, key: key, nonce: nonce, authenticating: other)
            }
        }
        for prefix in sealed.properPrefixes {
            let error: CryptographyError =
                prefix.count < 16 ? .invalidLength : .authenticationFailed
            #expect(throws: error) {
                try AES256GCM.open(prefix, key: key, nonce: nonce, authenticating: associated)
            }
        }
    }

    @Test(arguments: [(31, 12), (16, 12), (0, 12), (32, 11), (32, 16), (32, 0)])
    func `GCM refuses other keys and nonces`(key: Int, nonce: Int) {
        let key = [UInt8](repeating: 0, count: key)
        let nonce = [UInt8](repeating: 0, count: nonce)
        #expect(throws: CryptographyError.invalidLength) {
            try AES256GCM.seal([1], key: key, nonce: nonce, authenticating: [])
        }
        #expect(throws: CryptographyError.invalidLength) {
            try AES256GCM.open(
                [UInt8](repeating: 0, count: 20), key: key, nonce: nonce, authenticating: [])
        }
    }
}
