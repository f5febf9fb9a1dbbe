import Cryptography
import Encoding
import Testing
import TestSupport
import VerificationCore
import WebAuthn

/// One line of the ceremony vectors. Binary members are base64url.
struct CeremonyVector: Decodable, Sendable, CustomTestStringConvertible {
    let id: String
    let kind: String
    let fmt: String?
    let alg: String
    let rpId: String?
    let origins: Set<String>
    let topOrigins: Set<String>?
    let allowCrossOrigin: Bool?
    let challenge: String
    let clientDataJSON: String
    let attestationObject: String?
    let credentialId: String?
    let authenticatorData: String?
    let signature: String?
    let credentialPublicKey: String?
    let up: Bool
    let uv: Bool
    let be: Bool
    let bs: Bool
    let signCount: UInt32
    let requireUV: Bool?
    let timestamp: String?
    let trustAnchor: String?
    let expectedStrict: String
    let reasonCode: String?
    let strictReason: String?

    var testDescription: String { id }

    /// Whether the attestation object is a map of indefinite length, which no other fault comes before.
    var hasIndefiniteLength: Bool {
        let first = attestationObject.flatMap { try? Base64URL.decode($0).first }
        return first == 0xBF
    }

    /// The lines of a file that this verifier takes on: ES256 with attestation `none` or `packed`.
    static func taken(from file: String) -> [CeremonyVector] {
        Vectors.lines("webauthn/\(file).jsonl", as: CeremonyVector.self).filter { vector in
            vector.alg == "ES256" && ["none", "packed", nil].contains(vector.fmt)
        }
    }

    /// The root that the vector's attestation leads to, where it has one.
    func anchors() throws -> [Certificate] {
        guard let trustAnchor else { return [] }
        let der = Vectors.bytes("roots/\(trustAnchor).der")
        return [try Certificate(derRepresentation: der)]
    }

    /// The moment to judge certificates by.
    func time() throws -> Int64 {
        guard let timestamp else { return 0 }
        return try #require(Vectors.seconds(timestamp))
    }

    func verifyRegistration(
        anchors: [Certificate], policy: AttestationVerifier.Policy = .any
    ) throws -> VerifiedRegistration {
        let response = RegistrationResponse(
            credentialID: try CredentialID(text: #require(credentialId)),
            clientDataJSON: try Base64URL.decode(clientDataJSON),
            attestationObject: try Base64URL.decode(#require(attestationObject)), transports: [])
        return try VerificationCore.verifyRegistration(
            response,
            expecting: RegistrationExpectation(
                challenge: try Base64URL.decode(challenge), relyingParty: try relyingParty(),
                userVerification: requireUV == true ? .required : .preferred,
                algorithms: [.es256]),
            attestation: AttestationVerifier(anchors: anchors, policy: policy, time: try time()))
    }

    func verifyAssertion() throws -> VerifiedAssertion {
        let response = AuthenticationResponse(
            credentialID: try CredentialID(bytes: [1]),
            clientDataJSON: try Base64URL.decode(clientDataJSON),
            authenticatorData: try Base64URL.decode(#require(authenticatorData)),
            signature: try Base64URL.decode(#require(signature)), userHandle: nil)
        let cose = try CBOR.decode(Base64URL.decode(#require(credentialPublicKey)))
        let pending = try examineAssertion(
            response,
            expecting: AuthenticationExpectation(
                challenge: try Base64URL.decode(challenge), relyingParty: try relyingParty(),
                userVerification: requireUV == true ? .required : .preferred),
            credential: RegisteredCredential(
                key: try CredentialKey(COSEKey(cose)), userHandle: try UserHandle(bytes: [1]),
                isBackupEligible: be))
        return try #require(verifySignatures(of: [pending]).first).get()
    }

    private func relyingParty() throws -> RelyingParty {
        // Where the vector allows any frame, the verifier must be told of one.
        let frames = topOrigins ?? (allowCrossOrigin == true ? ["https://frame.example"] : [])
        return RelyingParty(
            id: try RelyingPartyID(#require(rpId)), name: "", origins: origins, topOrigins: frames)
    }
}
