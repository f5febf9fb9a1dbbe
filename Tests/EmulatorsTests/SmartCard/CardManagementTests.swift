import Authenticators
import Cryptography
import Emulators
import Encoding
import ISO7816
import PIV
import Testing

/// The management key's authentication (NIST SP 800-73-4 part 2 appendix A.1).
struct CardManagementTests {
    private let write = "00DB3FFF09 5C035FC105 53020102"
    private let key = CardLab.factoryKey

    private func answer(_ reply: String) throws -> [UInt8] {
        try Array(Hex.decode(reply).dropFirst(4).dropLast(2))
    }

    private func hex(_ bytes: [UInt8]) -> String { Hex.encode(bytes).uppercased() }

    @Test(arguments: ["00", "03"])
    func `the client alone is authenticated by encrypting a challenge`(_ algorithm: String) throws {
        let lab = try CardLab()
        let reply = try lab.raw("0087\(algorithm)9B04 7C028100")
        #expect(reply.hasPrefix("7C0A8108") && reply.hasSuffix("9000") && reply.count == 28)
        let response = try TripleDESECB.encryptBlocks(answer(reply), key: key)
        #expect(try lab.raw("0087\(algorithm)9B0C 7C0A8208\(hex(response))") == "9000")
        #expect(try lab.raw(write) == "9000")
    }

