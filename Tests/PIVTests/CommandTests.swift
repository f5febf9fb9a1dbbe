import Encoding
import ISO7816
import PIV
import TestSupport
import Testing

struct PIVCommandTests {
    private static let pin: [UInt8] = [0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0xFF, 0xFF]
    private static let puk = [UInt8]("12345678".utf8)

    private func hex(_ command: CommandAPDU) throws -> String {
        Hex.encode(try command.encoded(.short))
    }

    @Test func `the application is selected with or without its version`() throws {
        #expect(
            try hex(PIVCommand.select()) == "00a404000b" + "a000000308000010000100" + "00")
        #expect(
            try hex(PIVCommand.selectTruncated()) == "00a4040009" + "a00000030800001000" + "00")
    }

    @Test func `data objects are asked for by their tags`() throws {
        #expect(
            try hex(PIVCommand.getData(.cardholderUniqueIdentifier))
                == "00cb3fff05" + "5c035fc102" + "00")
        #expect(try hex(PIVCommand.getData(.discovery)) == "00cb3fff03" + "5c017e" + "00")
        #expect(
            try hex(PIVCommand.getData(.biometricTemplates)) == "00cb3fff04" + "5c027f61" + "00")
    }

    @Test func `data objects are written with their tags`() throws {
        #expect(
            try hex(PIVCommand.putData(.authenticationCertificate, [1, 2, 3]))
                == "00db3fff0a" + "5c035fc105" + "5303010203")
        #expect(
            try hex(PIVCommand.putData(.authenticationCertificate, []))
                == "00db3fff07" + "5c035fc105" + "5300")
        #expect(try hex(PIVCommand.putData(.discovery, [1])) == "00db3fff03" + "7e0101")
    }

    @Test func `a PIN is presented, asked about and given up`() throws {
        #expect(
            try hex(PIVCommand.verify(.application, Self.pin))
                == "0020008008" + "313233343536ffff")
        #expect(try hex(PIVCommand.verify()) == "00200080")
        #expect(try hex(PIVCommand.verify(.global)) == "00200000")
        #expect(try hex(PIVCommand.unverify()) == "0020ff80")
    }

    @Test func `a PIN is changed and unblocked`() throws {
        #expect(
            try hex(PIVCommand.changeReference(.application, from: Self.pin, to: Self.puk))
                == "0024008010" + "313233343536ffff" + "3132333435363738")
        #expect(
            try hex(PIVCommand.changeReference(.puk, from: Self.puk, to: Self.pin))
                == "0024008110" + "3132333435363738" + "313233343536ffff")
        #expect(
            try hex(PIVCommand.resetRetryCounter(puk: Self.puk, newPIN: Self.pin))
                == "002c008010" + "3132333435363738" + "313233343536ffff")
    }

    @Test func `reference data that was not filled up is refused`() {
        let short = [UInt8]("123456".utf8)
        #expect(throws: MalformedCardData.length) { try PIVCommand.verify(.application, short) }
        #expect(throws: MalformedCardData.length) { try PIVCommand.verify(.application, []) }
        #expect(throws: MalformedCardData.length) {
            try PIVCommand.changeReference(.puk, from: Self.puk, to: short)
        }
        #expect(throws: MalformedCardData.length) {
            try PIVCommand.changeReference(.puk, from: short, to: Self.puk)
        }
        #expect(throws: MalformedCardData.length) {
            try PIVCommand.resetRetryCounter(puk: short, newPIN: Self.pin)
        }
        #expect(throws: MalformedCardData.length) {
            try PIVCommand.resetRetryCounter(puk: Self.puk, newPIN: Self.pin + [0xFF])
        }
    }

    @Test func `keys are generated as Yubico documents it`() throws {
        #expect(
            try hex(
                PIVCommand.generateKey(.signature, .p256, pinPolicy: .once, touchPolicy: .always))
                == "0047009c0b" + "ac09800111aa0102ab0102" + "00")
        #expect(
            try hex(PIVCommand.generateKey(.authentication, .rsa2048))
                == "0047009a05" + "ac03800107" + "00")
    }

    @Test func `a digest is signed and a key agreed on`() throws {
        let digest = [UInt8](repeating: 0xAB, count: 32)
        #expect(
            try hex(PIVCommand.sign(.authentication, .p256, digest))
                == "0087119a26" + "7c24" + "8200" + "8120" + Hex.encode(digest) + "00")
        let point = [0x04] + [UInt8](repeating: 0xCD, count: 64)
        #expect(
            try hex(PIVCommand.agree(.keyManagement, .p256, point))
                == "0087119d47" + "7c45" + "8200" + "8541" + Hex.encode(point) + "00")
    }

    @Test func `a block for RSA takes a chain of two`() throws {
        let block = [UInt8](repeating: 0x5A, count: 256)
        let command = try PIVCommand.sign(.authentication, .rsa2048, block)
        let data: [UInt8] =
            [0x7C, 0x82, 0x01, 0x06, 0x82, 0x00, 0x81, 0x82, 0x01, 0x00] + block
        var exchange = CommandExchange(command, form: .short)
        #expect(try exchange.start() == [0x10, 0x87, 0x07, 0x9A, 0xFF] + data.prefix(255))
        #expect(
            try exchange.received([0x90, 0x00])
                == .send([0x00, 0x87, 0x07, 0x9A, 0x0B] + data.dropFirst(255) + [0x00]))
    }

    @Test func `the management key is presented in both directions or in one`() throws {
        #expect(try hex(PIVCommand.managementWitness(.tripleDES)) == "0087039b047c02800000")
        #expect(
            try hex(
                PIVCommand.managementProof(
                    .tripleDES, witness: [1, 2, 3, 4, 5, 6, 7, 8],
                    challenge: [8, 7, 6, 5, 4, 3, 2, 1]))
                == "0087039b16" + "7c14" + "80080102030405060708" + "81080807060504030201" + "00")
        #expect(try hex(PIVCommand.managementChallenge(.aes192)) == "00870a9b047c02810000")
        #expect(
            try hex(PIVCommand.managementResponse(.aes192, [UInt8](repeating: 9, count: 16)))
                == "00870a9b14" + "7c12" + "8210" + "09090909090909090909090909090909" + "00")
    }

    @Test func `the vendor's commands are as Yubico documents them`() throws {
        #expect(try hex(PIVCommand.version()) == "00fd000000")
        #expect(try hex(PIVCommand.serialNumber()) == "00f8000000")
        #expect(try hex(PIVCommand.metadata(.authentication)) == "00f7009a00")
        #expect(try hex(PIVCommand.metadata(of: .application)) == "00f7008000")
        #expect(try hex(PIVCommand.metadata(of: .puk)) == "00f7008100")
        #expect(try hex(PIVCommand.managementKeyMetadata()) == "00f7009b00")
        #expect(try hex(PIVCommand.attest(.authentication)) == "00f99a0000")
        #expect(try hex(PIVCommand.setRetries(pin: 5, puk: 3)) == "00fa0503")
        #expect(try hex(PIVCommand.reset()) == "00fb0000")
    }

    @Test func `a management key is set with its algorithm and touch policy`() throws {
        let key = [UInt8](repeating: 0x0B, count: 24)
        let text = Hex.encode(key)
        #expect(
            try hex(PIVCommand.setManagementKey(.tripleDES, key))
                == "00ffffff1b" + "039b18" + text)
        #expect(
            try hex(PIVCommand.setManagementKey(.aes192, key, touchPolicy: .always))
                == "00fffffe1b" + "0a9b18" + text)
        #expect(
            try hex(PIVCommand.setManagementKey(.aes192, key, touchPolicy: .cached))
                == "00fffffd1b" + "0a9b18" + text)
        #expect(throws: MalformedCardData.length) {
            try PIVCommand.setManagementKey(.aes256, key)
        }
        #expect(throws: MalformedCardData.value("algorithm")) {
            try PIVCommand.setManagementKey(.p256, key)
        }
    }

    @Test func `a key is imported with its policies`() throws {
        let scalar = [UInt8](repeating: 0x0C, count: 32)
        #expect(
            try hex(
                PIVCommand.importKey(
                    .authentication, .p256, scalar: scalar, pinPolicy: .never,
                    touchPolicy: .cached))
                == "00fe119a28" + "0620" + Hex.encode(scalar) + "aa0101" + "ab0103")
        #expect(throws: MalformedCardData.length) {
            try PIVCommand.importKey(.authentication, .p384, scalar: scalar)
        }
        #expect(throws: MalformedCardData.value("algorithm")) {
            try PIVCommand.importKey(.authentication, .rsa2048, scalar: scalar)
        }
    }

    @Test func `a serial number has four bytes`() throws {
        #expect(try PIVCommand.serialNumber(decoding: [0x00, 0xAE, 0x17, 0xCB]) == 11_409_355)
        #expect(try PIVCommand.serialNumber(decoding: [0xFF, 0xFF, 0xFF, 0xFF]) == .max)
        for bytes in [[], [1, 2, 3], [1, 2, 3, 4, 5]] as [[UInt8]] {
            #expect(throws: MalformedCardData.length) {
                try PIVCommand.serialNumber(decoding: bytes)
            }
        }
    }

    @Test func `data that no command can carry is refused`() {
        let huge = [UInt8](repeating: 0, count: 65_536)
        #expect(throws: MalformedCardData.length) {
            try PIVCommand.sign(.authentication, .p256, huge)
        }
        #expect(throws: MalformedCardData.length) {
            try PIVCommand.putData(.authenticationCertificate, huge)
        }
    }
}
