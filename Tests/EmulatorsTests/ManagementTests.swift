import CTAP
import Cryptography
import Emulators
import Encoding
import ISO7816
import Testing
import WebAuthn

struct ManagementTests {
    private func labWithCredentials() throws -> Lab {
        let lab = try Lab()
        try lab.setPIN()
        for (user, party) in [("alice", "example.org"), ("bob", "example.org"), ("alice", "b.org")]
        {
            var request = Ceremony.registration(
                user: user, options: ["rk": true, "uv": true])
            request.relyingParty = RelyingPartyEntity(id: party)
            _ = try lab.register(request)
        }
        return lab
    }

    private func manage(
        _ lab: Lab, _ token: Token, _ operation: CredentialManagementRequest.Operation
    ) throws -> CTAPResponse {
        try lab.call(
            .credentialManagement(
                CredentialManagementRequest(
                    operation: operation,
                    authorization: token.authorize(
                        CredentialManagementRequest.authenticatedMessage(for: operation)))))
    }

    private func response(
        _ lab: Lab, _ token: Token, _ operation: CredentialManagementRequest.Operation
    ) throws -> CredentialManagementResponse {
        try CredentialManagementResponse(decoding: manage(lab, token, operation).payload)
    }

    private let hash = SHA256.hash(Array("example.org".utf8))

