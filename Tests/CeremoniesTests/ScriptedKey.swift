import Cryptography
import Encoding
import TestSupport
import Testing
import WebAuthn

/// An authenticator and its client in one, which say whatever a test has them say, and sign it.
struct ScriptedKey: Sendable {
    enum Attestation: Sendable {
        case none
        case own
        /// By a batch certificate of this authority's.
        case batch(CertificateAuthority)
        /// In a format that nobody knows.
        case unknown
    }

    /// What it signs with.
    var key: P256PrivateKey
    var id: CredentialID
    var aaguid = AAGUID.zero
    var attestation = Attestation.none
    /// Whether the attestation signs what it should.
    var attestsHonestly = true
    var relyingPartyID = "example.org"
    var origin = "https://login.example.org"
    var crossOrigin = false
    var topOrigin: String?
    /// The type of its client data; `nil` for the ceremony's own.
    var type: ClientData.CeremonyType?
    /// The challenge that it answers; `nil` for the one that it was given.
    var challenge: [UInt8]?
    var flags: AuthenticatorData.Flags = [.userPresent, .userVerified]
    var counter: UInt32 = 0
    var userHandle: UserHandle?
    /// The public key that it registers; `nil` for its own.
    var publicKey: COSEKey?

    /// A key whose secret and identifier follow from `seed`.
    init(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        key = try P256PrivateKey(rawRepresentation: random.bytes(32))
        id = try CredentialID(bytes: random.bytes(64))
    }

    /// The same key with a change.
    func but(_ change: (inout ScriptedKey) throws -> Void) rethrows -> ScriptedKey {
        var copy = self
        try change(&copy)
        return copy
    }

    private func clientData(
        _ type: ClientData.CeremonyType, _ challenge: [UInt8]
    ) -> [UInt8] {
        ClientData(
            type: self.type ?? type, challenge: self.challenge ?? challenge, origin: origin,
            crossOrigin: crossOrigin, topOrigin: topOrigin
        ).encoded()
    }

    private var rpIDHash: [UInt8] { SHA256.hash(Array(relyingPartyID.utf8)) }

    private func coseKey() throws -> COSEKey {
        let point = try #require(key.publicKey.p256Point)
        return .es256(x: Array(point[1...32]), y: Array(point[33...]))
    }

    func register(_ challenge: [UInt8]) throws -> RegistrationResponse {
        let clientData = clientData(.create, challenge)
        let data = AuthenticatorData(
            rpIDHash: rpIDHash, flags: flags, signatureCounter: counter,
            attestedCredential: AttestedCredentialData(
                aaguid: aaguid, credentialID: id, publicKey: try publicKey ?? coseKey()))
        let message = data.encoded() + SHA256.hash(clientData) + (attestsHonestly ? [] : [0])
        let object = AttestationObject(
            statement: try statement(over: message), authenticatorData: data)
        return RegistrationResponse(
            credentialID: id, clientDataJSON: clientData, attestationObject: object.encoded(),
            transports: [.usb])
    }

    private func statement(over message: [UInt8]) throws -> AttestationStatement {
        switch attestation {
        case .none: return .none
        case .own:
            return .packed(
                PackedAttestation(
                    algorithm: .es256, signature: try key.signature(for: message),
                    certificates: []))
        case .batch(let authority):
            let batchKey = try P256PrivateKey(rawRepresentation: Array(repeating: 3, count: 32))
            let certificate = try authority.issue(
                to: .init(
                    country: "SE", organization: "Acme",
                    organizationalUnit: "Authenticator Attestation", commonName: "Acme batch"),
                key: batchKey.publicKey, aaguid: aaguid.bytes, validity: .testing)
            return .packed(
                PackedAttestation(
                    algorithm: .es256, signature: try batchKey.signature(for: message),
                    certificates: [certificate.derRepresentation]))
        case .unknown:
            return .unknown(format: "scent", statement: ["sig": .bytes([1])])
        }
    }

    func answer(_ challenge: [UInt8]) throws -> AuthenticationResponse {
        let clientData = clientData(.get, challenge)
        let data = AuthenticatorData(
            rpIDHash: rpIDHash, flags: flags, signatureCounter: counter
        ).encoded()
        return AuthenticationResponse(
            credentialID: id, clientDataJSON: clientData, authenticatorData: data,
            signature: try key.signature(for: data + SHA256.hash(clientData)),
            userHandle: userHandle)
    }
}

extension CertificateAuthority.Validity {
    /// Around the fake clock's time.
    static let testing = CertificateAuthority.Validity(
        notBefore: 1_700_000_000, notAfter: 1_900_000_000)
}

/// An attestation root of a test's own.
func attestationRoot(_ name: String, secret: UInt8) throws -> CertificateAuthority {
    try CertificateAuthority(
        subject: .init(
            country: "SE", organization: "Acme", organizationalUnit: "Roots", commonName: name),
        key: P256PrivateKey(rawRepresentation: Array(repeating: secret, count: 32)),
        validity: .testing)
}

/// A key that is wrong in one way, and the code that names it.
struct Fault: Sendable, CustomTestStringConvertible {
    let code: String
    let change: @Sendable (inout ScriptedKey) throws -> Void
    let testDescription: String

    init(
        _ code: String, _ description: String,
        _ change: @escaping @Sendable (inout ScriptedKey) throws -> Void
    ) {
        self.code = code
        testDescription = description
        self.change = change
    }

    /// What is wrong alike in a registration and an authentication.
    static let ofEither = [
        Fault("wrong-type", "another ceremony") { $0.type = .init(rawValue: "payment.get") },
        Fault("wrong-challenge", "another challenge") {
            $0.challenge = Array(repeating: 9, count: 32)
        },
        Fault("wrong-challenge", "half the challenge") {
            $0.challenge = Array(repeating: 9, count: 16)
        },
        Fault("wrong-origin", "another origin") {
            $0.origin = "https://login.example.org.evil.com"
        },
        Fault("wrong-origin", "plain http") { $0.origin = "http://login.example.org" },
        Fault("wrong-origin", "a port") { $0.origin = "https://login.example.org:8443" },
        Fault("wrong-origin", "capitals") { $0.origin = "https://LOGIN.example.org" },
        Fault("unexpected-cross-origin", "a frame") { $0.crossOrigin = true },
        Fault("wrong-top-origin", "a top origin") { $0.topOrigin = "https://portal.example.net" },
        Fault("wrong-relying-party", "another relying party") {
            $0.relyingPartyID = "example.net"
        },
        Fault("user-not-present", "no touch") { $0.flags = [.userVerified] },
        Fault("user-not-verified", "no verification") { $0.flags = [.userPresent] },
        Fault("backup-state-without-eligibility", "backed up, not eligible") {
            $0.flags = [.userPresent, .userVerified, .backupState]
        },
    ]
}
