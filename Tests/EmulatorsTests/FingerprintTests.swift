import CTAP
import Emulators
import Testing
import WebAuthn

struct FingerprintTests {
    private func uvToken(
        _ lab: Lab, _ number: PINUVAuthProtocolNumber = .two
    ) throws -> ClientPINRequest {
        try Platform(lab, number).getTokenUsingUV(.makeCredential, Ceremony.relyingPartyID)
    }

    @Test(arguments: Platform.numbers)
    func `a finger gets a token, and one touch is enough`(
        number: PINUVAuthProtocolNumber
    ) throws {
        let lab = try Lab(PersonScript([.enrolledFinger], then: .wait))
        let token = try Platform(lab, number).token(lab, uvToken(lab, number))
        let made = try lab.register(
            Ceremony.registration(authorization: token.authorize(Ceremony.clientDataHash)))
        #expect(made.data.flags.contains([.userPresent, .userVerified]))
        #expect(lab.client.keepalives == [])
    }

    @Test func `presence that came with a token is forgotten after half a minute`() throws {
        let lab = try Lab(PersonScript([.enrolledFinger, .decline]))
        let token = try Platform(lab, .two).token(lab, uvToken(lab))
        lab.clock.advance(by: .seconds(30))
        let request = Ceremony.registration(
            authorization: token.authorize(Ceremony.clientDataHash))
        #expect(try lab.status(.makeCredential(request)) == .operationDenied)
    }

    @Test func `wrong fingers are told, counted, and block at the third`() throws {
        let lab = try Lab(PersonScript([.wrongFinger, .touch, .wrongFinger]))
        #expect(try lab.uvRetries == 3)
        #expect(try lab.status(.clientPIN(uvToken(lab))) == .userVerificationInvalid)
        #expect(try lab.uvRetries == 2)
        #expect(try lab.status(.clientPIN(uvToken(lab))) == .userVerificationInvalid)
        #expect(try lab.status(.clientPIN(uvToken(lab))) == .userVerificationBlocked)
        #expect(try lab.uvRetries == 0)
        try lab.cyclePower()
        #expect(try lab.status(.clientPIN(uvToken(lab))) == .userVerificationBlocked)
        let direct = CTAPRequest.makeCredential(Ceremony.registration(options: ["uv": true]))
        #expect(try lab.status(direct) == .operationDenied)
        try lab.setPIN()
        #expect(try lab.status(direct) == .pinUvAuthTokenRequired)
        _ = try lab.pinToken(.credentialManagement)
        #expect(try lab.uvRetries == 3)
        #expect(try lab.status(direct) == .success)
    }

    @Test func `the right finger gives the tries back`() throws {
        let lab = try Lab(PersonScript([.wrongFinger, .wrongFinger, .enrolledFinger]))
        #expect(try lab.status(.clientPIN(uvToken(lab))) == .userVerificationInvalid)
        #expect(try lab.status(.clientPIN(uvToken(lab))) == .userVerificationInvalid)
        #expect(try lab.status(.clientPIN(uvToken(lab))) == .success)
        #expect(try lab.uvRetries == 3)
    }

    @Test func `a request with uv asks again by itself`() throws {
        let lab = try Lab(PersonScript([.wrongFinger, .wrongFinger, .enrolledFinger]))
        let made = try lab.register(Ceremony.registration(options: ["uv": true]))
        #expect(made.data.flags.contains(.userVerified))
        lab.key.replacePerson(PersonScript([], then: .wrongFinger))
        let request = CTAPRequest.getAssertion(
            Ceremony.authentication(made, options: ["uv": true]))
        #expect(try lab.status(request) == .operationDenied)
        #expect(try lab.uvRetries == 0)
    }

    @Test func `refusal and silence cost no try`() throws {
        let lab = try Lab(PersonScript([.decline, .wait]))
        #expect(try lab.status(.clientPIN(uvToken(lab))) == .operationDenied)
        #expect(try lab.status(.clientPIN(uvToken(lab))) == .userActionTimeout)
        #expect(try lab.uvRetries == 3)
    }

    @Test func `a key without fingers gives no token for one`() throws {
        let lab = try Lab(configuration: .init(initialFingers: []))
        #expect(try lab.status(.clientPIN(uvToken(lab))) == .notAllowed)
    }

    private func enrolment(
        _ lab: Lab, _ token: Token, _ operation: BioEnrollmentRequest.Operation
    ) throws -> CTAPResponse {
        try lab.call(
            .bioEnrollment(
                BioEnrollmentRequest(
                    operation: operation,
                    authorization: token.authorize(
                        BioEnrollmentRequest.authenticatedMessage(for: operation)))))
    }