    @Test func `relying parties and credentials are listed`() throws {
        let lab = try labWithCredentials()
        let token = try lab.pinToken(.credentialManagement)
        let metadata = try response(lab, token, .getMetadata)
        #expect(metadata.existingCredentials == 3)
        #expect(metadata.remainingCredentials == 61)
        let first = try response(lab, token, .enumerateRelyingPartiesBegin)
        #expect(first.relyingParty?.id == "example.org")
        #expect(first.rpIDHash == hash)
        #expect(first.totalRelyingParties == 2)
        let second = try response(lab, token, .enumerateRelyingPartiesNext)
        #expect(second.relyingParty?.id == "b.org")
        #expect(try manage(lab, token, .enumerateRelyingPartiesNext).status == .notAllowed)
        let credential = try response(lab, token, .enumerateCredentialsBegin(rpIDHash: hash))
        #expect(credential.totalCredentials == 2)
        #expect(credential.user?.name == "bob")
        #expect(credential.publicKey?[3] == -7)
        #expect(credential.credentialProtection == 1)
        #expect(try response(lab, token, .enumerateCredentialsNext).user?.name == "alice")
        #expect(try manage(lab, token, .enumerateCredentialsNext).status == .notAllowed)
        let unknown = [UInt8](repeating: 0, count: 32)
        #expect(
            try manage(lab, token, .enumerateCredentialsBegin(rpIDHash: unknown)).status
                == .noCredentials)
    }

    @Test func `another command ends an enumeration`() throws {
        let lab = try labWithCredentials()
        let token = try lab.pinToken(.credentialManagement)
        _ = try response(lab, token, .enumerateRelyingPartiesBegin)
        _ = try lab.information
        #expect(try manage(lab, token, .enumerateRelyingPartiesNext).status == .notAllowed)
    }

    @Test func `a credential is renamed and deleted`() throws {
        let lab = try labWithCredentials()
        let token = try lab.pinToken(.credentialManagement)
        let listed = try response(lab, token, .enumerateCredentialsBegin(rpIDHash: hash))
        let descriptor = try #require(listed.credential)
        let user = UserEntity(id: Array("bob".utf8), name: "robert")
        #expect(try manage(lab, token, .updateUser(descriptor, user)).status == .success)
        let renamed = try response(lab, token, .enumerateCredentialsBegin(rpIDHash: hash))
        #expect(renamed.user == user)
        let other = UserEntity(id: [9])
        #expect(
            try manage(lab, token, .updateUser(descriptor, other)).status == .invalidParameter)
        #expect(try manage(lab, token, .delete(descriptor)).status == .success)
        #expect(try manage(lab, token, .delete(descriptor)).status == .noCredentials)
        #expect(try response(lab, token, .getMetadata).existingCredentials == 2)
    }

    @Test func `a token of one relying party manages no other`() throws {
        let lab = try labWithCredentials()
        let token = try lab.pinToken(.credentialManagement, "b.org")
        #expect(try manage(lab, token, .getMetadata).status == .pinAuthInvalid)
        #expect(
            try manage(lab, token, .enumerateCredentialsBegin(rpIDHash: hash)).status
                == .pinAuthInvalid)
        let own = SHA256.hash(Array("b.org".utf8))
        #expect(
            try manage(lab, token, .enumerateCredentialsBegin(rpIDHash: own)).status == .success)
    }

    @Test func `an empty key has nothing to list`() throws {
        let lab = try Lab()
        try lab.setPIN()
        let token = try lab.pinToken(.credentialManagement)
        #expect(
            try manage(lab, token, .enumerateRelyingPartiesBegin).status == .noCredentials)
    }

    private func configure(
        _ lab: Lab, _ operation: AuthenticatorConfigRequest.Operation
    ) throws -> CTAPStatus {
        let token = try lab.pinToken(.authenticatorConfiguration)
        return try lab.status(
            .config(
                AuthenticatorConfigRequest(
                    operation: operation,
                    authorization: token.authorize(
                        AuthenticatorConfigRequest.authenticatedMessage(for: operation)))))
    }

    @Test func `alwaysUv verifies unasked and switches U2F off`() throws {
        let lab = try Lab()
        try lab.setPIN()
        let made = try lab.register()
        #expect(try configure(lab, .toggleAlwaysUv) == .success)
        #expect(try lab.information.versions == ["FIDO_2_0", "FIDO_2_1"])
        #expect(try lab.information.options["makeCredUvNotRqd"] == false)
        #expect(try lab.register().data.flags.contains(.userVerified))
        let (_, data) = try lab.assert(Ceremony.authentication(made))
        #expect(data.flags.contains(.userVerified))
        let register = U2FRequest.register(challenge: hash, application: hash)
        #expect(try lab.u2f(register).status == .commandNotAllowed)
        #expect(try configure(lab, .toggleAlwaysUv) == .success)
        #expect(try lab.register().data.flags.contains(.userVerified) == false)
        #expect(try lab.u2f(register).status == .success)
    }

    @Test func `alwaysUv on a key without fingers asks for a token`() throws {
        let lab = try Lab(configuration: .init(initialFingers: []))
        let request = AuthenticatorConfigRequest(
            operation: .toggleAlwaysUv, authorization: .absent)
        #expect(try lab.status(.config(request)) == .success)
        #expect(try lab.status(.config(request)) == .pinUvAuthTokenRequired)
        #expect(
            try lab.status(.makeCredential(Ceremony.registration())) == .pinUvAuthTokenRequired)
        #expect(
            try lab.status(.getAssertion(Ceremony.authentication())) == .pinUvAuthTokenRequired)
    }

    @Test func `the minimum PIN length grows and makes a short PIN change`() throws {
        let lab = try Lab()
        try lab.setPIN()
        func minimum(
            _ length: Int?, _ ids: [String]? = nil, force: Bool? = nil
        ) -> AuthenticatorConfigRequest.Operation {
            .setMinimumPINLength(length: length, relyingPartyIDs: ids, forceChange: force)
        }
        #expect(try configure(lab, minimum(4, ["example.org"])) == .success)
        var request = Ceremony.registration()
        request.extensions = ["minPinLength": true]
        #expect(try lab.register(request).data.extensions == ["minPinLength": 4])
        #expect(try configure(lab, minimum(3)) == .pinPolicyViolation)
        #expect(try configure(lab, minimum(64)) == .pinPolicyViolation)
        let many = (0..<9).map { "\($0).org" }
        #expect(try configure(lab, minimum(4, many)) == .keyStoreFull)
        #expect(try configure(lab, minimum(6)) == .success)
        #expect(try lab.information.forcePINChange == true)
        #expect(try lab.information.minimumPINLength == 6)
        let token = try Platform(lab, .two).getToken(pin: Lab.pin, .credentialManagement)
        #expect(try lab.status(.clientPIN(token)) == .pinPolicyViolation)
        #expect(
            try lab.status(.clientPIN(Platform(lab, .two).changePIN(Lab.pin, to: "12345")))
                == .pinPolicyViolation)
        #expect(
            try lab.status(.clientPIN(Platform(lab, .two).changePIN(Lab.pin, to: "123456")))
                == .success)
        #expect(try lab.information.forcePINChange == false)
        _ = try lab.pinToken(.credentialManagement, pin: "123456")
    }

    @Test func `a PIN that must be changed must become another`() throws {
        let lab = try Lab()
        let forced = AuthenticatorConfigRequest.Operation.setMinimumPINLength(
            length: nil, relyingPartyIDs: nil, forceChange: true)
        try lab.setPIN()
        #expect(try configure(lab, forced) == .success)
        #expect(
            try lab.status(.clientPIN(Platform(lab, .two).changePIN(Lab.pin, to: Lab.pin)))
                == .pinPolicyViolation)
        #expect(
            try lab.status(.clientPIN(Platform(lab, .two).changePIN(Lab.pin, to: "1357")))
                == .success)
    }

    @Test func `large blobs are written in order, whole and with a checksum`() throws {
        let lab = try Lab()
        try lab.setPIN()
        let token = try lab.pinToken(.largeBlobWrite)
        func write(_ fragment: [UInt8], _ offset: Int, _ total: Int?) throws -> CTAPStatus {
            try lab.status(
                .largeBlobs(
                    LargeBlobsRequest(
                        operation: .set(fragment, totalLength: total), offset: offset,
                        authorization: token.authorize(
                            LargeBlobsRequest.authenticatedMessage(
                                offset: offset, fragmentHash: SHA256.hash(fragment))))))
        }
        func read(_ count: Int, _ offset: Int) throws -> CTAPResponse {
            try lab.call(
                .largeBlobs(LargeBlobsRequest(operation: .get(count: count), offset: offset)))
        }
        let empty: [UInt8] = [0x80] + SHA256.hash([0x80]).prefix(16)
        #expect(try read(960, 0) == .success([1: .bytes(empty)]))
        let content: [UInt8] = [0x81] + [UInt8](repeating: 7, count: 2_500)
        let array = content + SHA256.hash(content).prefix(16)
        let (head, tail) = (Array(array.prefix(1_900)), Array(array.dropFirst(1_900)))
        #expect(try write(tail, 1_900, nil) == .invalidSequence)
        #expect(try write(head, 0, 4_097) == .largeBlobStorageFull)
        #expect(try write(head, 0, 16) == .invalidParameter)
        #expect(try write(head, 0, nil) == .invalidParameter)
        #expect(try write(head, 0, array.count) == .success)
        #expect(try write(tail, 1_899, nil) == .invalidSequence)
        #expect(try write(tail + [0], 1_900, nil) == .invalidParameter)
        #expect(try write(tail, 1_900, nil) == .success)
        #expect(try read(1_900, 0) == .success([1: .bytes(head)]))
        #expect(try read(1_900, 1_900) == .success([1: .bytes(tail)]))
        #expect(try read(1, array.count) == .success([1: .bytes([])]))
        #expect(try read(1, array.count + 1).status == .invalidParameter)
        #expect(try read(2_000, 0).status == .invalidLength)
        var damaged = empty
        damaged[5] ^= 1
        #expect(try write(damaged, 0, damaged.count) == .integrityFailure)
        #expect(try read(1, 0) == .success([1: .bytes([0x81])]))
        let unauthorized = LargeBlobsRequest(
            operation: .set(empty, totalLength: empty.count), offset: 0)
        #expect(try lab.status(.largeBlobs(unauthorized)) == .pinUvAuthTokenRequired)
    }
}
