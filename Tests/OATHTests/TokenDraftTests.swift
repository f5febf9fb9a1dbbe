import OATH
import Testing

struct TokenDraftTests {
    @Test(arguments: [0, 9, 129, 10_000])
    func `has no secret of another length`(length: Int) throws {
        let parameters = try TokenParameters(.hotp(.six), hash: .sha1)
        #expect(throws: MalformedOATH.secretLength) {
            try TokenDraft(secret: [UInt8](repeating: 1, count: length), parameters: parameters)
        }
    }

    @Test func `says what it is and nothing of its secret`() throws {
        var draft = try TokenDraft(
            secret: Array("0123456789".utf8),
            parameters: TokenParameters(.challengeResponse, hash: .sha256))
        draft.serial = "42"
        #expect("\(draft)" == "hmac token 42")
    }
}
