import Cryptography
import Emulators
import ISO7816
import PIV
import TestSupport
import Testing

/// Keys: made, brought in, and used (NIST SP 800-73-4 part 2 §3.2.4 and §3.3.2).
struct CardKeyTests {
    @Test(arguments: [PIVAlgorithm.p256, .p384, .rsa2048])
    func `a key that was made signs`(_ algorithm: PIVAlgorithm) throws {
        let lab = try CardLab()
        let key = try lab.generate(.authentication, algorithm)
        #expect(key.algorithm == algorithm)
        let sign = try PIVCommand.sign(.authentication, algorithm, Signing.input(algorithm))
        #expect(try lab.status(sign) == "6982")
        try lab.verifyPIN()
        #expect(try Signing.isValid(lab.response(sign), by: key))
        // Once is enough.
        #expect(try Signing.isValid(lab.response(sign), by: key))
        try lab.cyclePower()
        #expect(try lab.status(sign) == "6982")
    }

    @Test(
        arguments: [PIVSlot.authentication, .signature, .keyManagement, .cardAuthentication]
            + [1, 7, 20].compactMap(PIVSlot.retired))
    func `every slot has a key of its own and a policy by itself`(_ slot: PIVSlot) throws {
        let lab = try CardLab()
        let key = try lab.generate(slot)
        let sign = try PIVCommand.sign(slot, .p256, Signing.input(.p256))
        let metadata = try lab.metadata(PIVCommand.metadata(slot))
        #expect(metadata.publicKey == key)
        #expect(metadata.isGenerated == true)
        #expect(metadata.touchPolicy == .never)
        switch slot {
        case .signature: #expect(metadata.pinPolicy == .always)
        case .cardAuthentication:
            #expect(metadata.pinPolicy == .never)
            #expect(try Signing.isValid(lab.response(sign), by: key))
        default: #expect(metadata.pinPolicy == .once)
        }
        try lab.verifyPIN()
        #expect(try Signing.isValid(lab.response(sign), by: key))
        #expect(try lab.status(sign) == (slot == .signature ? "6982" : "9000"))
    }

    @Test func `a key that always wants the PIN wants it right before`() throws {
        let lab = try CardLab()
        let key = try lab.generate(.signature, .rsa2048)
        let sign = try PIVCommand.sign(.signature, .rsa2048, Signing.input(.rsa2048))
        try lab.verifyPIN()
        // The command comes as a chain, which is one command.
        #expect(try Signing.isValid(lab.response(sign), by: key))
        #expect(try lab.status(sign) == "6982")
        try lab.verifyPIN()
        try lab.succeed(PIVCommand.getData(.discovery))
        #expect(try lab.status(sign) == "6982")
        try lab.verifyPIN()
        #expect(try lab.raw("0020FF80") == "9000")
        #expect(try lab.status(sign) == "6982")
    }

