import CTAP
import Emulators
import Encoding
import Testing
import WebAuthn

struct PINTests {
    @Test(arguments: Platform.numbers)
    func `a PIN is set, opens and is changed`(number: PINUVAuthProtocolNumber) throws {
        let lab = try Lab(configuration: .init(initialFingers: []))
        _ = try lab.succeed(.clientPIN(Platform(lab, number).setPIN("1234")))
        #expect(try lab.information.options["clientPin"] == true)
        let token = try lab.pinToken(
            .makeCredential, Ceremony.relyingPartyID, number: number, pin: "1234")
        let made = try lab.register(
            Ceremony.registration(
                options: ["rk": true],
                authorization: token.authorize(Ceremony.clientDataHash)))
        #expect(made.data.flags.contains([.userPresent, .userVerified]))
        _ = try lab.succeed(.clientPIN(Platform(lab, number).changePIN("1234", to: "98765")))
        let old = try Platform(lab, number).getToken(pin: "1234", .credentialManagement)
        #expect(try lab.status(.clientPIN(old)) == .pinInvalid)
        let again = try lab.pinToken(
            .getAssertion, Ceremony.relyingPartyID, number: number, pin: "98765")
        let (response, data) = try lab.assert(
            Ceremony.authentication(authorization: again.authorize(Ceremony.clientDataHash)))
        #expect(data.flags == [.userPresent, .userVerified])
        #expect(try made.verifies(response))
    }

    @Test(arguments: Platform.numbers)
    func `the token of CTAP 2-0 makes and gets credentials`(
        number: PINUVAuthProtocolNumber
    ) throws {
        let lab = try Lab()
        try lab.setPIN()
        let platform = try Platform(lab, number)
        let request = try platform.getToken(pin: Lab.pin, .makeCredential, "x")
        guard case .getTokenUsingPIN(let agreement, let hash, _) = request else { return }
        let token = try platform.token(
            lab, .getPINToken(agreement, pinHashEncrypted: hash))
        let made = try lab.register(
            Ceremony.registration(authorization: token.authorize(Ceremony.clientDataHash)))
        #expect(made.data.flags.contains(.userVerified))
    }

