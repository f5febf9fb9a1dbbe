import Cryptography
import Emulators
import Encoding
import ISO7816
import PIV
import Testing

/// RSA keys from outside: the vendor's IMPORT ASYMMETRIC KEY with two primes.
struct CardImportTests {
    /// The numbers of RFC 8017's RSAPrivateKey: version, n, e, d, p, q and what follows from them.
    private func numbers(_ key: RSAPrivateKey) throws -> [[UInt8]] {
        try TLV.decode(key.derRepresentation).children().map { Array($0.value.drop { $0 == 0 }) }
    }

    private func command(_ members: [TLV], _ algorithm: UInt8 = 0x07) throws -> CommandAPDU {
        try CommandAPDU(
            instruction: 0xFE, parameter1: algorithm, parameter2: 0x9E,
            data: members.flatMap { $0.encoded() })
    }

    @Test func `an RSA key is taken in by its primes`() throws {
        let lab = try CardLab()
        try lab.manage()
        let key = try RSAPrivateKey(bits: 2048)
        let numbers = try numbers(key)
        let parts = (0..<5).map { TLV(UInt32($0) + 1, numbers[$0 + 4]) }
        try lab.succeed(command(parts + [TLV(0xAA, [1])]))
        let metadata = try lab.metadata(PIVCommand.metadata(.cardAuthentication))
        #expect(metadata.publicKey == .rsa(modulus: numbers[1], exponent: [1, 0, 1]))
        #expect(metadata.isGenerated == false)
        let input = try Signing.input(.rsa2048)
        #expect(
            try lab.response(PIVCommand.sign(.cardAuthentication, .rsa2048, input))
                == key.privateOperation(block: input))
        #expect(try lab.status(PIVCommand.attest(.cardAuthentication)) == "6985")
    }

    @Test func `what makes no RSA key is refused`() throws {
        let lab = try CardLab()
        try lab.manage()
        let numbers = try numbers(RSAPrivateKey(bits: 2048))
        let (p, q) = (TLV(0x01, numbers[4]), TLV(0x02, numbers[5]))
        var even = numbers[4]
        even[127] ^= 1
        for members in [
            [p, TLV(0x02, numbers[4])], [TLV(0x01, even), q], [p, TLV(0x02, [])],
            [p, TLV(0x02, [1])], [p, TLV(0x02, [0])], [TLV(0x01, numbers[1]), q],
        ] {
            #expect(try lab.status(command(members)) == "6A80")
        }
        for members in [[p], [q], [], [p, q, TLV(0x06, [1])]] {
            #expect(try lab.status(command(members)) == "6A81")
        }
        #expect(try lab.status(command([p, q], 0x06)) == "6A81")
        #expect(try lab.status(PIVCommand.metadata(.cardAuthentication)) == "6A88")
    }
}
