import Authenticators
import SmartCards
import Testing

@Suite struct CardPathTests {
    @Test(arguments: [
        (
            "pcsc:Yubico YubiKey OTP+FIDO+CCID 00 00",
            CardPath.reader(name: "Yubico YubiKey OTP+FIDO+CCID 00 00")
        ),
        ("pcsc:pcsc:", .reader(name: "pcsc:")),
        ("emulator:card.state", .emulator(file: "card.state")),
    ])
    func `takes paths and gives them back`(text: String, path: CardPath) throws {
        #expect(try CardPath(text) == path)
        #expect(path.description == text)
    }

    @Test(arguments: [
        "", "pcsc", "pcsc:", "emulator:", "Reader 00 00", "PCSC:Reader", "pcsc:a\u{0}b",
        "pcsc:" + String(repeating: "x", count: 128), "/dev/hidraw0",
    ])
    func `refuses everything else`(text: String) {
        #expect(throws: AuthenticatorFailure.invalidPath(text)) { try CardPath(text) }
    }

    @Test func `takes as long a reader's name as there is`() throws {
        let name = String(repeating: "x", count: 127)
        #expect(try CardPath("pcsc:\(name)") == .reader(name: name))
    }

    @Test func `a software card needs a connector`() throws {
        let path = CardPath.emulator(file: "card.state")
        #expect(throws: AuthenticatorFailure.invalidPath("emulator:card.state")) {
            try SmartCardDevice(path: path)
        }
    }
}
