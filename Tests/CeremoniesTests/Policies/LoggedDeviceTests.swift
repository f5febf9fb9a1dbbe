import Ceremonies
import ConditionalAccess
import CredentialStore
import DeviceModels
import Testing
import WebAuthn

struct LoggedDeviceTests {
    @Test func `a model is known by its name in the log`() throws {
        let catalogue = try Models.catalogue(action: "flag")
        let facts = try #require(DeviceFacts(named: "acme-anvil", in: catalogue))
        // Three AAGUIDs, so which it is is not known, and the advisory may be about it.
        #expect(facts.aaguid == nil)
        #expect(facts.model?.description == "acme-anvil")
        #expect(facts.isAttested)
        #expect(facts.verification == [.fingerprint, .pin])
        #expect(facts.openAdvisories.map(\.description) == ["ACME-2030-01"])
        #expect(facts.health == .advisory)
    }

    @Test func `an AAGUID is the key's own word`() throws {
        let catalogue = try Models.catalogue(action: "flag")
        let facts = try #require(DeviceFacts(named: "aaguid:\(Models.old)", in: catalogue))
        #expect(facts == DeviceFacts(aaguid: AAGUID(Models.old)))
        #expect(facts.health == .unknown)
    }

    @Test(arguments: ["", "aaguid:", "aaguid:xyz", "acme-hammer", "ACME", "\u{1B}[2J"])
    func `other names say nothing`(_ name: String) throws {
        #expect(DeviceFacts(named: name, in: try Models.catalogue(action: "flag")) == nil)
    }
}
