import Cryptography
import Encoding
import Testing
import TestSupport
import VerificationCore
import WebAuthn

/// What the ceremonies of these tests share.
enum Scene {
    static let origin = "https://login.example.org"
    static let challenge = [UInt8](repeating: 0xC4, count: 32)
    /// 2026-01-01.
    static let time: Int64 = 1_767_225_600

    static func relyingParty(
        id: String = "example.org", origins: Set<String> = [origin],
        topOrigins: Set<String> = []
    ) throws -> RelyingParty {
        RelyingParty(
            id: try RelyingPartyID(id), name: "Example", origins: origins, topOrigins: topOrigins)
    }

    static func key(_ seed: UInt64) throws -> P256PrivateKey {
        var random = SplitMix64(seed: seed)
        return try P256PrivateKey(rawRepresentation: random.bytes(32))
    }

    static func coseKey(_ key: PublicKey) throws -> COSEKey {
        let point = try #require(key.p256Point)
        return .es256(x: Array(point[1...32]), y: Array(point[33...]))
    }
}

/// A registration that is valid until a test bends one of its parts.
struct RegistrationCeremony {
    /// How the authenticator attests.
    enum Attestation {
        case none
        case packed(algorithm: COSEAlgorithm, certificates: [[UInt8]], signer: P256PrivateKey)
        case unknown(format: String)
    }

    var clientData = ClientData(
        type: .create, challenge: Scene.challenge, origin: Scene.origin)
    var signedRPID = "example.org"
    var flags: AuthenticatorData.Flags = [.userPresent, .userVerified]
    var aaguid = AAGUID.zero
    var attestedID: CredentialID
    var responseID: CredentialID
    var publicKey: COSEKey
    var isCredentialAttested = true
    var attestation = Attestation.none
    /// Replaces the client data's bytes, before they are signed.
    var clientDataJSON: [UInt8]?
    /// Replaces the attestation object's bytes.
    var attestationObject: [UInt8]?

    var relyingParty: RelyingParty
    var userVerification = UserVerificationRequirement.required
    var algorithms = [COSEAlgorithm.es256]
    var anchors: [Certificate] = []
    var policy = AttestationVerifier.Policy.any
    var time = Scene.time

    init() throws {
        attestedID = try CredentialID(bytes: [0x1D, 0x02, 0x03])
        responseID = attestedID
        publicKey = try Scene.coseKey(Scene.key(1).publicKey)
        relyingParty = try Scene.relyingParty()
    }

    func response() throws -> RegistrationResponse {
        let json = clientDataJSON ?? clientData.encoded()
        let data = AuthenticatorData(
            rpIDHash: SHA256.hash(Array(signedRPID.utf8)), flags: flags, signatureCounter: 0,
            attestedCredential: isCredentialAttested
                ? AttestedCredentialData(
                    aaguid: aaguid, credentialID: attestedID, publicKey: publicKey) : nil)
        let statement: AttestationStatement =
            switch attestation {
            case .none: .none
            case .packed(let algorithm, let certificates, let signer):
                .packed(
                    PackedAttestation(
                        algorithm: algorithm,
                        signature: try signer.signature(for: data.encoded() + SHA256.hash(json)),
                        certificates: certificates))
            case .unknown(let format): .unknown(format: format, statement: [:])
            }
        let object = AttestationObject(statement: statement, authenticatorData: data)
        return RegistrationResponse(
            credentialID: responseID, clientDataJSON: json,
            attestationObject: attestationObject ?? object.encoded(), transports: [.usb])
    }

    @discardableResult
    func verify() throws -> VerifiedRegistration {
        try verifyRegistration(
            response(),
            expecting: RegistrationExpectation(
                challenge: Scene.challenge, relyingParty: relyingParty,
                userVerification: userVerification, algorithms: algorithms),
            attestation: AttestationVerifier(anchors: anchors, policy: policy, time: time))
    }
}

/// An authentication that is valid until a test bends one of its parts.
struct AuthenticationCeremony {
    var clientData = ClientData(type: .get, challenge: Scene.challenge, origin: Scene.origin)
    var signedRPID = "example.org"
    var flags: AuthenticatorData.Flags = [.userPresent, .userVerified]
    var counter: UInt32 = 7
    var userHandle: UserHandle?
    var signer: P256PrivateKey
    /// Replaces the client data's bytes, before they are signed.
    var clientDataJSON: [UInt8]?
    /// Changes the authenticator data's bytes before they are signed.
    var bendAuthenticatorData: ([UInt8]) -> [UInt8] = { $0 }
    /// Changes the response after it is signed.
    var bendSignature: ([UInt8]) -> [UInt8] = { $0 }

    var relyingParty: RelyingParty
    var userVerification = UserVerificationRequirement.required
    var registered: RegisteredCredential

    init() throws {
        signer = try Scene.key(1)
        relyingParty = try Scene.relyingParty()
        registered = try Self.registered()
    }

    static func registered(isBackupEligible: Bool = false) throws -> RegisteredCredential {
        RegisteredCredential(
            key: try CredentialKey(Scene.coseKey(Scene.key(1).publicKey)),
            userHandle: try UserHandle(bytes: [0xA1, 0x1C, 0xE0]),
            isBackupEligible: isBackupEligible)
    }

    func response() throws -> AuthenticationResponse {
        let json = clientDataJSON ?? clientData.encoded()
        let data = bendAuthenticatorData(
            AuthenticatorData(
                rpIDHash: SHA256.hash(Array(signedRPID.utf8)), flags: flags,
                signatureCounter: counter
            ).encoded())
        return AuthenticationResponse(
            credentialID: try CredentialID(bytes: [0x1D, 0x02, 0x03]), clientDataJSON: json,
            authenticatorData: data,
            signature: bendSignature(try signer.signature(for: data + SHA256.hash(json))),
            userHandle: userHandle)
    }

    func examine() throws -> PendingAssertion {
        try examineAssertion(
            response(),
            expecting: AuthenticationExpectation(
                challenge: Scene.challenge, relyingParty: relyingParty,
                userVerification: userVerification),
            credential: registered)
    }

    @discardableResult
    func verify() throws -> VerifiedAssertion {
        let answers = verifySignatures(of: [try examine()])
        #expect(answers.count == 1)
        return try #require(answers.first).get()
    }
}