    @Test func `three wrong PINs need a power cycle, eight a reset`() throws {
        let lab = try Lab()
        try lab.setPIN()
        func attempt(_ pin: String) throws -> CTAPStatus {
            try lab.status(
                .clientPIN(Platform(lab, .two).getToken(pin: pin, .credentialManagement)))
        }
        #expect(try attempt("0000") == .pinInvalid)
        #expect(try attempt("0000") == .pinInvalid)
        #expect(try lab.retries == ClientPINResponse(pinRetries: 6, needsPowerCycle: false))
        #expect(try attempt("0000") == .pinAuthBlocked)
        #expect(try lab.retries == ClientPINResponse(pinRetries: 5, needsPowerCycle: true))
        #expect(try attempt(Lab.pin) == .pinAuthBlocked)
        #expect(try lab.retries.pinRetries == 5)
        try lab.cyclePower()
        #expect(try attempt(Lab.pin) == .success)
        #expect(try lab.retries == ClientPINResponse(pinRetries: 8, needsPowerCycle: false))
        for expected: CTAPStatus in [
            .pinInvalid, .pinInvalid, .pinAuthBlocked, .pinInvalid, .pinInvalid,
            .pinAuthBlocked, .pinInvalid, .pinBlocked,
        ] {
            #expect(try attempt("0000") == expected)
            if expected == .pinAuthBlocked { try lab.cyclePower() }
        }
        try lab.cyclePower()
        #expect(try attempt(Lab.pin) == .pinBlocked)
        #expect(
            try lab.status(.clientPIN(Platform(lab, .one).changePIN(Lab.pin, to: "1111")))
                == .pinBlocked)
        _ = try lab.succeed(.reset)
        #expect(try lab.retries.pinRetries == 8)
        #expect(try attempt(Lab.pin) == .pinNotSet)
    }

    @Test func `a wrong PIN voids the key agreement`() throws {
        let lab = try Lab()
        try lab.setPIN()
        let platform = try Platform(lab, .two)
        #expect(
            try lab.status(.clientPIN(platform.getToken(pin: "0000", .credentialManagement)))
                == .pinInvalid)
        #expect(
            try lab.status(.clientPIN(platform.getToken(pin: Lab.pin, .credentialManagement)))
                == .pinInvalid)
        #expect(try lab.retries.pinRetries == 6)
    }

    @Test(
        arguments: [
            ("123", CTAPStatus.pinPolicyViolation), ("äöü", .pinPolicyViolation),
            ("", .pinPolicyViolation), ("1234", .success), ("äöüß", .success),
            (String(repeating: "1", count: 63), .success),
            (String(repeating: "1", count: 64), .pinPolicyViolation),
        ])
    func `a PIN has four code points at least and 63 bytes at most`(
        pin: String, expected: CTAPStatus
    ) throws {
        let lab = try Lab()
        #expect(try lab.status(.clientPIN(Platform(lab, .two).setPIN(pin))) == expected)
    }

    @Test(arguments: Platform.numbers)
    func `requests that are not the client's are refused`(
        number: PINUVAuthProtocolNumber
    ) throws {
        let lab = try Lab()
        let platform = try Platform(lab, number)
        guard
            case .setPIN(let agreement, let code, let encrypted) = try platform.setPIN("1234")
        else { return }
        func status(
            _ agreement: ClientPINRequest.Agreement, _ code: [UInt8], _ encrypted: [UInt8]
        ) throws -> CTAPStatus {
            try lab.status(
                .clientPIN(
                    .setPIN(agreement, authorization: code, newPINEncrypted: encrypted)))
        }
        var wrong = code
        wrong[0] ^= 1
        #expect(try status(agreement, wrong, encrypted) == .pinAuthInvalid)
        #expect(try status(agreement, Array(code.dropLast()), encrypted) == .pinAuthInvalid)
        let short = Array(encrypted.dropLast(16))
        #expect(
            try status(agreement, platform.authenticate(short), short) == .invalidParameter)
        #expect(try status(agreement, platform.authenticate([]), []) == .invalidParameter)
        let offCurve = ClientPINRequest.Agreement(
            protocolNumber: number,
            key: KeyAgreementKey(
                x: [UInt8](repeating: 1, count: 32), y: [UInt8](repeating: 1, count: 32)))
        #expect(try status(offCurve, code, encrypted) == .invalidParameter)
        let unknown = ClientPINRequest.Agreement(
            protocolNumber: PINUVAuthProtocolNumber(rawValue: 3), key: agreement.key)
        #expect(try status(unknown, code, encrypted) == .invalidParameter)
        #expect(
            try lab.status(.clientPIN(.getKeyAgreement(PINUVAuthProtocolNumber(rawValue: 3))))
                == .invalidParameter)
        #expect(try status(agreement, code, encrypted) == .success)
        #expect(try status(agreement, code, encrypted) == .pinAuthInvalid)
    }

    @Test func `permissions are asked for and checked`() throws {
        let lab = try Lab()
        try lab.setPIN()
        func status(_ permissions: TokenPermissions, _ rpID: String?) throws -> CTAPStatus {
            try lab.status(
                .clientPIN(Platform(lab, .two).getToken(pin: Lab.pin, permissions, rpID)))
        }
        #expect(try status([], nil) == .invalidParameter)
        #expect(try status(.makeCredential, nil) == .missingParameter)
        #expect(try status(TokenPermissions(rawValue: 0x40), nil) == .unauthorizedPermission)
        #expect(
            try lab.status(
                .clientPIN(Platform(lab, .two).getTokenUsingUV(.authenticatorConfiguration)))
                == .unauthorizedPermission)
        let token = try lab.pinToken(.getAssertion, Ceremony.relyingPartyID)
        let request = Ceremony.registration(
            authorization: token.authorize(Ceremony.clientDataHash))
        #expect(try lab.status(.makeCredential(request)) == .pinAuthInvalid)
    }

    @Test func `a token is for its relying party, its message and one use`() throws {
        let lab = try Lab()
        try lab.setPIN()
        func status(_ token: Token, _ rpID: String = "example.org") throws -> CTAPStatus {
            var request = Ceremony.registration(
                authorization: token.authorize(Ceremony.clientDataHash))
            request.relyingParty = RelyingPartyEntity(id: rpID)
            return try lab.status(.makeCredential(request))
        }
        let token = try lab.pinToken(.makeCredential, Ceremony.relyingPartyID)
        #expect(try status(token, "elsewhere.org") == .pinAuthInvalid)
        var forged = Ceremony.registration(authorization: token.authorize([1]))
        #expect(try lab.status(.makeCredential(forged)) == .pinAuthInvalid)
        forged.authorization = PINUVAuthorization(
            protocolNumber: .one, parameter: token.authenticate(Ceremony.clientDataHash))
        #expect(try lab.status(.makeCredential(forged)) == .pinAuthInvalid)
        forged.authorization = PINUVAuthorization(protocolNumber: nil, parameter: [1])
        #expect(try lab.status(.makeCredential(forged)) == .missingParameter)
        #expect(try status(token) == .success)
        #expect(try status(token) == .pinAuthInvalid)
    }

    @Test func `a token ends after ten minutes, a newer one or a power cycle`() throws {
        let lab = try Lab()
        try lab.setPIN()
        func status(_ token: Token) throws -> CTAPStatus {
            try lab.status(
                .makeCredential(
                    Ceremony.registration(
                        authorization: token.authorize(Ceremony.clientDataHash))))
        }
        var token = try lab.pinToken(.makeCredential, Ceremony.relyingPartyID)
        lab.clock.advance(by: .seconds(600))
        #expect(try status(token) == .pinAuthInvalid)
        token = try lab.pinToken(.makeCredential, Ceremony.relyingPartyID)
        _ = try lab.pinToken(.makeCredential, Ceremony.relyingPartyID, number: .one)
        #expect(try status(token) == .pinAuthInvalid)
        token = try lab.pinToken(.makeCredential, Ceremony.relyingPartyID)
        try lab.cyclePower()
        #expect(try status(token) == .pinAuthInvalid)
    }
}
