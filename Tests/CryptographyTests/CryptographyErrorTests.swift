import Cryptography
import Testing

struct CryptographyErrorTests {
    @Test func `codes are unique and kebab-case`() {
        let errors: [CryptographyError] = [
            .openSSL(function: "f"), .invalidLength, .invalidPublicKey, .invalidPrivateKey,
            .authenticationFailed, .invalidCertificate, .invalidRevocationList, .invalidBlock,
        ]
        let failures: [PathFailure] = [
            .expired, .notYetValid, .revoked, .revocationUnknown, .untrusted, .tooWeak,
            .invalid("why"),
        ]
        let form = /[a-z0-9]+(-[a-z0-9]+)*/
        let codes = errors.map(\.code) + failures.map(\.code)
        for code in codes { #expect(code.wholeMatch(of: form) != nil, "\(code)") }
        #expect(Set(codes).count == codes.count)
    }
}
