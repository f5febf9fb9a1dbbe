import CTAP
import Cryptography
import Emulators
import Encoding
import Testing
import WebAuthn

struct AssertionTests {
    @Test func `an assertion verifies under the credential's key`() throws {
        let lab = try Lab()
        let made = try lab.register()
        let (response, data) = try lab.assert(Ceremony.authentication(made))
        #expect(try made.verifies(response))
        #expect(response.credential == made.descriptor)
        #expect(response.user == nil)
        #expect(data.flags == [.userPresent])
        #expect(data.rpIDHash == made.data.rpIDHash)
    }

    @Test func `a finger verifies the person`() throws {
        let lab = try Lab()
        let made = try lab.register()
        let (response, data) = try lab.assert(
            Ceremony.authentication(made, options: ["uv": true]))
        #expect(data.flags == [.userPresent, .userVerified])
        #expect(try made.verifies(response))
    }

    @Test func `without presence there is no prompt and no flag`() throws {
        let lab = try Lab(PersonScript([.touch], then: .wait))
        let made = try lab.register()
        let (response, data) = try lab.assert(
            Ceremony.authentication(made, options: ["up": false]))
        #expect(data.flags == [])
        #expect(lab.client.keepalives == [])
        #expect(try made.verifies(response))
    }

    @Test func `the global counter counts every signature of the key`() throws {
        let lab = try Lab()
        let first = try lab.register()
        let second = try lab.register()
        #expect(first.data.signatureCounter == 1)
        #expect(second.data.signatureCounter == 2)
        #expect(try lab.assert(Ceremony.authentication(first)).data.signatureCounter == 3)
        #expect(try lab.assert(Ceremony.authentication(second)).data.signatureCounter == 4)
    }

    @Test func `a counter for each credential counts its own`() throws {
        let lab = try Lab(configuration: .init(signatureCounter: .perCredential))
        let first = try lab.register()
        let second = try lab.register()
        #expect(second.data.signatureCounter == 1)
        #expect(try lab.assert(Ceremony.authentication(first)).data.signatureCounter == 2)
        #expect(try lab.assert(Ceremony.authentication(first)).data.signatureCounter == 3)
        #expect(try lab.assert(Ceremony.authentication(second)).data.signatureCounter == 2)
    }

