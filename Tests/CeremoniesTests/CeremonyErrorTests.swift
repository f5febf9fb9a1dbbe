import Ceremonies
import CredentialStore
import Testing
import VerificationCore

struct CeremonyErrorTests {
    @Test func `each case has a code, that of the cause where there is one`() {
        let all: [(CeremonyError, String)] = [
            (.unknownTransaction, "unknown-transaction"), (.expired, "challenge-expired"),
            (.unknownRelyingParty, "unknown-relying-party"),
            (.userVerificationRequired, "user-verification-required"),
            (.tooManyCredentials, "too-many-credentials"),
            (.refusedByAdvisory(id: "ACME-2030-01"), "refused-by-advisory"),
            (.failed(.wrongChallenge), "wrong-challenge"), (.store(.full), "store-full"),
        ]
        for (error, code) in all { #expect(error.code == code) }
    }
}
