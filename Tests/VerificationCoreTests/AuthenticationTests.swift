import Cryptography
import Encoding
import Testing
import TestSupport
import VerificationCore
import WebAuthn

/// WebAuthn Level 3 §7.2: a valid authentication, then one bent part at a time.
struct AuthenticationTests {
    @Test func `a valid assertion verifies and says what the authenticator said`() throws {
        let assertion = try AuthenticationCeremony().verify()
        #expect(assertion.isUserVerified)
        #expect(assertion.authenticatorData.signatureCounter == 7)
    }

    @Test func `the owner's user handle is accepted and another's refused`() throws {
        var ceremony = try AuthenticationCeremony()
        ceremony.userHandle = ceremony.registered.userHandle
        try ceremony.verify()
        ceremony.userHandle = try UserHandle(bytes: [0xB0, 0xB0])
        #expect(throws: CeremonyFailure.userHandleMismatch) { try ceremony.verify() }
    }

    @Test func `client data that is no JSON is malformed`() throws {
        try expect(.malformed(.clientDataEncoding(.truncated))) { $0.clientDataJSON = [] }
    }

    @Test func `authenticator data with a byte too many or too few is malformed`() throws {
        try expect(.malformed(.authenticatorData(.trailingBytes(count: 1)))) {
            $0.bendAuthenticatorData = { $0 + [0] }
        }
        try expect(.malformed(.authenticatorData(.truncated))) {
            $0.bendAuthenticatorData = { $0.dropLast() }
        }
    }

    @Test func `the answer to a registration is no assertion`() throws {
        try expect(.wrongType(.create)) {
            $0.clientData = ClientData(
                type: .create, challenge: Scene.challenge, origin: Scene.origin)
        }
    }

    @Test(arguments: Scene.wrongChallenges)
    func `another challenge is refused`(challenge: [UInt8]) throws {
        try expect(.wrongChallenge) {
            $0.clientData = ClientData(type: .get, challenge: challenge, origin: Scene.origin)
        }
    }

    @Test(arguments: Scene.wrongOrigins)
    func `another origin is refused`(origin: String) throws {
        try expect(.wrongOrigin(origin)) {
            $0.clientData = ClientData(type: .get, challenge: Scene.challenge, origin: origin)
        }
    }

    @Test func `authenticator data for another relying party is refused`() throws {
        try expect(.wrongRelyingParty) { $0.signedRPID = "example.com" }
    }

    @Test func `an assertion that nobody touched is refused`() throws {
        try expect(.userNotPresent) { $0.flags = [.userVerified] }
    }

    @Test func `an assertion without the user verification that is required is refused`() throws {
        try expect(.userNotVerified) { $0.flags = [.userPresent] }
    }

    @Test(arguments: [UserVerificationRequirement.preferred, .discouraged])
    func `user verification that is not required may be missing and shows`(
        requirement: UserVerificationRequirement
    ) throws {
        var ceremony = try AuthenticationCeremony()
        ceremony.userVerification = requirement
        ceremony.flags = [.userPresent]
        #expect(try !ceremony.verify().isUserVerified)
    }

    @Test func `a credential cannot be backed up and not eligible for it`() throws {
        try expect(.backupStateWithoutEligibility) {
            $0.flags = [.userPresent, .userVerified, .backupState]
        }
    }

    @Test func `backup eligibility never changes`() throws {
        try expect(.backupEligibilityChanged) {
            $0.flags = [.userPresent, .userVerified, .backupEligible]
        }
        try expect(.backupEligibilityChanged) {
            $0.registered = try AuthenticationCeremony.registered(isBackupEligible: true)
        }
    }

    @Test(arguments: [
        AuthenticatorData.Flags.backupEligible, [.backupEligible, .backupState],
    ])
    func `a credential that may be backed up may be so or not`(
        flags: AuthenticatorData.Flags
    ) throws {
        var ceremony = try AuthenticationCeremony()
        ceremony.registered = try AuthenticationCeremony.registered(isBackupEligible: true)
        ceremony.flags.formUnion(flags)
        #expect(try ceremony.verify().authenticatorData.flags.contains(flags))
    }

    @Test func `another key's signature is refused`() throws {
        try expect(.invalidSignature) { $0.signer = try Scene.key(2) }
    }

    @Test func `a signature with any bit flipped is refused`() throws {
        let ceremony = try AuthenticationCeremony()
        let response = try ceremony.response()
        var pending: [PendingAssertion] = []
        for flipped in response.signature.singleBitFlips {
            var bent = ceremony
            bent.bendSignature = { _ in flipped }
            pending.append(try bent.examine())
        }
        let answers = verifySignatures(of: pending)
        #expect(answers.count == response.signature.count * 8)
        #expect(answers.allSatisfy { $0 == .failure(.invalidSignature) })
    }

