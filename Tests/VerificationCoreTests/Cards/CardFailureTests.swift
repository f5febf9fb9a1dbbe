import PIV
import Testing
import VerificationCore
import WebAuthn

struct CardFailureTests {
    /// One of each case, with its code.
    private static let failures: [(CardFailure, String)] = [
        (.slotNotAllowed(.authentication), "slot-not-allowed"),
        (.algorithmNotOffered(.es256), "algorithm-not-offered"),
        (.malformedMessage, "malformed-card-message"),
        (.wrongPurpose(.registration), "wrong-purpose"),
        (.wrongChallenge, "wrong-challenge"),
        (.wrongRelyingParty(""), "wrong-relying-party"),
        (.wrongUser(""), "wrong-user"),
        (.wrongKey, "wrong-key"),
        (.unsupportedKey, "unsupported-key"),
        (.algorithmMismatch, "algorithm-mismatch"),
        (.weakKey, "weak-key"),
        (.malformedAttestation, "malformed-attestation"),
        (.attestationSlotMismatch(nil), "attestation-slot-mismatch"),
        (.invalidAttestationSignature, "invalid-attestation-signature"),
        (.attestationNotTrusted, "attestation-not-trusted"),
        (.malformedCertificate, "malformed-certificate"),
        (.malformedDiscovery, "malformed-discovery"),
        (.certificateNotForAuthentication(.keyUsage), "certificate-not-for-authentication"),
        (.noSubjectRule, "no-subject-rule"),
        (.wrongSubject, "wrong-subject"),
        (.certificateExpired, "certificate-expired"),
        (.certificateNotYetValid, "certificate-not-yet-valid"),
        (.certificateRevoked, "certificate-revoked"),
        (.revocationUnknown, "revocation-unknown"),
        (.certificateTooWeak, "certificate-too-weak"),
        (.certificateNotTrusted, "certificate-not-trusted"),
        (.userNotVerified, "user-not-verified"),
        (.invalidSignature, "invalid-signature"),
    ]

    /// A new case stops this from compiling until it is counted, and then wants a place in the list.
    private static func number(_ failure: CardFailure) -> Int {
        switch failure {
        case .slotNotAllowed: 0
        case .algorithmNotOffered: 1
        case .malformedMessage: 2
        case .wrongPurpose: 3
        case .wrongChallenge: 4
        case .wrongRelyingParty: 5
        case .wrongUser: 6
        case .wrongKey: 7
        case .unsupportedKey: 8
        case .algorithmMismatch: 9
        case .weakKey: 10
        case .malformedAttestation: 11
        case .attestationSlotMismatch: 12
        case .invalidAttestationSignature: 13
        case .attestationNotTrusted: 14
        case .malformedCertificate: 15
        case .malformedDiscovery: 16
        case .certificateNotForAuthentication: 17
        case .noSubjectRule: 18
        case .wrongSubject: 19
        case .certificateExpired: 20
        case .certificateNotYetValid: 21
        case .certificateRevoked: 22
        case .revocationUnknown: 23
        case .certificateTooWeak: 24
        case .certificateNotTrusted: 25
        case .userNotVerified: 26
        case .invalidSignature: 27
        }
    }

    @Test func `every failure is in the list`() {
        #expect(Self.failures.map { Self.number($0.0) } == Array(0...27))
    }

    @Test func `codes are stable, unique and kebab-case`() {
        for (failure, code) in Self.failures {
            #expect(failure.code == code)
            #expect(code.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil, "\(code)")
        }
        #expect(Set(Self.failures.map(\.1)).count == Self.failures.count)
    }
}