    @Test func `both are authenticated by decrypting a witness and encrypting a challenge`()
        throws
    {
        let lab = try CardLab()
        let reply = try lab.raw("0087039B04 7C028000")
        #expect(reply.hasPrefix("7C0A8008"))
        let witness = try TripleDESECB.decryptBlocks(answer(reply), key: key)
        let proof = try lab.raw("0087039B16 7C148008\(hex(witness))81080102030405060708")
        let expected = try TripleDESECB.encryptBlocks([1, 2, 3, 4, 5, 6, 7, 8], key: key)
        #expect(proof == "7C0A8208\(hex(expected))9000")
        #expect(try lab.raw(write) == "9000")
        // Some clients ask for the response in so many words.
        let next = try lab.raw("0087039B04 7C028000")
        let plain = try TripleDESECB.decryptBlocks(answer(next), key: key)
        #expect(
            try lab.raw("0087039B18 7C168008\(hex(plain))810801020304050607088200")
                == "7C0A8208\(hex(expected))9000")
    }

    @Test(arguments: [PIVAlgorithm.aes128, .aes192, .aes256])
    func `the key may be one for AES`(_ algorithm: PIVAlgorithm) throws {
        let lab = try CardLab()
        let count = try #require(algorithm.managementKeyLength)
        let new = (0..<count).map { UInt8($0) ^ 0x5A }
        try lab.manage()
        try lab.succeed(PIVCommand.setManagementKey(algorithm, new))
        try lab.cyclePower()
        #expect(try lab.raw(write) == "6982")
        #expect(try lab.raw("0087039B04 7C028000") == "6A86")
        try lab.manage(new, algorithm)
        #expect(try lab.raw(write) == "9000")
        let metadata = try lab.metadata(PIVCommand.managementKeyMetadata())
        #expect(metadata.algorithm == algorithm)
        #expect(metadata.isDefault == false)
    }

    @Test func `a new card may have an AES key, whose value everybody knows`() throws {
        let lab = try CardLab(configuration: .init(managementKeyAlgorithm: .aes192))
        try lab.manage(key, .aes192)
        #expect(try lab.raw(write) == "9000")
        #expect(try lab.raw("00F7009B00") == "01010A020200010501019000")
        let other = try CardLab()
        #expect(try other.raw("00F7009B00") == "010103020200010501019000")
    }

    @Test func `who answers wrong manages nothing, whatever they did before`() throws {
        let lab = try CardLab()
        try lab.manage()
        let reply = try lab.raw("0087039B04 7C028100")
        #expect(try lab.raw("0087039B0C 7C0A8208\(hex(answer(reply)))") == "6982")
        #expect(try lab.raw(write) == "6982")
        _ = try lab.raw("0087039B04 7C028000")
        #expect(
            try lab.raw("0087039B16 7C148008000000000000000081080102030405060708") == "6982")
        #expect(try lab.raw(write) == "6982")
    }

    @Test func `an answer is good once, at once, and for what was asked`() throws {
        let lab = try CardLab()
        let reply = try lab.raw("0087039B04 7C028100")
        let response = try hex(TripleDESECB.encryptBlocks(answer(reply), key: key))
        #expect(try lab.raw("00200080") == "63C3")
        #expect(try lab.raw("0087039B0C 7C0A8208\(response)") == "6A80")
        let again = try lab.raw("0087039B04 7C028100")
        let other = try hex(TripleDESECB.encryptBlocks(answer(again), key: key))
        #expect(try lab.raw("0087039B0C 7C0A8208\(other)") == "9000")
        #expect(try lab.raw("0087039B0C 7C0A8208\(other)") == "6A80")
        #expect(try lab.raw(write) == "6982")
        // A challenge is not answered where a witness was given.
        _ = try lab.raw("0087039B04 7C028000")
        #expect(try lab.raw("0087039B0C 7C0A8208\(other)") == "6A80")
    }

    @Test(arguments: [
        ("0087039B04 7C028200", "6A80"), ("0087039B02 7C00", "6A80"),
        ("0087039B06 7C0480008100", "6A80"), ("0087039B0C 7C0A81080102030405060708", "6A80"),
        ("0087039B0E 7C0C810801020304050607088200", "6A80"), ("0087039B04 7B028000", "6A80"),
        ("0087039B04 7C038000", "6A80"), ("0087089B04 7C028000", "6A86"),
        ("0087119B04 7C028000", "6A86"), ("0087FF9B04 7C028000", "6A86"),
    ])
    func `the card encrypts nothing for who has not the key`(
        _ command: String, _ status: String
    ) throws {
        let lab = try CardLab()
        #expect(try lab.raw(command) == status)
        #expect(try lab.raw(write) == "6982")
    }

    @Test func `a reset ends the management`() throws {
        let lab = try CardLab()
        try lab.manage()
        try lab.verifyPIN()
        lab.card.resetByAnotherProgram()
        try lab.transport.reconnect()
        try lab.succeed(PIVCommand.select())
        #expect(try lab.raw(write) == "6982")
        #expect(try lab.raw("00200080") == "63C3")
    }

    @Test(arguments: [
        ("00FFFFFF1B 039B18 010203040506070801020304050607080102030405060708", "9000"),
        ("00FFFFFE1B 039B18 010203040506070801020304050607080102030405060708", "9000"),
        ("00FFFFFC1B 039B18 010203040506070801020304050607080102030405060708", "6A86"),
        ("00FF00FF1B 039B18 010203040506070801020304050607080102030405060708", "6A86"),
        ("00FFFFFF1B 039A18 010203040506070801020304050607080102030405060708", "6A80"),
        ("00FFFFFF1B 089B18 010203040506070801020304050607080102030405060708", "6A80"),
        ("00FFFFFF1B 119B18 010203040506070801020304050607080102030405060708", "6A80"),
        ("00FFFFFF02 039B", "6A80"), ("00FFFFFF", "6A80"),
    ])
    func `a new management key must be one`(_ command: String, _ status: String) throws {
        let lab = try CardLab()
        #expect(try lab.raw(command) == (status == "6A86" ? "6A86" : "6982"))
        try lab.manage()
        #expect(try lab.raw(command) == status)
    }

    @Test func `a management key may want a touch`() throws {
        let lab = try CardLab(PersonScript([.wait]))
        try lab.manage()
        try lab.succeed(PIVCommand.setManagementKey(.tripleDES, key, touchPolicy: .always))
        let reply = try lab.raw("0087039B04 7C028100")
        let response = try hex(TripleDESECB.encryptBlocks(answer(reply), key: key))
        #expect(try lab.raw("0087039B0C 7C0A8208\(response)") == "6982")
        #expect(try lab.raw(write) == "6982")
        try lab.manage()
        #expect(try lab.raw(write) == "9000")
    }
}
