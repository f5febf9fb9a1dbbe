import Cryptography
import Encoding
import Testing

struct PBKDF2Tests {
    struct Vector: Sendable {
        let hash: HashAlgorithm
        let password: String
        let salt: String
        let iterations: Int
        let key: String
    }

    /// RFC 6070 §2, but for the one of 16 million iterations.
    private static let sha1: [Vector] = [
        Vector(
            hash: .sha1, password: "password", salt: "salt", iterations: 1,
            key: "0c60c80f961f0e71f3a9b524af6012062fe037a6"),
        Vector(
            hash: .sha1, password: "password", salt: "salt", iterations: 2,
            key: "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
        Vector(
            hash: .sha1, password: "password", salt: "salt", iterations: 4096,
            key: "4b007901b765489abead49d926f721d065a429c1"),
        Vector(
            hash: .sha1, password: "passwordPASSWORDpassword",
            salt: "saltSALTsaltSALTsaltSALTsaltSALTsalt", iterations: 4096,
            key: "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"),
        Vector(
            hash: .sha1, password: "pass\0word", salt: "sa\0lt", iterations: 4096,
            key: "56fa6aa75548099dcc37d7f03425e0c3"),
    ]

    /// RFC 7914 §11.
    private static let sha256: [Vector] = [
        Vector(
            hash: .sha256, password: "passwd", salt: "salt", iterations: 1,
            key: """
                55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc\
                49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783
                """),
        Vector(
            hash: .sha256, password: "Password", salt: "NaCl", iterations: 80_000,
            key: """
                4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56\
                a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d
                """),
    ]

    /// By Python's hashlib.
    private static let others: [Vector] = [
        Vector(
            hash: .sha512, password: "password", salt: "salt", iterations: 1,
            key: """
                867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252\
                c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce
                """),
        Vector(
            hash: .sha256, password: "", salt: "", iterations: 1,
            key: "f7ce0b653d2d72a4108cf5abe912ffdd777616dbbb27a70e8204f3ae2d0f6fad"),
    ]

    @Test(arguments: sha1 + sha256 + others)
    func `has the keys of its RFCs and of others`(vector: Vector) throws {
        let key = try PBKDF2.derive(
            password: Array(vector.password.utf8), salt: Array(vector.salt.utf8),
            iterations: vector.iterations, length: vector.key.utf8.count / 2, with: vector.hash)
        #expect(Hex.encode(key) == vector.key)
    }

    @Test(arguments: [(0, 20), (-1, 20), (10_000_001, 20), (.max, 20), (1, 0), (1, -1), (1, 1_025)])
    func `refuses numbers out of bounds`(iterations: Int, length: Int) {
        #expect(throws: CryptographyError.invalidLength) {
            try PBKDF2.derive(
                password: [1], salt: [2], iterations: iterations, length: length, with: .sha256)
        }
    }
}
