import Cryptography
import Encoding
import Testing
import TestSupport

struct AES128GCMTests {
    /// Test cases 1 to 4 of McGrew and Viega, "The Galois/Counter Mode of Operation", appendix B.
    private static let vectors:
        [(key: String, nonce: String, plain: String, data: String, out: String)] =
            [
                (
                    String(repeating: "00", count: 16), String(repeating: "00", count: 12), "", "",
                    "58e2fccefa7e3061367f1d57a4e7455a"
                ),
                (
                    String(repeating: "00", count: 16), String(repeating: "00", count: 12),
                    String(repeating: "00", count: 16), "",
                    "0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf"
                ),
                (
                    "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
                    """
                    d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532f\
                    cf0e2449a6b525b16aedf5aa0de657ba637b391aafd255
                    """,
                    "",
                    """
                    42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d\
                    8f6a5aac84aa051ba30b396a0aac973d58e091473f59854d5c2af327cd64a62cf35abd2ba6fab4
                    """
                ),
                (
                    "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
                    """
                    d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532f\
                    cf0e2449a6b525b16aedf5aa0de657ba637b39
                    """,
                    "feedfacedeadbeeffeedfacedeadbeefabaddad2",
                    """
                    42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d\
                    8f6a5aac84aa051ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47
                    """
                ),
            ]

    @Test(arguments: vectors.indices)
    func `it has its authors' vectors`(index: Int) throws {
        let vector = Self.vectors[index]
        let key = try Hex.decode(vector.key)
        let nonce = try Hex.decode(vector.nonce)
        let plaintext = try Hex.decode(vector.plain)
        let associated = try Hex.decode(vector.data)
        let sealed = try AES128GCM.seal(
            plaintext, key: key, nonce: nonce, authenticating: associated)
        #expect(Hex.encode(sealed) == vector.out)
        #expect(
            try AES128GCM.open(sealed, key: key, nonce: nonce, authenticating: associated)
                == plaintext)
    }

    @Test func `nothing bent opens`() throws {
        let key = [UInt8](repeating: 1, count: 16)
        let nonce = [UInt8](repeating: 2, count: 12)
        let sealed = try AES128GCM.seal(
            Array("message".utf8), key: key, nonce: nonce, authenticating: [])
        for flipped in sealed.singleBitFlips {
            #expect(throws: CryptographyError.authenticationFailed) {
                try AES128GCM.open(flipped, key: key, nonce: nonce, authenticating: [])
            }
        }
        for prefix in sealed.properPrefixes {
            let failure: CryptographyError =
                prefix.count < 16 ? .invalidLength : .authenticationFailed
            #expect(throws: failure) {
                try AES128GCM.open(prefix, key: key, nonce: nonce, authenticating: [])
            }
        }
    }

    @Test(arguments: [(15, 12), (24, 12), (32, 12), (0, 12), (16, 11), (16, 16), (16, 0)])
    func `other keys and nonces are refused`(key: Int, nonce: Int) {
        let key = [UInt8](repeating: 0, count: key)
        let nonce = [UInt8](repeating: 0, count: nonce)
        #expect(throws: CryptographyError.invalidLength) {
            try AES128GCM.seal([1], key: key, nonce: nonce, authenticating: [])
        }
        #expect(throws: CryptographyError.invalidLength) {
            try AES128GCM.open(
                [UInt8](repeating: 0, count: 20), key: key, nonce: nonce, authenticating: [])
        }
    }
}
