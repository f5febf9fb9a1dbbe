import CTAP
import Cryptography
import Emulators
import Encoding
import Testing
import WebAuthn

struct RegistrationTests {
    private let now: Int64 = 1_764_000_000

    @Test func `getInfo says what the key is`() throws {
        let information = try Lab().information
        #expect(information.versions == ["U2F_V2", "FIDO_2_0", "FIDO_2_1"])
        #expect(Hex.encode(information.aaguid) == "c0de51a47e574b1e9a5e0c5ec0de0001")
        #expect(information.firmwareVersion == 0x0001_0000)
        #expect(information.pinUVAuthProtocols == [2, 1])
        #expect(information.algorithms == [CredentialParameters(algorithm: -7)])
        #expect(information.options["uv"] == true)
        #expect(information.options["clientPin"] == false)
        #expect(information.options["rk"] == true)
        #expect(information.transports == ["usb"])
    }

    @Test func `a key without fingers says so`() throws {
        let lab = try Lab(configuration: .init(initialFingers: []))
        #expect(try lab.information.options["uv"] == false)
        #expect(
            try lab.status(.makeCredential(Ceremony.registration(options: ["uv": true])))
                == .invalidOption)
    }

    @Test func `a new credential is attested by the batch certificate`() throws {
        let lab = try Lab()
        let made = try lab.register()
        #expect(made.response.format == "packed")
        #expect(made.data.flags == [.userPresent, .attestedCredentialData])
        #expect(made.data.rpIDHash == SHA256.hash(Array("example.org".utf8)))
        #expect(made.data.attestedCredential?.aaguid == SoftwareSecurityKey.Model.aaguid)
        #expect(made.id.count == 63)
        let chain = try #require(made.response.statement["x5c"]?.arrayValue)
        #expect(chain.count == 1)
        let certificate = try Certificate(derRepresentation: #require(chain[0].bytesValue))
        let signature = try #require(made.response.statement["sig"]?.bytesValue)
        let publicKey = try #require(certificate.publicKey)
        #expect(
            publicKey.isValidSignature(
                signature, for: made.signedMessage, scheme: .ecdsaSHA256))
        #expect(certificate.subjectValues("OU") == ["Authenticator Attestation"])
        #expect(certificate.isCertificateAuthority == false)
        #expect(
            certificate.extensionValue("1.3.6.1.4.1.45724.1.1.4")
                == [0x04, 0x10] + SoftwareSecurityKey.Model.aaguid.bytes)
        #expect(certificate.chains(to: [try lab.root], through: [], at: now))
        let other = try Lab(seed: 2)
        #expect(!certificate.chains(to: [try other.root], through: [], at: now))
    }

    @Test func `self attestation is signed by the credential itself`() throws {
        let lab = try Lab(configuration: .init(attestation: .selfAttestation))
        let made = try lab.register()
        #expect(made.response.statement["x5c"] == nil)
        let signature = try #require(made.response.statement["sig"]?.bytesValue)
        let publicKey = try made.publicKey
        #expect(
            publicKey.isValidSignature(
                signature, for: made.signedMessage, scheme: .ecdsaSHA256))
    }

    @Test func `enterprise attestation has a certificate of its own`() throws {
        let lab = try Lab()
        var request = Ceremony.registration()
        request.enterpriseAttestation = 2
        #expect(try lab.status(.makeCredential(request)) == .invalidParameter)
        try lab.setPIN()
        let token = try lab.pinToken(.authenticatorConfiguration)
        _ = try lab.succeed(
            .config(
                AuthenticatorConfigRequest(
                    operation: .enableEnterpriseAttestation,
                    authorization: token.authorize(
                        AuthenticatorConfigRequest.authenticatedMessage(
                            for: .enableEnterpriseAttestation)))))
        let made = try lab.register(request)
        #expect(made.response.isEnterpriseAttestation == true)
        let chain = try #require(made.response.statement["x5c"]?.arrayValue?.first?.bytesValue)
        #expect(
            try Certificate(derRepresentation: chain).chains(
                to: [lab.root], through: [], at: now))
        #expect(try lab.register().response.statement["x5c"]?.arrayValue != [.bytes(chain)])
        request.enterpriseAttestation = 3
        #expect(try lab.status(.makeCredential(request)) == .invalidOption)
    }

    @Test func `a finger verifies the person`() throws {
        let lab = try Lab()
        let made = try lab.register(Ceremony.registration(options: ["uv": true, "rk": true]))
        #expect(made.data.flags == [.userPresent, .userVerified, .attestedCredentialData])
        #expect(lab.client.keepalives == [.userPresenceNeeded])
        #expect(try lab.information.remainingDiscoverableCredentials == 63)
    }

    @Test func `a discoverable credential needs verification on a key that can verify`() throws {
        let lab = try Lab()
        let request = CTAPRequest.makeCredential(Ceremony.registration(options: ["rk": true]))
        #expect(try lab.status(request) == .operationDenied)
        try lab.setPIN()
        #expect(try lab.status(request) == .pinUvAuthTokenRequired)
        let bare = try Lab(configuration: .init(initialFingers: []))
        #expect(try bare.status(request) == .success)
    }

    @Test func `a second credential for an account takes the place of the first`() throws {
        let lab = try Lab()
        let request = Ceremony.registration(options: ["rk": true, "uv": true])
        let first = try lab.register(request)
        let second = try lab.register(request)
        #expect(try lab.information.remainingDiscoverableCredentials == 63)
        #expect(
            try lab.status(.getAssertion(Ceremony.authentication(first))) == .noCredentials)
        #expect(try lab.status(.getAssertion(Ceremony.authentication(second))) == .success)
    }

    @Test func `a full key takes no more discoverable credentials`() throws {
        let lab = try Lab(configuration: .init(initialFingers: []))
        for number in 0..<64 {
            _ = try lab.register(
                Ceremony.registration(user: "user \(number)", options: ["rk": true]))
        }
        let request = Ceremony.registration(user: "one more", options: ["rk": true])
        #expect(try lab.status(.makeCredential(request)) == .keyStoreFull)
        #expect(try lab.status(.makeCredential(Ceremony.registration())) == .success)
    }

    @Test func `a credential of the exclude list is told after a touch`() throws {
        let lab = try Lab()
        let made = try lab.register()
        var request = Ceremony.registration()
        request.excludeList = [CredentialDescriptor(id: [1, 2, 3]), made.descriptor]
        #expect(try lab.status(.makeCredential(request)) == .credentialExcluded)
        #expect(lab.client.keepalives == [.userPresenceNeeded])
        request.relyingParty = RelyingPartyEntity(id: "elsewhere.org")
        #expect(try lab.status(.makeCredential(request)) == .success)
        request.excludeList = Array(repeating: made.descriptor, count: 17)
        #expect(try lab.status(.makeCredential(request)) == .limitExceeded)
    }

    @Test func `algorithms and options that the key has not are refused`() throws {
        let lab = try Lab()
        var request = Ceremony.registration()
        request.algorithms = [CredentialParameters(algorithm: -257)]
        #expect(try lab.status(.makeCredential(request)) == .unsupportedAlgorithm)
        request = Ceremony.registration(options: ["up": false])
        #expect(try lab.status(.makeCredential(request)) == .invalidOption)
        request = Ceremony.registration(options: ["unheard-of": true])
        #expect(try lab.status(.makeCredential(request)) == .success)
    }

    @Test func `without the person nothing is made`() throws {
        let lab = try Lab(PersonScript([.decline, .wait, .touch.after(.seconds(31))]))
        let request = CTAPRequest.makeCredential(Ceremony.registration())
        #expect(try lab.status(request) == .operationDenied)
        let before = lab.clock.now
        #expect(try lab.status(request) == .userActionTimeout)
        #expect(lab.clock.now - before == .seconds(30))
        #expect(lab.client.keepalives.count >= 300)
        #expect(try lab.status(request) == .userActionTimeout)
        #expect(try lab.register().data.signatureCounter == 1)
    }

    @Test func `the extensions answer in the authenticator data`() throws {
        let lab = try Lab()
        var request = Ceremony.registration(options: ["rk": true, "uv": true])
        request.extensions = [
            "credProtect": 3, "hmac-secret": true, "largeBlobKey": true, "minPinLength": true,
            "unheard-of": 1,
        ]
        let made = try lab.register(request)
        #expect(made.data.extensions == ["credProtect": 3, "hmac-secret": true])
        #expect(made.response.largeBlobKey?.count == 32)
        request.extensions = ["credProtect": 4]
        #expect(try lab.status(.makeCredential(request)) == .invalidOption)
        request.extensions = ["credProtect": "three"]
        #expect(try lab.status(.makeCredential(request)) == .cborUnexpectedType)
        request.extensions = ["largeBlobKey": true]
        request.options = [:]
        #expect(try lab.status(.makeCredential(request)) == .invalidOption)
    }

    @Test func `an empty authorization only asks which key is meant`() throws {
        let lab = try Lab(configuration: .init(initialFingers: []))
        let empty = PINUVAuthorization(protocolNumber: .two, parameter: [])
        let request = CTAPRequest.makeCredential(Ceremony.registration(authorization: empty))
        #expect(try lab.status(request) == .pinNotSet)
        try lab.setPIN()
        #expect(try lab.status(request) == .pinInvalid)
        #expect(lab.client.keepalives == [.userPresenceNeeded])
        #expect(
            try lab.status(.getAssertion(Ceremony.authentication(authorization: empty)))
                == .pinInvalid)
    }

    @Test func `a request of more than 2048 bytes is too large`() throws {
        let lab = try Lab()
        let reply = try lab.client.call(.cbor, [1] + [UInt8](repeating: 0, count: 2048))
        #expect(reply?.payload == [CTAPStatus.requestTooLarge.rawValue])
    }

    @Test func `selection waits for a touch`() throws {
        let lab = try Lab(PersonScript([.touch.after(.seconds(2)), .decline]))
        let before = lab.clock.now
        #expect(try lab.status(.selection) == .success)
        #expect(lab.clock.now - before == .seconds(2))
        #expect(try lab.status(.selection) == .operationDenied)
    }
}
