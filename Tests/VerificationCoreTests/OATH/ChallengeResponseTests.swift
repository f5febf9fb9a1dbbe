import Encoding
import OATH
import TestSupport
import Testing
import VerificationCore

struct ChallengeResponseTests {
    private func key(_ secret: [UInt8], _ hash: OATHHash) throws -> TokenKey {
        try TokenKey(
            secret: secret, parameters: TokenParameters(.challengeResponse, hash: hash))
    }

    /// RFC 2202 §3 and RFC 4231 §4.2: the first cases.
    @Test(arguments: [
        (OATHHash.sha1, "b617318655057264e28bc0b6fb378c8ef146be00"),
        (.sha256, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    ])
    func `the HMAC of the challenge is the response, and nothing else is`(
        hash: OATHHash, code: String
    ) throws {
        let key = try key([UInt8](repeating: 0x0B, count: 20), hash)
        let response = try Hex.decode(code)
        let challenge = Array("Hi There".utf8)
        #expect(isValidResponse(response, to: challenge, key))
        for other in response.properPrefixes {
            #expect(!isValidResponse(other, to: challenge, key))
        }
        for other in response.singleBitFlips {
            #expect(!isValidResponse(other, to: challenge, key))
        }
        #expect(!isValidResponse(response + [0], to: challenge, key))
        #expect(!isValidResponse(response, to: challenge + [0], key))
        #expect(!isValidResponse(response, to: [], key))
    }

    @Test(arguments: [TokenKind.hotp, .totp, .ocra])
    func `other tokens answer no challenges`(kind: TokenKind) throws {
        let key = try #require(Tokens.all()[kind])
        // The HMAC of counter 0, RFC 4226 appendix D.
        let response = try Hex.decode("cc93cf18508d94934c64b65d8ba7667fb7cde4b0")
        #expect(!isValidResponse(response, to: MovingFactor.message(0), key))
        let slot = try #require(Tokens.all()[.hmac])
        #expect(isValidResponse(response, to: MovingFactor.message(0), slot))
    }
}