    @Test func `a credential answers its own relying party and key only`() throws {
        let lab = try Lab()
        let made = try lab.register()
        var request = Ceremony.authentication(made)
        request.relyingPartyID = "elsewhere.org"
        #expect(try lab.status(.getAssertion(request)) == .noCredentials)
        let other = try Lab(seed: 2)
        #expect(
            try other.status(.getAssertion(Ceremony.authentication(made))) == .noCredentials)
    }

    @Test func `each flipped bit of a credential ID voids it`() throws {
        let lab = try Lab()
        let made = try lab.register()
        for bit in 0..<made.id.count * 8 {
            var id = made.id
            id[bit / 8] ^= 1 << (bit % 8)
            var request = Ceremony.authentication()
            request.allowList = [CredentialDescriptor(id: id)]
            #expect(try lab.status(.getAssertion(request)) == .noCredentials)
        }
    }

    @Test func `discoverable credentials answer in turn, the newest first`() throws {
        let lab = try Lab()
        for user in ["alice", "bob", "carol"] {
            _ = try lab.register(
                Ceremony.registration(user: user, options: ["rk": true, "uv": true]))
        }
        let (first, _) = try lab.assert(Ceremony.authentication(options: ["uv": true]))
        #expect(first.numberOfCredentials == 3)
        #expect(first.user?.displayName == "CAROL")
        let second = try GetAssertionResponse(decoding: lab.succeed(.getNextAssertion))
        #expect(second.user?.name == "bob")
        #expect(second.numberOfCredentials == nil)
        let third = try GetAssertionResponse(decoding: lab.succeed(.getNextAssertion))
        #expect(third.user?.name == "alice")
        #expect(try lab.status(.getNextAssertion) == .notAllowed)
    }

    @Test func `another command or half a minute ends the turn`() throws {
        let lab = try Lab()
        for user in ["alice", "bob"] {
            _ = try lab.register(
                Ceremony.registration(user: user, options: ["rk": true, "uv": true]))
        }
        _ = try lab.assert(Ceremony.authentication())
        _ = try lab.information
        #expect(try lab.status(.getNextAssertion) == .notAllowed)
        _ = try lab.assert(Ceremony.authentication())
        lab.clock.advance(by: .seconds(30))
        #expect(try lab.status(.getNextAssertion) == .notAllowed)
        _ = try lab.assert(Ceremony.authentication())
        lab.clock.advance(by: .seconds(29))
        #expect(try lab.status(.getNextAssertion) == .success)
    }

    @Test func `an account's names are for the verified person`() throws {
        let lab = try Lab()
        _ = try lab.register(Ceremony.registration(options: ["rk": true, "uv": true]))
        let (response, _) = try lab.assert(Ceremony.authentication())
        #expect(response.user == UserEntity(id: Array("alice".utf8)))
    }

    @Test(
        arguments: [(1, true, true), (2, false, true), (3, false, false)])
    func `credProtect decides what shows without verification`(
        level: Int, unnamed: Bool, named: Bool
    ) throws {
        let lab = try Lab()
        var request = Ceremony.registration(options: ["rk": true, "uv": true])
        request.extensions = ["credProtect": CBOR(level)]
        let made = try lab.register(request)
        let status = { (shows: Bool) in shows ? CTAPStatus.success : .noCredentials }
        #expect(try lab.status(.getAssertion(Ceremony.authentication())) == status(unnamed))
        #expect(try lab.status(.getAssertion(Ceremony.authentication(made))) == status(named))
        #expect(
            try lab.status(.getAssertion(Ceremony.authentication(options: ["uv": true])))
                == .success)
        var exclusion = Ceremony.registration(user: "bob")
        exclusion.excludeList = [made.descriptor]
        #expect(
            try lab.status(.makeCredential(exclusion))
                == (named ? .credentialExcluded : .success))
    }

    @Test func `options without meaning are refused`() throws {
        let lab = try Lab()
        let request = Ceremony.authentication(options: ["rk": true])
        #expect(try lab.status(.getAssertion(request)) == .unsupportedOption)
        var long = Ceremony.authentication()
        long.allowList = Array(repeating: CredentialDescriptor(id: [1]), count: 17)
        #expect(try lab.status(.getAssertion(long)) == .limitExceeded)
    }

    @Test(arguments: Platform.numbers)
    func `hmac-secret depends on the salt and on verification`(
        number: PINUVAuthProtocolNumber
    ) throws {
        let lab = try Lab()
        var registration = Ceremony.registration(options: ["rk": true, "uv": true])
        registration.extensions = ["hmac-secret": true]
        let made = try lab.register(registration)
        func codes(_ salts: [UInt8], _ options: [String: Bool]) throws -> [UInt8] {
            let platform = try Platform(lab, number)
            let encrypted = try platform.encrypt(salts)
            var request = Ceremony.authentication(made, options: options)
            request.extensions["hmac-secret"] =
                HMACSecretInput(
                    keyAgreement: try platform.keyAgreement, encryptedSalts: encrypted,
                    authentication: platform.authenticate(encrypted), protocolNumber: number
                ).cbor
            let (_, data) = try lab.assert(request)
            return try platform.decrypt(
                #require(data.extensions?["hmac-secret"]?.bytesValue))
        }
        let one = [UInt8](repeating: 1, count: 32)
        let two = [UInt8](repeating: 2, count: 32)
        let both = try codes(one + two, [:])
        #expect(both.count == 64)
        #expect(try codes(one, [:]) == Array(both.prefix(32)))
        #expect(try codes(two, [:]) == Array(both.suffix(32)))
        #expect(try codes(one, ["uv": true]) != Array(both.prefix(32)))
    }

    @Test func `hmac-secret with a wrong code or a bad salt is refused`() throws {
        let lab = try Lab()
        let made = try lab.register()
        let platform = try Platform(lab, .two)
        func status(_ salts: [UInt8], _ code: [UInt8]? = nil) throws -> CTAPStatus {
            let encrypted = try platform.encrypt(salts)
            var request = Ceremony.authentication(made)
            request.extensions["hmac-secret"] =
                HMACSecretInput(
                    keyAgreement: try platform.keyAgreement, encryptedSalts: encrypted,
                    authentication: code ?? platform.authenticate(encrypted),
                    protocolNumber: .two
                ).cbor
            return try lab.status(.getAssertion(request))
        }
        #expect(try status([UInt8](repeating: 0, count: 32), [1]) == .pinAuthInvalid)
        #expect(try status([UInt8](repeating: 0, count: 48)) == .invalidParameter)
        #expect(try status([UInt8](repeating: 0, count: 32)) == .success)
        var request = Ceremony.authentication(made)
        request.extensions["hmac-secret"] = true
        #expect(try lab.status(.getAssertion(request)) == .cborUnexpectedType)
    }
}
