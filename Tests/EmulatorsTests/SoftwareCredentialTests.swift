import Cryptography
import Emulators
import Testing
import WebAuthn

struct SoftwareCredentialTests {
    private let clientDataHash = SHA256.hash([1, 2, 3])

    private func credential() throws -> SoftwareCredential {
        try SoftwareCredential(
            relyingPartyID: RelyingPartyID("example.org"), userHandle: UserHandle(bytes: [7]))
    }

    private func publicKey(_ object: AttestationObject) throws -> PublicKey {
        let key = try #require(object.authenticatorData.attestedCredential?.publicKey)
        guard case .es256(let x, let y) = key else { throw MalformedWebAuthn.credentialPublicKey }
        return try PublicKey(p256X: x, y: y)
    }

    @Test func `an attestation object of format none says nothing of the model`() throws {
        let object = try credential().attestationObject(.none, clientDataHash: clientDataHash)
        let decoded = try AttestationObject(decoding: object.encoded())
        #expect(decoded.statement == .none)
        #expect(decoded.authenticatorData.attestedCredential?.aaguid == .zero)
        #expect(
            decoded.authenticatorData.flags == [
                .userPresent, .userVerified, .attestedCredentialData,
            ])
    }

    @Test func `a packed attestation object is signed by the credential`() throws {
        let credential = try credential()
        let object = try credential.attestationObject(
            .packedSelf, clientDataHash: clientDataHash)
        let decoded = try AttestationObject(decoding: object.encoded())
        guard case .packed(let statement) = decoded.statement else {
            Issue.record("the statement is not packed")
            return
        }
        #expect(statement.certificates == [])
        #expect(decoded.authenticatorData.attestedCredential?.credentialID == credential.id)
        let key = try publicKey(decoded)
        #expect(
            key.isValidSignature(
                statement.signature, for: decoded.authenticatorDataBytes + clientDataHash,
                scheme: .ecdsaSHA256))
    }

    @Test func `assertions verify and count`() throws {
        var credential = try credential()
        let key = try publicKey(
            credential.attestationObject(.none, clientDataHash: clientDataHash))
        for counter: UInt32 in 1...3 {
            let (bytes, signature) = try credential.sign(clientDataHash: clientDataHash)
            let data = try AuthenticatorData(decoding: bytes)
            #expect(data.signatureCounter == counter)
            #expect(data.flags == [.userPresent, .userVerified])
            #expect(data.rpIDHash == SHA256.hash(Array("example.org".utf8)))
            #expect(
                key.isValidSignature(
                    signature, for: bytes + clientDataHash, scheme: .ecdsaSHA256))
        }
    }
}

struct EmulatorErrorTests {
    @Test func `each case has a code and a sentence of its own`() {
        let all: [EmulatorError] = [
            .stateFile(path: "p", reason: "r"), .damagedStateFile(path: "p", reason: "r"),
            .stateFileInUse(path: "p"), .cryptography(code: "c"), .notLoopback(address: "a"),
            .cannotListen(address: "a", reason: "r"),
        ]
        #expect(Set(all.map(\.code)).count == all.count)
        #expect(Set(all.map(\.description)).count == all.count)
    }
}
