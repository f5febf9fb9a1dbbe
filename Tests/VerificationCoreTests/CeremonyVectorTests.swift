import Encoding
import Testing
import TestSupport
import VerificationCore
import WebAuthn

/// Ceremonies of the specification (W3C, WebAuthn Level 3 §16) and of real devices, as a strict server judges them.
@Suite(.enabled(if: Vectors.arePresent, "\(Vectors.absence)"))
struct CeremonyVectorTests {
    private static let specification = CeremonyVector.taken(from: "w3c-level-3")
    private static let registrations =
        specification.filter { $0.kind == "registration" }
        + CeremonyVector.taken(from: "registrations")
    /// Without the one assertion that takes the extension `appid`, which this verifier never asks for.
    private static let assertions =
        specification.filter { $0.kind == "assertion" }
        + CeremonyVector.taken(from: "assertions").filter { $0.rpId != nil }

    @Test func `all the vectors are read`() {
        #expect(Self.specification.count == 16)
        #expect(Self.registrations.count == 6 + 28)
        #expect(Self.assertions.count == 10 + 26)
    }

    @Test(arguments: registrations.filter { $0.expectedStrict == "valid" })
    func `a valid registration verifies`(vector: CeremonyVector) throws {
        let registration = try vector.verifyRegistration(anchors: vector.anchors())
        let data = registration.authenticatorData
        #expect(data.flags.contains(.userPresent) == vector.up)
        #expect(data.flags.contains(.userVerified) == vector.uv)
        #expect(data.flags.contains(.backupEligible) == vector.be)
        #expect(data.flags.contains(.backupState) == vector.bs)
        #expect(data.signatureCounter == vector.signCount)
        #expect(registration.attestation.format == vector.fmt)
        #expect(registration.attestation.isTrusted == (vector.trustAnchor != nil))
    }

    @Test(
        arguments: registrations.filter {
            $0.expectedStrict == "valid" && $0.trustAnchor != nil
        })
    func `an attestation is trusted through its root and no other`(vector: CeremonyVector) throws {
        let trusted = try vector.verifyRegistration(anchors: vector.anchors(), policy: .trusted)
        #expect(trusted.attestation.kind == .certificate)
        let others = try Self.registrations.filter {
            ($0.trustAnchor ?? vector.trustAnchor) != vector.trustAnchor
        }.flatMap { try $0.anchors() }
        #expect(!others.isEmpty)
        #expect(throws: CeremonyFailure.attestationNotTrusted) {
            try vector.verifyRegistration(anchors: others, policy: .trusted)
        }
    }

    @Test(arguments: registrations.filter { $0.expectedStrict != "valid" })
    func `a registration that breaks a rule is refused for it`(vector: CeremonyVector) throws {
        let reason = vector.reasonCode ?? vector.strictReason ?? ""
        let expected: CeremonyFailure
        if vector.hasIndefiniteLength {
            expected = .malformed(
                .attestationObjectEncoding(.unsupportedItem(initialByte: 0xBF)))
        } else if reason.contains("tokenBinding") {
            expected = .malformed(.clientDataMember("tokenBinding"))
        } else {
            #expect(reason == "aaguid_ext_mismatch")
            expected = .invalidAttestationCertificate(.aaguid)
        }
        #expect(throws: expected) {
            try vector.verifyRegistration(anchors: vector.anchors())
        }
    }

    @Test(arguments: assertions.filter { $0.expectedStrict == "valid" })
    func `a valid assertion verifies`(vector: CeremonyVector) throws {
        let assertion = try vector.verifyAssertion()
        #expect(assertion.isUserVerified == vector.uv)
        #expect(assertion.authenticatorData.signatureCounter == vector.signCount)
    }

    @Test(arguments: assertions.filter { $0.expectedStrict != "valid" })
    func `an assertion that breaks a rule is refused for it`(vector: CeremonyVector) throws {
        #expect(vector.reasonCode == "user_not_verified")
        #expect(throws: CeremonyFailure.userNotVerified) { try vector.verifyAssertion() }
    }
}
