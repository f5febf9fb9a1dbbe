import Encoding
import Testing
import VerificationCore
import WebAuthn

struct CeremonyFailureTests {
    /// One of each case.
    private static let failures: [CeremonyFailure] = [
        .malformed(.attestationObject), .wrongType(.get), .wrongChallenge, .wrongOrigin(""),
        .unexpectedCrossOrigin, .wrongTopOrigin(""), .wrongRelyingParty, .userNotPresent,
        .userNotVerified, .backupStateWithoutEligibility, .backupEligibilityChanged,
        .noAttestedCredential, .credentialIDMismatch, .algorithmNotOffered(.es256),
        .invalidPublicKey, .unsupportedAttestationFormat(""), .invalidAttestationSignature,
        .attestationAlgorithmMismatch, .invalidAttestationCertificate(.version),
        .attestationNotTrusted, .credentialNotAllowed, .userHandleMismatch, .invalidSignature,
    ]

    /// One of each code of the decoders.
    private static let malformations: [MalformedWebAuthn] = [
        .authenticatorData(.truncated), .attestationObject, .attestationStatement(format: ""),
        .credentialPublicKey, .unsupportedAlgorithm(.es384), .clientDataMember(""),
        .messageMember(""), .identifierLength(0), .relyingPartyID,
    ]

    /// A new case stops this from compiling until it is counted, and then wants a place in the list.
    private static func number(_ failure: CeremonyFailure) -> Int {
        switch failure {
        case .malformed: 0
        case .wrongType: 1
        case .wrongChallenge: 2
        case .wrongOrigin: 3
        case .unexpectedCrossOrigin: 4
        case .wrongTopOrigin: 5
        case .wrongRelyingParty: 6
        case .userNotPresent: 7
        case .userNotVerified: 8
        case .backupStateWithoutEligibility: 9
        case .backupEligibilityChanged: 10
        case .noAttestedCredential: 11
        case .credentialIDMismatch: 12
        case .algorithmNotOffered: 13
        case .invalidPublicKey: 14
        case .unsupportedAttestationFormat: 15
        case .invalidAttestationSignature: 16
        case .attestationAlgorithmMismatch: 17
        case .invalidAttestationCertificate: 18
        case .attestationNotTrusted: 19
        case .credentialNotAllowed: 20
        case .userHandleMismatch: 21
        case .invalidSignature: 22
        }
    }

    @Test func `every failure is in the list`() {
        #expect(Self.failures.map(Self.number) == Array(0...22))
    }

    @Test func `codes are unique`() {
        let codes = Self.failures.dropFirst().map(\.code) + Self.malformations.map(\.code)
        #expect(Set(codes).count == codes.count)
    }

    @Test func `codes are kebab-case`() throws {
        let form = /[a-z0-9]+(-[a-z0-9]+)*/
        for code in Self.failures.map(\.code) + Self.malformations.map(\.code) {
            #expect(code.wholeMatch(of: form) != nil, "\(code)")
        }
    }

    @Test func `a malformation keeps its own code`() {
        for malformation in Self.malformations {
            #expect(CeremonyFailure.malformed(malformation).code == malformation.code)
        }
    }
}
