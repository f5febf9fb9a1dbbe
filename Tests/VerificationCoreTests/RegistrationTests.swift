import Cryptography
import Encoding
import Testing
import VerificationCore
import WebAuthn

/// WebAuthn Level 3 §7.1: a valid registration, then one bent part at a time.
struct RegistrationTests {
    @Test func `a valid registration verifies and says what was registered`() throws {
        let ceremony = try RegistrationCeremony()
        let response = try ceremony.response()
        let registration = try ceremony.verify()
        #expect(registration.credentialID == ceremony.attestedID)
        #expect(registration.key.coseKey == ceremony.publicKey)
        #expect(registration.aaguid == .zero)
        #expect(registration.transports == [.usb])
        #expect(registration.authenticatorData.flags.contains([.userPresent, .userVerified]))
        #expect(registration.attestation.kind == .none)
        #expect(registration.attestation.format == "none")
        #expect(!registration.attestation.isTrusted)
        #expect(registration.attestationObject == response.attestationObject)
        #expect(registration.clientDataJSON == response.clientDataJSON)
    }

    @Test func `client data that is no JSON is malformed`() throws {
        try expect(.malformed(.clientDataEncoding(.truncated))) { $0.clientDataJSON = [] }
    }

    @Test func `an attestation object that is no CBOR is malformed`() throws {
        try expect(.malformed(.attestationObjectEncoding(.truncated))) {
            $0.attestationObject = []
        }
    }

    @Test func `the answer to an authentication is no registration`() throws {
        try expect(.wrongType(.get)) {
            $0.clientData = ClientData(
                type: .get, challenge: Scene.challenge, origin: Scene.origin)
        }
    }

    @Test(arguments: Scene.wrongChallenges)
    func `another challenge is refused`(challenge: [UInt8]) throws {
        try expect(.wrongChallenge) {
            $0.clientData = ClientData(type: .create, challenge: challenge, origin: Scene.origin)
        }
    }

    @Test(arguments: Scene.wrongOrigins)
    func `another origin is refused`(origin: String) throws {
        try expect(.wrongOrigin(origin)) {
            $0.clientData = ClientData(type: .create, challenge: Scene.challenge, origin: origin)
        }
    }

    @Test func `a frame of another origin is refused where none is expected`() throws {
        try expect(.unexpectedCrossOrigin) {
            $0.clientData = ClientData(
                type: .create, challenge: Scene.challenge, origin: Scene.origin, crossOrigin: true)
        }
    }

    @Test func `an unexpected topmost origin is refused`() throws {
        try expect(.wrongTopOrigin("https://evil.example")) {
            $0.relyingParty = try Scene.relyingParty(topOrigins: ["https://shop.example"])
            $0.clientData = ClientData(
                type: .create, challenge: Scene.challenge, origin: Scene.origin, crossOrigin: true,
                topOrigin: "https://evil.example")
        }
    }

    @Test func `authenticator data for another relying party is refused`() throws {
        try expect(.wrongRelyingParty) { $0.signedRPID = "login.example.org" }
    }

    @Test func `a registration that nobody touched is refused`() throws {
        try expect(.userNotPresent) { $0.flags = [.userVerified] }
    }

    @Test func `a registration without the user verification that is required is refused`() throws {
        try expect(.userNotVerified) { $0.flags = [.userPresent] }
    }

    @Test(arguments: [UserVerificationRequirement.preferred, .discouraged])
    func `user verification that is not required may be missing`(
        requirement: UserVerificationRequirement
    ) throws {
        var ceremony = try RegistrationCeremony()
        ceremony.userVerification = requirement
        ceremony.flags = [.userPresent]
        let registration = try ceremony.verify()
        #expect(!registration.authenticatorData.flags.contains(.userVerified))
    }

    @Test func `a credential cannot be backed up and not eligible for it`() throws {
        try expect(.backupStateWithoutEligibility) {
            $0.flags = [.userPresent, .userVerified, .backupState]
        }
    }

    @Test(arguments: [
        AuthenticatorData.Flags.backupEligible, [.backupEligible, .backupState],
    ])
    func `the other states of backup are recorded`(flags: AuthenticatorData.Flags) throws {
        var ceremony = try RegistrationCeremony()
        ceremony.flags.formUnion(flags)
        #expect(try ceremony.verify().authenticatorData.flags.contains(flags))
    }

    @Test func `a registration without a credential is refused`() throws {
        try expect(.noAttestedCredential) { $0.isCredentialAttested = false }
    }

    @Test func `the credential that the client names must be the attested one`() throws {
        try expect(.credentialIDMismatch) {
            $0.responseID = try CredentialID(bytes: [0x1D, 0x02, 0x04])
        }
    }

    @Test(arguments: [[], [COSEAlgorithm.es384, .rs256]])
    func `an algorithm that was not offered is refused`(offered: [COSEAlgorithm]) throws {
        try expect(.algorithmNotOffered(.es256)) { $0.algorithms = offered }
    }

    @Test func `a public key off its curve is refused`() throws {
        guard case .es256(let x, let y) = try Scene.coseKey(Scene.key(1).publicKey) else { return }
        var bent = y
        bent[31] ^= 1
        try expect(.invalidPublicKey) { $0.publicKey = .es256(x: x, y: bent) }
        let zero = [UInt8](repeating: 0, count: 32)
        try expect(.invalidPublicKey) { $0.publicKey = .es256(x: zero, y: zero) }
        let most = [UInt8](repeating: 0xFF, count: 32)
        try expect(.invalidPublicKey) { $0.publicKey = .es256(x: most, y: y) }
    }

    @Test func `an attestation format that is not known is refused by its name`() throws {
        try expect(.unsupportedAttestationFormat("tpm")) {
            $0.attestation = .unknown(format: "tpm")
        }
    }

    @Test func `structure is judged before policy and client data before authenticator data`()
        throws
    {
        try expect(.wrongOrigin("https://evil.example")) {
            $0.clientData = ClientData(
                type: .create, challenge: Scene.challenge, origin: "https://evil.example")
            $0.attestationObject = []
            $0.policy = .trusted
        }
    }

    private func expect(
        _ failure: CeremonyFailure, sourceLocation: SourceLocation = #_sourceLocation,
        after bend: (inout RegistrationCeremony) throws -> Void
    ) throws {
        var ceremony = try RegistrationCeremony()
        try bend(&ceremony)
        #expect(throws: failure, sourceLocation: sourceLocation) { try ceremony.verify() }
    }
}

extension Scene {
    /// One bit off, too short, too long, and nothing.
    static let wrongChallenges: [[UInt8]] = [
        [0xC5] + challenge.dropFirst(), challenge.dropLast(), challenge + [0], [],
    ]

    /// Near misses: origins are compared character by character.
    static let wrongOrigins = [
        "https://example.org", "https://login.example.org/", "https://login.example.org:443",
        "http://login.example.org", "https://LOGIN.example.org", "https://login.example.org.",
        "https://login.example.org.evil.example", "null", "",
    ]
}