    @Test func `a finger is enrolled, named, used and removed`() throws {
        let thumb = PersonScript.Gesture.finger(.leftThumb)
        let lab = try Lab(
            PersonScript([thumb, .wrongFinger, .touch, thumb, .wait, thumb, thumb]))
        try lab.setPIN()
        let token = try lab.pinToken(.bioEnrollment)
        func sample(_ operation: BioEnrollmentRequest.Operation) throws -> BioEnrollmentResponse {
            try BioEnrollmentResponse(decoding: enrolment(lab, token, operation).payload)
        }
        let begun = try sample(.enrollBegin(timeoutMilliseconds: nil))
        let template = try #require(begun.template)
        #expect(begun.sampleStatus == .good)
        #expect(begun.remainingSamples == 2)
        let next = BioEnrollmentRequest.Operation.enrollCaptureNext(
            template: template, timeoutMilliseconds: 5_000)
        #expect(try sample(next).sampleStatus == .mergeFailure)
        #expect(try sample(next).sampleStatus == .poorQuality)
        #expect(try sample(next).remainingSamples == 1)
        let before = lab.clock.now
        #expect(try sample(next).sampleStatus == .noUserActivity)
        #expect(lab.clock.now - before == .seconds(5))
        #expect(try sample(next).remainingSamples == 0)
        #expect(try enrolment(lab, token, next).status == .invalidParameter)
        let made = try lab.register(Ceremony.registration(options: ["uv": true]))
        #expect(made.data.flags.contains(.userVerified))

        let name = BioEnrollmentRequest.Operation.setFriendlyName(
            template: template, name: "thumb")
        #expect(try enrolment(lab, token, name).status == .success)
        let listed = try sample(.enumerate)
        #expect(listed.templates?.map(\.friendlyName) == ["right index finger", "thumb"])
        let remove = BioEnrollmentRequest.Operation.remove(template: template)
        #expect(try enrolment(lab, token, remove).status == .success)
        #expect(try enrolment(lab, token, remove).status == .invalidOption)
        #expect(try enrolment(lab, token, name).status == .invalidOption)
        lab.key.replacePerson(PersonScript([], then: thumb))
        #expect(try lab.status(.clientPIN(uvToken(lab))) == .userVerificationInvalid)
    }

    @Test func `an enrolment has its limits`() throws {
        let lab = try Lab(
            PersonScript([.enrolledFinger, .decline], then: .finger(.leftThumb)),
            configuration: .init(
                initialFingers: (0..<4).map { Finger(rawValue: "\($0)") } + [.rightIndex]))
        try lab.setPIN()
        let token = try lab.pinToken(.bioEnrollment)
        let begin = BioEnrollmentRequest.Operation.enrollBegin(timeoutMilliseconds: nil)
        #expect(try enrolment(lab, token, begin).status == .fingerprintDatabaseFull)
        let listed = try BioEnrollmentResponse(
            decoding: enrolment(lab, token, .enumerate).payload)
        let first = try #require(listed.templates?.first?.id)
        #expect(try enrolment(lab, token, .remove(template: first)).status == .success)
        let again = try BioEnrollmentResponse(
            decoding: enrolment(lab, token, begin).payload)
        #expect(again.sampleStatus == .exists)
        #expect(again.remainingSamples == 3)
        #expect(try enrolment(lab, token, begin).status == .operationDenied)
        let long = String(repeating: "x", count: 65)
        #expect(
            try enrolment(lab, token, .setFriendlyName(template: first, name: long)).status
                == .invalidLength)
        let other = try lab.pinToken(.credentialManagement)
        #expect(try enrolment(lab, other, begin).status == .pinAuthInvalid)
        #expect(
            try lab.status(
                .bioEnrollment(
                    BioEnrollmentRequest(operation: begin, authorization: .absent)))
                == .pinUvAuthTokenRequired)
    }

    @Test func `the sensor describes itself to everybody`() throws {
        let lab = try Lab()
        func response(
            _ operation: BioEnrollmentRequest.Operation
        ) throws -> BioEnrollmentResponse {
            try BioEnrollmentResponse(
                decoding: lab.succeed(
                    .bioEnrollment(
                        BioEnrollmentRequest(operation: operation, authorization: .absent))))
        }
        #expect(try response(.getModality).modality == 1)
        #expect(try response(.getSensorProperties).samplesRequired == 3)
    }
}
