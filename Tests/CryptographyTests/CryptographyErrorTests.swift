import Cryptography
import Testing

struct CryptographyErrorTests {
    @Test func `codes are unique and kebab-case`() {
        let errors: [CryptographyError] = [
            .openSSL(function: "f"), .invalidLength, .invalidPublicKey, .invalidPrivateKey,
            .authenticationFailed, .invalidCertificate,
        ]
        let form = /[a-z0-9]+(-[a-z0-9]+)*/
        for error in errors { #expect(error.code.wholeMatch(of: form) != nil, "\(error)") }
        #expect(Set(errors.map(\.code)).count == errors.count)
    }
}
