import Accounts
import Ceremonies
import CredentialStore
import OATH
import Secrets
import Testing
import VerificationCore

struct CeremonyErrorTests {
    @Test func `each case has a code, that of the cause where there is one`() {
        let all: [(CeremonyError, String)] = [
            (.unknownTransaction, "unknown-transaction"), (.expired, "challenge-expired"),
            (.unknownRelyingParty, "unknown-relying-party"),
            (.userVerificationRequired, "user-verification-required"),
            (.tooManyCredentials, "too-many-credentials"),
            (.methodNotAllowed, "method-not-allowed"),
            (.refusedByAdvisory(id: "ACME-2030-01"), "refused-by-advisory"),
            (.failed(.wrongChallenge), "wrong-challenge"), (.store(.full), "store-full"),
            (.code(.codeReplayed), "code-replayed"), (.token(.secretLength), "oath-secret-length"),
            (.appPassword(.service), "app-password-service"),
            (.accessPass(.issuerIsUser), "access-pass-for-oneself"),
            (.limited(retryAfter: .seconds(1)), "too-many-prompts"), (.busy, "busy"),
            (.secret(.notSealedHere), "secret-not-sealed-here"),
        ]
        for (error, code) in all { #expect(error.code == code) }
        #expect(Set(all.map(\.1)).count == all.count)
    }

    @Test func `the codes of refusals are words, and each says one thing`() {
        let codes =
            CodeFailure.allCases.map(\.rawValue) + AppPasswordFailure.allCases.map(\.rawValue)
            + AccessPassFailure.allCases.map(\.rawValue)
        #expect(Set(codes).count == codes.count)
        for code in codes {
            #expect(code.utf8.allSatisfy { $0 == UInt8(ascii: "-") || (0x61...0x7A).contains($0) })
        }
        // The store, which decides last, says the same of the same thing.
        #expect(CodeFailure.codeReplayed.rawValue == SignInVerdict.Code.codeReplayed)
    }
}
