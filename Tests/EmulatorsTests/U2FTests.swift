import CTAP
import Cryptography
import Emulators
import ISO7816
import Testing
import WebAuthn

struct U2FTests {
    private let challenge = SHA256.hash([1])
    private let application = SHA256.hash(Array("https://example.org".utf8))

    private func register(_ lab: Lab) throws -> U2FRegistration {
        let response = try lab.u2f(.register(challenge: challenge, application: application))
        try #require(response.status == .success)
        return try U2FRegistration(decoding: response.data)
    }

    private func authenticate(
        _ lab: Lab, _ registration: U2FRegistration,
        _ control: U2FRequest.AuthenticationControl = .enforceUserPresence
    ) throws -> ResponseAPDU {
        try lab.u2f(
            .authenticate(
                control, challenge: challenge, application: application,
                keyHandle: registration.keyHandle))
    }

    @Test func `the version is U2F_V2`() throws {
        #expect(
            try Lab().u2f(.version)
                == ResponseAPDU(data: Array("U2F_V2".utf8), status: .success))
    }

    @Test func `a registration is attested by the batch certificate`() throws {
        let lab = try Lab()
        let registration = try register(lab)
        let certificate = try Certificate(derRepresentation: registration.certificate)
        #expect(certificate.chains(to: [try lab.root], through: [], at: 1_764_000_000))
        let message = U2FRegistration.signedMessage(
            application: application, challenge: challenge, keyHandle: registration.keyHandle,
            publicKey: registration.publicKey)
        let key = try #require(certificate.publicKey)
        #expect(
            key.isValidSignature(
                registration.signature, for: message, scheme: .ecdsaSHA256))
    }

    @Test func `an authentication verifies and counts`() throws {
        let lab = try Lab()
        let registration = try register(lab)
        let key = try PublicKey(p256Point: registration.publicKey)
        for counter: UInt32 in [1, 2] {
            let response = try authenticate(lab, registration)
            let authentication = try U2FAuthentication(decoding: response.data)
            #expect(authentication.userPresence == 1)
            #expect(authentication.counter == counter)
            let message = U2FAuthentication.signedMessage(
                application: application, userPresence: 1, counter: counter,
                challenge: challenge)
            #expect(
                key.isValidSignature(
                    authentication.signature, for: message, scheme: .ecdsaSHA256))
        }
    }

    @Test func `without a touch a client polls until the touch comes`() throws {
        let lab = try Lab(PersonScript([.touch.after(.seconds(2)), .decline]))
        let request = U2FRequest.register(challenge: challenge, application: application)
        #expect(try lab.u2f(request).status == .conditionsNotSatisfied)
        lab.clock.advance(by: .milliseconds(1_999))
        #expect(try lab.u2f(request).status == .conditionsNotSatisfied)
        lab.clock.advance(by: .milliseconds(1))
        #expect(try lab.u2f(request).status == .success)
        #expect(try lab.u2f(request).status == .conditionsNotSatisfied)
        lab.clock.advance(by: .seconds(29))
        #expect(try lab.u2f(request).status == .conditionsNotSatisfied)
        lab.clock.advance(by: .seconds(1))
        #expect(try lab.u2f(request).status == .success)
    }

    @Test func `a touch that nobody used is forgotten after ten seconds`() throws {
        let lab = try Lab(PersonScript([.touch.after(.seconds(1))], then: .decline))
        let request = U2FRequest.register(challenge: challenge, application: application)
        #expect(try lab.u2f(request).status == .conditionsNotSatisfied)
        lab.clock.advance(by: .seconds(11))
        #expect(try lab.u2f(request).status == .conditionsNotSatisfied)
    }

    @Test func `the control byte decides about the touch`() throws {
        let lab = try Lab(PersonScript([.touch], then: .wait))
        let registration = try register(lab)
        #expect(
            try authenticate(lab, registration, .checkOnly).status == .conditionsNotSatisfied)
        let response = try authenticate(lab, registration, .doNotEnforceUserPresence)
        #expect(try U2FAuthentication(decoding: response.data).userPresence == 0)
        #expect(try authenticate(lab, registration).status == .conditionsNotSatisfied)
    }

    @Test func `a foreign key handle or application is wrong data`() throws {
        let lab = try Lab()
        let registration = try register(lab)
        let other = try Lab(seed: 2)
        #expect(try authenticate(other, registration, .checkOnly).status == .wrongData)
        let elsewhere = U2FRequest.authenticate(
            .checkOnly, challenge: challenge, application: challenge,
            keyHandle: registration.keyHandle)
        #expect(try lab.u2f(elsewhere).status == .wrongData)
    }

    @Test(
        arguments: [
            ([0, 1, 0, 0], StatusWord.wrongLength), ([0, 9, 0, 0], .instructionNotSupported),
            ([1, 3, 0, 0], .classNotSupported), ([0], .wrongLength),
            ([0, 2, 9, 0, 65] + [UInt8](repeating: 0, count: 65), .wrongData),
        ] as [([UInt8], StatusWord)])
    func `a malformed request is refused`(message: [UInt8], expected: StatusWord) throws {
        let lab = try Lab()
        let reply = try lab.client.call(.message, message)
        #expect(try ResponseAPDU(decoding: #require(reply).payload).status == expected)
    }

    @Test func `credentials of U2F and CTAP2 are the same`() throws {
        let lab = try Lab()
        let registration = try register(lab)
        var request = Ceremony.authentication()
        request.relyingPartyID = "https://example.org"
        request.allowList = [CredentialDescriptor(id: registration.keyHandle)]
        let (response, _) = try lab.assert(request)
        let key = try PublicKey(p256Point: registration.publicKey)
        #expect(
            key.isValidSignature(
                response.signature, for: response.authenticatorData + Ceremony.clientDataHash,
                scheme: .ecdsaSHA256))
        let made = try lab.register()
        let backwards = U2FRequest.authenticate(
            .enforceUserPresence, challenge: challenge, application: made.data.rpIDHash,
            keyHandle: made.id)
        #expect(try lab.u2f(backwards).status == .success)
    }
}
