import OATH
import Testing
import VerificationCore

struct TokenKeyTests {
    @Test func `a secret has 10 to 128 bytes`() throws {
        let parameters = try TokenParameters(.hotp(.six), hash: .sha1)
        for length in [0, 9, 129, 1000] {
            #expect(throws: MalformedOATH.secretLength) {
                try TokenKey(secret: [UInt8](repeating: 1, count: length), parameters: parameters)
            }
        }
        for length in [10, 16, 20, 64, 65, 128] {
            let key = try TokenKey(
                secret: [UInt8](repeating: 1, count: length), parameters: parameters)
            #expect(key.parameters == parameters)
            #expect(oneTimePassword(key, movingFactor: 0)?.count == 6)
        }
    }

    @Test func `no text form shows the secret`() throws {
        let key = try TokenKey(
            secret: [UInt8](repeating: 0xAB, count: 20),
            parameters: TokenParameters(.hotp(.six), hash: .sha1))
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped, "\([key])", "\((key, 1))"] {
            #expect(!text.contains("171"), "\(text)")
            #expect(!text.lowercased().contains("ab"), "\(text)")
        }
        #expect("\(key)" == "TokenKey(hotp)")
    }
}
