import Cryptography
import Encoding
import Testing

struct BlockCipherTests {
    /// FIPS 197, appendix C.
    @Test(arguments: [
        ("000102030405060708090a0b0c0d0e0f", "69c4e0d86a7b0430d8cdb78070b4c55a"),
        (
            "000102030405060708090a0b0c0d0e0f1011121314151617", "dda97ca4864cdfe06eaf70a0ec0d7191"
        ),
        (
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "8ea2b7ca516745bfeafc49904b496089"
        ),
    ])
    func `AES has its standard's blocks`(key: String, ciphertext: String) throws {
        let key = try Hex.decode(key)
        let plaintext = try Hex.decode("00112233445566778899aabbccddeeff")
        let block = try AESECB.encryptBlocks(plaintext, key: key)
        #expect(Hex.encode(block) == ciphertext)
        #expect(try AESECB.decryptBlocks(block, key: key) == plaintext)
        #expect(
            try AESECB.encryptBlocks(plaintext + plaintext, key: key) == block + block)
    }

    /// NIST SP 800-67, revision 1, appendix B.1.
    @Test func `Triple DES has its standard's blocks`() throws {
        let key = try Hex.decode("0123456789abcdef23456789abcdef01456789abcdef0123")
        let plaintext = Array("The qufck brown fox jump".utf8)
        let blocks = try TripleDESECB.encryptBlocks(plaintext, key: key)
        #expect(Hex.encode(blocks) == "a826fd8ce53b855fcce21c8112256fe668d5c05dd9b6b900")
        #expect(try TripleDESECB.decryptBlocks(blocks, key: key) == plaintext)
    }

    /// With the same key three times it is DES, of which this is the block for a key and a text of zeros.
    @Test func `Triple DES takes a key of three equal parts`() throws {
        let zeros = [UInt8](repeating: 0, count: 24)
        let block = try TripleDESECB.encryptBlocks([UInt8](repeating: 0, count: 8), key: zeros)
        #expect(Hex.encode(block) == "8ca64de9c1b123a7")
    }

    @Test func `no block is no block`() throws {
        #expect(try AESECB.encryptBlocks([], key: [UInt8](repeating: 1, count: 16)) == [])
        #expect(try TripleDESECB.decryptBlocks([], key: [UInt8](repeating: 1, count: 24)) == [])
    }

    @Test(arguments: [(15, 16), (17, 16), (8, 16), (16, 0), (16, 8), (16, 15), (16, 33)])
    func `AES refuses other lengths`(text: Int, key: Int) {
        let text = [UInt8](repeating: 0, count: text)
        let key = [UInt8](repeating: 0, count: key)
        #expect(throws: CryptographyError.invalidLength) {
            try AESECB.encryptBlocks(text, key: key)
        }
        #expect(throws: CryptographyError.invalidLength) {
            try AESECB.decryptBlocks(text, key: key)
        }
    }

    @Test(arguments: [(7, 24), (9, 24), (8, 0), (8, 8), (8, 16), (8, 23), (8, 25)])
    func `Triple DES refuses other lengths`(text: Int, key: Int) {
        let text = [UInt8](repeating: 0, count: text)
        let key = [UInt8](repeating: 0, count: key)
        #expect(throws: CryptographyError.invalidLength) {
            try TripleDESECB.encryptBlocks(text, key: key)
        }
        #expect(throws: CryptographyError.invalidLength) {
            try TripleDESECB.decryptBlocks(text, key: key)
        }
    }
}
