import CTAP
import Emulators
import Testing
import WebAuthn

struct ResetTests {
    @Test func `a reset forgets everything but who attests and the counter`() throws {
        let lab = try Lab()
        try lab.setPIN()
        let root = lab.key.attestationRoot
        let wrapped = try lab.register()
        _ = try lab.register(Ceremony.registration(options: ["rk": true, "uv": true]))
        #expect(try lab.status(.reset) == .success)
        #expect(lab.client.keepalives == [.userPresenceNeeded])
        let information = try lab.information
        #expect(information.options["clientPin"] == false)
        #expect(information.options["uv"] == false)
        #expect(information.remainingDiscoverableCredentials == 64)
        #expect(
            try lab.status(.getAssertion(Ceremony.authentication(wrapped))) == .noCredentials)
        #expect(lab.key.attestationRoot == root)
        #expect(try lab.register().data.signatureCounter == 3)
    }

    @Test func `a reset is allowed within ten seconds of power-up`() throws {
        let lab = try Lab()
        lab.clock.advance(by: .seconds(10))
        #expect(try lab.status(.reset) == .notAllowed)
        try lab.cyclePower()
        lab.clock.advance(by: .milliseconds(9_999))
        #expect(try lab.status(.reset) == .success)
    }

    @Test func `a key that nobody can pull out may be reset at any time`() throws {
        let lab = try Lab(configuration: .init(resetWindow: .anyTime))
        lab.clock.advance(by: .seconds(86_400))
        #expect(try lab.status(.reset) == .success)
    }

    @Test func `nothing is reset without a touch`() throws {
        let lab = try Lab(PersonScript([.decline, .wait]))
        #expect(try lab.status(.reset) == .operationDenied)
        #expect(try lab.status(.reset) == .userActionTimeout)
        #expect(try lab.information.options["uv"] == true)
    }
}