    @Test func `an empty signature and one with a byte behind it are refused`() throws {
        try expect(.invalidSignature) { $0.bendSignature = { _ in [] } }
        try expect(.invalidSignature) { $0.bendSignature = { $0 + [0] } }
    }

    @Test func `an assertion for an embedded frame names a topmost origin that may embed`() throws {
        var ceremony = try AuthenticationCeremony()
        ceremony.relyingParty = try Scene.relyingParty(topOrigins: ["https://shop.example"])
        ceremony.clientData = Self.frame(crossOrigin: true, topOrigin: "https://shop.example")
        try ceremony.verify()
        ceremony.clientData = Self.frame(crossOrigin: true, topOrigin: nil)
        try ceremony.verify()
        ceremony.clientData = Self.frame(crossOrigin: true, topOrigin: "https://shop.example/")
        #expect(throws: CeremonyFailure.wrongTopOrigin("https://shop.example/")) {
            try ceremony.verify()
        }
        ceremony.clientData = Self.frame(crossOrigin: false, topOrigin: "https://shop.example")
        #expect(throws: CeremonyFailure.wrongTopOrigin("https://shop.example")) {
            try ceremony.verify()
        }
    }

    @Test func `frames of other origins are refused where none may embed`() throws {
        try expect(.unexpectedCrossOrigin) {
            $0.clientData = Self.frame(crossOrigin: true, topOrigin: nil)
        }
        try expect(.wrongTopOrigin("https://shop.example")) {
            $0.clientData = Self.frame(crossOrigin: false, topOrigin: "https://shop.example")
        }
    }

    @Test func `an application's origin is compared byte for byte and not as Unicode sees it`()
        throws
    {
        var ceremony = try AuthenticationCeremony()
        ceremony.relyingParty = try Scene.relyingParty(
            origins: ["android:apk-key-hash:K3y"], topOrigins: ["https://shop.example/K"])
        ceremony.clientData = ClientData(
            type: .get, challenge: Scene.challenge, origin: "android:apk-key-hash:K3y")
        try ceremony.verify()
        // U+212A, the Kelvin sign, is canonically equivalent to the letter K.
        let kelvin = "android:apk-key-hash:\u{212A}3y"
        ceremony.clientData = ClientData(
            type: .get, challenge: Scene.challenge, origin: kelvin)
        #expect(throws: CeremonyFailure.wrongOrigin(kelvin)) { try ceremony.verify() }
        let embedding = "https://shop.example/\u{212A}"
        ceremony.clientData = ClientData(
            type: .get, challenge: Scene.challenge, origin: "android:apk-key-hash:K3y",
            crossOrigin: true, topOrigin: embedding)
        #expect(throws: CeremonyFailure.wrongTopOrigin(embedding)) { try ceremony.verify() }
    }

    @Test(arguments: 0..<7)
    func `one bad signature in a batch fails alone, wherever it stands`(position: Int) throws {
        let good = try AuthenticationCeremony()
        var bad = good
        bad.signer = try Scene.key(2)
        let batch = try (0..<7).map { try $0 == position ? bad.examine() : good.examine() }
        let answers = verifySignatures(of: batch)
        #expect(answers.count == 7)
        for (index, answer) in answers.enumerated() {
            switch answer {
            case .success(let assertion):
                #expect(index != position)
                #expect(assertion.authenticatorData.signatureCounter == 7)
            case .failure(let failure):
                #expect(index == position)
                #expect(failure == .invalidSignature)
            }
        }
    }

    @Test func `the answers of a batch are in its order`() throws {
        var batch: [PendingAssertion] = []
        for counter in 1...9 as ClosedRange<UInt32> {
            var ceremony = try AuthenticationCeremony()
            ceremony.counter = counter
            batch.append(try ceremony.examine())
        }
        let counters = try verifySignatures(of: batch).map {
            try $0.get().authenticatorData.signatureCounter
        }
        #expect(counters == Array(1...9))
    }

    @Test func `an empty batch has no answers`() {
        #expect(verifySignatures(of: []).isEmpty)
    }

    private static func frame(crossOrigin: Bool, topOrigin: String?) -> ClientData {
        ClientData(
            type: .get, challenge: Scene.challenge, origin: Scene.origin,
            crossOrigin: crossOrigin, topOrigin: topOrigin)
    }

    private func expect(
        _ failure: CeremonyFailure, sourceLocation: SourceLocation = #_sourceLocation,
        after bend: (inout AuthenticationCeremony) throws -> Void
    ) throws {
        var ceremony = try AuthenticationCeremony()
        try bend(&ceremony)
        #expect(throws: failure, sourceLocation: sourceLocation) { try ceremony.verify() }
    }
}
