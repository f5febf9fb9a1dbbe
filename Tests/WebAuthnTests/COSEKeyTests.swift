import Encoding
import Testing
import TestSupport
import WebAuthn

struct COSEKeyTests {
    private static let coordinate = CBOR.bytes([UInt8](repeating: 1, count: 32))

    @Test func `an ES256 key decodes and encodes`() throws {
        let bytes = try Hex.decode(Samples.coseKey)
        let key = try COSEKey(CBOR.decode(bytes))
        #expect(try key == Samples.publicKey())
        #expect(key.algorithm == .es256)
        #expect(key.cbor.encoded() == bytes)
    }

    @Test func `each flipped bit is refused or shows`() throws {
        let bytes = try Hex.decode(Samples.coseKey)
        let key = try COSEKey(CBOR.decode(bytes))
        for flipped in bytes.singleBitFlips {
            guard let value = try? CBOR.decode(flipped), let other = try? COSEKey(value) else {
                continue
            }
            #expect(other != key)
        }
    }

    @Test(
        arguments: [
            [3: -7, -1: 1, -2: coordinate, -3: coordinate],
            [1: 1, 3: -7, -1: 1, -2: coordinate, -3: coordinate],
            [1: "EC2", 3: -7, -1: 1, -2: coordinate, -3: coordinate],
            [1: 2, 3: -7, -2: coordinate, -3: coordinate],
            [1: 2, 3: -7, -1: 2, -2: coordinate, -3: coordinate],
            [1: 2, 3: -7, -1: "P-256", -2: coordinate, -3: coordinate],
            [1: 2, 3: -7, -1: 1, -3: coordinate],
            [1: 2, 3: -7, -1: 1, -2: coordinate],
            [1: 2, 3: -7, -1: 1, -2: "x", -3: coordinate],
            [1: 2, 3: -7, -1: 1, -2: .bytes([1]), -3: coordinate],
            [1: 2, 3: -7, -1: 1, -2: coordinate, -3: .bytes([UInt8](repeating: 1, count: 33))],
            [1: 2, 3: -7, -1: 1, -2: coordinate, -3: true],
            [1: 2, 3: -7, -1: 1, -2: coordinate, -3: false],
            [1: 2, 2: .bytes([1]), 3: -7, -1: 1, -2: coordinate, -3: coordinate],
            [1: 2, 3: -7, -1: 1, -2: coordinate, -3: coordinate, -4: coordinate],
            [1: 2, -1: 1, -2: coordinate, -3: coordinate],
            [1: 2, 3: "ES256", -1: 1, -2: coordinate, -3: coordinate],
            [:], [], 1,
        ] as [CBOR])
    func `a key has exactly the parameters of its algorithm`(value: CBOR) {
        #expect(throws: MalformedWebAuthn.credentialPublicKey) { try COSEKey(value) }
    }

    @Test(arguments: [-8, -35, -36, -47, -257, -6, 7, Int.min])
    func `an unknown algorithm is named`(algorithm: Int) {
        let value: CBOR = [1: 2, 3: CBOR(algorithm), -1: 1]
        #expect(
            throws: MalformedWebAuthn.unsupportedAlgorithm(COSEAlgorithm(rawValue: algorithm))
        ) { try COSEKey(value) }
    }
}
