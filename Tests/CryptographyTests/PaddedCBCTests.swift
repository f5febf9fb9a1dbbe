import Cryptography
import Encoding
import Testing
import TestSupport

struct PaddedCBCTests {
    /// NIST SP 800-38A §F.2.1, §F.2.3 and §F.2.5: the key, the first two blocks, and by OpenSSL's command the block of
    /// padding behind them.
    private static let vectors: [(key: String, blocks: String, padding: String)] = [
        (
            "2b7e151628aed2a6abf7158809cf4f3c",
            "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2",
            "55e21d7100b988ffec32feeafaf23538"
        ),
        (
            "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
            "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a",
            "c81ca99c3a1e883fa8d834316a2275ec"
        ),
        (
            "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
            "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d",
            "3a3aa5e0213db1a9901f9036cf5102d2"
        ),
    ]
    private static let plaintext = """
        6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51
        """
    private static let vector = "000102030405060708090a0b0c0d0e0f"

    @Test(arguments: vectors.indices)
    func `has its standard's blocks`(index: Int) throws {
        let expected = Self.vectors[index]
        let key = try Hex.decode(expected.key)
        let plaintext = try Hex.decode(Self.plaintext)
        let message = try PaddedCBC.encrypt(
            plaintext, key: key, initializationVector: Hex.decode(Self.vector))
        #expect(Hex.encode(message) == Self.vector + expected.blocks + expected.padding)
        #expect(try PaddedCBC.decrypt(message, key: key) == plaintext)
    }

    /// By OpenSSL's command, with the key of 192 bits.
    @Test(arguments: [
        (0, "848a6fa7d2b3567bf57371a1a030e9de"), (1, "f5404db6e6d7344092991d045fd9c284"),
        (15, "67a17576b9b15f90c540f572ae5ef83b"),
    ])
    func `fills the last block`(length: Int, block: String) throws {
        let key = try Hex.decode(Self.vectors[1].key)
        let plaintext = Array(try Hex.decode(Self.plaintext).prefix(length))
        let message = try PaddedCBC.encrypt(
            plaintext, key: key, initializationVector: Hex.decode(Self.vector))
        #expect(Hex.encode(message) == Self.vector + block)
        #expect(try PaddedCBC.decrypt(message, key: key) == plaintext)
    }

    /// The last byte of the padding alone says how long it is (XML Encryption §5.2).
    @Test func `takes any padding of a right length`() throws {
        var random = SplitMix64(seed: 38)
        let key = random.bytes(32)
        let vector = random.bytes(16)
        for padding in 0...255 {
            var block = random.bytes(16)
            block[15] = UInt8(padding)
            // Without padding of its own: that block is cut off again.
            let message = Array(
                try PaddedCBC.encrypt(block, key: key, initializationVector: vector).prefix(32))
            if (1...16).contains(padding) {
                #expect(
                    try PaddedCBC.decrypt(message, key: key) == Array(block.dropLast(padding)))
            } else {
                #expect(throws: CryptographyError.authenticationFailed) {
                    try PaddedCBC.decrypt(message, key: key)
                }
            }
        }
    }

    @Test func `refuses every proper prefix but whole blocks`() throws {
        let key = [UInt8](repeating: 7, count: 16)
        let message = try PaddedCBC.encrypt(
            [UInt8](repeating: 1, count: 40), key: key,
            initializationVector: [UInt8](repeating: 2, count: 16))
        #expect(message.count == 64)
        for prefix in message.properPrefixes {
            // The plaintext's bytes of 1 are padding of one byte, as long as they end the message.
            if prefix.count == 32 || prefix.count == 48 {
                #expect(
                    try PaddedCBC.decrypt(prefix, key: key)
                        == [UInt8](repeating: 1, count: prefix.count - 17))
            } else {
                #expect(throws: CryptographyError.invalidLength) {
                    try PaddedCBC.decrypt(prefix, key: key)
                }
            }
        }
    }

    @Test(arguments: [(0, 16), (15, 16), (17, 16), (33, 16), (16, 0), (16, 15), (16, 17)])
    func `refuses keys and vectors of other lengths`(key: Int, vector: Int) {
        let key = [UInt8](repeating: 0, count: key)
        #expect(throws: CryptographyError.invalidLength) {
            try PaddedCBC.encrypt(
                [1], key: key, initializationVector: [UInt8](repeating: 0, count: vector))
        }
        if vector == 16 {
            #expect(throws: CryptographyError.invalidLength) {
                try PaddedCBC.decrypt([UInt8](repeating: 0, count: 32), key: key)
            }
        }
    }
}