    @Test func `policies are kept as asked for`() throws {
        let lab = try CardLab()
        _ = try lab.generate(pinPolicy: .never, touchPolicy: .cached)
        let metadata = try lab.metadata(PIVCommand.metadata(.authentication))
        #expect(metadata.pinPolicy == .never)
        #expect(metadata.touchPolicy == .cached)
        for policy in [PINPolicy.matchOnce, .matchAlways] {
            #expect(
                try lab.status(PIVCommand.generateKey(.signature, .p256, pinPolicy: policy))
                    == "6A80")
        }
        #expect(try lab.raw("00F7009C00") == "6A88")
    }

    @Test func `a key that wants a touch waits for it`() throws {
        let lab = try CardLab(PersonScript([.touch.after(.seconds(3)), .wait, .decline]))
        let key = try lab.generate(.cardAuthentication, touchPolicy: .always)
        let sign = try PIVCommand.sign(.cardAuthentication, .p256, Signing.input(.p256))
        let begin = lab.clock.now
        #expect(try Signing.isValid(lab.response(sign), by: key))
        #expect(lab.clock.now - begin == .seconds(3))
        #expect(try lab.status(sign) == "6982")
        #expect(lab.clock.now - begin == .seconds(18))
        #expect(try lab.status(sign) == "6982")
        #expect(lab.clock.now - begin == .seconds(33))
    }

    @Test func `a cached touch is good for fifteen seconds`() throws {
        let lab = try CardLab(PersonScript([.touch], then: .wait))
        _ = try lab.generate(.cardAuthentication, touchPolicy: .cached)
        let sign = try PIVCommand.sign(.cardAuthentication, .p256, Signing.input(.p256))
        #expect(try lab.status(sign) == "9000")
        lab.clock.advance(by: .seconds(14))
        #expect(try lab.status(sign) == "9000")
        lab.clock.advance(by: .seconds(1))
        #expect(try lab.status(sign) == "6982")
    }

    @Test func `both sides agree on a secret`() throws {
        let lab = try CardLab()
        guard case .p256(let point) = try lab.generate(.keyManagement, .p256) else {
            Issue.record("not a key on P-256")
            return
        }
        let mine = try P256PrivateKey()
        try lab.verifyPIN()
        let secret = try lab.response(
            PIVCommand.agree(.keyManagement, .p256, #require(mine.publicKey.p256Point)))
        #expect(try secret == mine.sharedSecret(with: PublicKey(p256Point: point)))
        guard case .p384(let longer) = try lab.generate(.keyManagement, .p384) else {
            Issue.record("not a key on P-384")
            return
        }
        let other = try P384PrivateKey()
        let longSecret = try lab.response(
            PIVCommand.agree(.keyManagement, .p384, #require(other.publicKey.p384Point)))
        #expect(try longSecret == other.sharedSecret(with: PublicKey(p384Point: longer)))
        #expect(
            try lab.status(
                PIVCommand.agree(.keyManagement, .p384, #require(mine.publicKey.p256Point)))
                == "6A80")
        let offCurve: [UInt8] = [4] + [UInt8](repeating: 1, count: 96)
        #expect(try lab.status(PIVCommand.agree(.keyManagement, .p384, offCurve)) == "6A80")
        #expect(try lab.status(PIVCommand.agree(.keyManagement, .p384, [0])) == "6A80")
    }

    @Test func `RSA is the bare operation`() throws {
        let lab = try CardLab()
        guard case .rsa(let modulus, let exponent) = try lab.generate(.cardAuthentication, .rsa2048)
        else {
            Issue.record("not an RSA key")
            return
        }
        #expect(exponent == [1, 0, 1])
        let one = [UInt8](repeating: 0, count: 255) + [1]
        // One to any power is one.
        #expect(try lab.response(PIVCommand.sign(.cardAuthentication, .rsa2048, one)) == one)
        #expect(try lab.status(PIVCommand.sign(.cardAuthentication, .rsa2048, modulus)) == "6A80")
        #expect(
            try lab.status(
                PIVCommand.sign(.cardAuthentication, .rsa2048, Array(one.dropFirst()))) == "6A80")
        let point = [UInt8](repeating: 4, count: 65)
        #expect(try lab.status(PIVCommand.agree(.cardAuthentication, .rsa2048, point)) == "6A80")
    }

    @Test func `a digest is as long as the key or shorter`() throws {
        let lab = try CardLab()
        let key = try lab.generate(.cardAuthentication, .p384)
        let digest = SHA256.hash(Signing.message)
        let sign = try PIVCommand.sign(.cardAuthentication, .p384, digest)
        guard case .p384(let point) = key else {
            Issue.record("not a key on P-384")
            return
        }
        let publicKey = try PublicKey(p384Point: point)
        let signature = try lab.response(sign)
        #expect(!publicKey.isValidSignature(signature, for: Signing.message, scheme: .ecdsaSHA384))
        #expect(signature.first == 0x30)
        let tooLong = [UInt8](repeating: 1, count: 49)
        #expect(
            try lab.status(PIVCommand.sign(.cardAuthentication, .p384, tooLong)) == "6A80")
        #expect(try lab.status(PIVCommand.sign(.cardAuthentication, .p384, [])) == "6A80")
    }

    @Test func `a key from outside is taken in and never attested`() throws {
        let lab = try CardLab()
        let scalar = SHA256.hash(Array("a key from outside".utf8))
        let longScalar = SHA384.hash(Array("a key from outside".utf8))
        let command = try PIVCommand.importKey(.authentication, .p256, scalar: scalar)
        #expect(try lab.status(command) == "6982")
        try lab.manage()
        try lab.succeed(command)
        try lab.succeed(
            PIVCommand.importKey(
                .keyManagement, .p384, scalar: longScalar, pinPolicy: .never, touchPolicy: .always))
        try lab.verifyPIN()
        let point = try #require(P256PrivateKey(rawRepresentation: scalar).publicKey.p256Point)
        let sign = try PIVCommand.sign(.authentication, .p256, Signing.input(.p256))
        #expect(try Signing.isValid(lab.response(sign), by: .p256(point: point)))
        #expect(try lab.metadata(PIVCommand.metadata(.authentication)).isGenerated == false)
        #expect(try lab.status(PIVCommand.attest(.authentication)) == "6985")
        let other = try lab.metadata(PIVCommand.metadata(.keyManagement))
        #expect(other.pinPolicy == .never)
        #expect(other.touchPolicy == .always)
    }

    @Test(arguments: [
        ("0047009A05 AC03800106", "6A80"), ("0047009A05 AC03800103", "6A80"),
        ("0047009A05 AC038001E0", "6A80"), ("0047009A05 AC03810111", "6A80"),
        ("0047009A08 AC06800111AA0106", "6A80"), ("0047009A08 AC06800111AB0104", "6A80"),
        ("0047009A05 AB03800111", "6A80"), ("0047009A", "6A80"),
        ("0047019A05 AC03800111", "6A86"), ("0047009B05 AC03800111", "6A86"),
        ("004700F905 AC03800111", "6A86"), ("0047008005 AC03800111", "6A86"),
        ("00FE119B22 0620" + String(repeating: "01", count: 32), "6A86"),
        ("00FE11F922 0620" + String(repeating: "01", count: 32), "6A86"),
        ("00FEFF9A22 0620" + String(repeating: "01", count: 32), "6A86"),
        ("00FE149A22 0620" + String(repeating: "01", count: 32), "6A80"),
        ("00FE119A22 0620" + String(repeating: "00", count: 32), "6A80"),
        ("00FE119A22 0620" + String(repeating: "FF", count: 32), "6A80"),
        ("00FE119A21 0620" + String(repeating: "01", count: 31), "6A80"),
        ("00FE119A25 0620" + String(repeating: "01", count: 32) + "AA0109", "6A80"),
        ("00FE119A22 0720" + String(repeating: "01", count: 32), "6A81"),
        ("00FE039A22 0620" + String(repeating: "01", count: 32), "6A81"),
    ])
    func `what makes no key is refused, and leaves the slot as it was`(
        _ command: String, _ status: String
    ) throws {
        let lab = try CardLab()
        let key = try lab.generate()
        #expect(try lab.raw(command) == status)
        #expect(try lab.metadata(PIVCommand.metadata(.authentication)).publicKey == key)
    }

    @Test(arguments: [
        ("0087079A06 7C0482008100", "6A86"), ("0087149A06 7C0482008100", "6A86"),
        ("0087119C06 7C0482008100", "6A86"), ("008711F906 7C0482008100", "6A86"),
        ("0087118006 7C0482008100", "6A86"), ("0087119A06 7C0482008101", "6A80"),
        ("0087119A06 7C0482008100", "6A80"), ("0087119A05 7C03810101", "6A80"),
        ("0087119A08 7C06800082008100", "6A80"), ("0087119A04 7C028200", "6A80"),
        ("0087119A0A 7C088200810101850101", "6A80"), ("0087119A08 7C06820101810101", "6A80"),
        ("0087119A", "6A80"),
    ])
    func `what is no use of a key is refused`(_ command: String, _ status: String) throws {
        let lab = try CardLab()
        _ = try lab.generate()
        try lab.verifyPIN()
        #expect(try lab.raw(command) == status)
    }

    @Test func `the key that attests does nothing else`() throws {
        let lab = try CardLab()
        let metadata = try lab.metadata(PIVCommand.metadata(.attestation))
        #expect(metadata.algorithm == .p256)
        #expect(metadata.isGenerated == false)
        try lab.verifyPIN()
        #expect(
            try lab.status(PIVCommand.sign(.attestation, .p256, Signing.input(.p256))) == "6A86")
    }
}
