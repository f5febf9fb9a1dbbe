import CTAP
import Cryptography
import Emulators
import Encoding
import Testing
import WebAuthn

/// Requests as a browser would make them, and the checks that a relying party makes.
enum Ceremony {
    static let relyingPartyID = "example.org"
    static let clientDataHash = SHA256.hash(Array("client data".utf8))

    static func registration(
        user: String = "alice", options: [String: Bool] = [:],
        authorization: PINUVAuthorization = .absent
    ) -> MakeCredentialRequest {
        MakeCredentialRequest(
            clientDataHash: clientDataHash,
            relyingParty: RelyingPartyEntity(id: relyingPartyID, name: "Example"),
            user: UserEntity(id: Array(user.utf8), name: user, displayName: user.uppercased()),
            algorithms: [CredentialParameters(algorithm: -8), CredentialParameters(algorithm: -7)],
            options: options, authorization: authorization)
    }

    static func authentication(
        _ credential: Registered? = nil, options: [String: Bool] = [:],
        authorization: PINUVAuthorization = .absent
    ) -> GetAssertionRequest {
        GetAssertionRequest(
            relyingPartyID: relyingPartyID, clientDataHash: clientDataHash,
            allowList: credential.map { [$0.descriptor] }, options: options,
            authorization: authorization)
    }
}

/// What a registration yielded.
struct Registered {
    let response: MakeCredentialResponse
    let data: AuthenticatorData

    init(decoding payload: [UInt8]) throws {
        response = try MakeCredentialResponse(decoding: payload)
        data = try AuthenticatorData(decoding: response.authenticatorData)
    }

    var id: [UInt8] { data.attestedCredential?.credentialID.bytes ?? [] }
    var descriptor: CredentialDescriptor { CredentialDescriptor(id: id) }

    var publicKey: PublicKey {
        get throws {
            let key = try #require(data.attestedCredential?.publicKey)
            guard case .es256(let x, let y) = key else {
                throw MalformedWebAuthn.credentialPublicKey
            }
            return try PublicKey(p256X: x, y: y)
        }
    }

    /// What the attestation statement's signature is over.
    var signedMessage: [UInt8] { response.authenticatorData + Ceremony.clientDataHash }

    func verifies(_ assertion: GetAssertionResponse) throws -> Bool {
        try publicKey.isValidSignature(
            assertion.signature, for: assertion.authenticatorData + Ceremony.clientDataHash,
            scheme: .ecdsaSHA256)
    }
}

extension Lab {
    func register(
        _ request: MakeCredentialRequest = Ceremony.registration(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Registered {
        try Registered(
            decoding: succeed(.makeCredential(request), sourceLocation: sourceLocation))
    }

    func assert(
        _ request: GetAssertionRequest, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> (response: GetAssertionResponse, data: AuthenticatorData) {
        let response = try GetAssertionResponse(
            decoding: succeed(.getAssertion(request), sourceLocation: sourceLocation))
        return (response, try AuthenticatorData(decoding: response.authenticatorData))
    }

    func status(_ request: CTAPRequest) throws -> CTAPStatus { try call(request).status }
}
