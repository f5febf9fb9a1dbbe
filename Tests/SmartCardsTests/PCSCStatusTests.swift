import Authenticators
import SmartCards
import Testing

@Suite struct PCSCStatusTests {
    @Test func `names the C constants and keeps unknown values`() {
        #expect(PCSCStatus.all.count == 60)
        #expect(PCSCStatus.success.description == "SCARD_S_SUCCESS")
        #expect(PCSCStatus.removedCard.description == "SCARD_W_REMOVED_CARD")
        #expect(PCSCStatus.noService.description == "SCARD_E_NO_SERVICE")
        #expect(PCSCStatus(rawValue: 0x8010_0FFF).description == "SCARD_80100FFF")
        #expect(PCSCStatus(rawValue: 0x8010_0FFF).rawValue == 0x8010_0FFF)
        #expect(Set(PCSCStatus.all.map(\.description)).count == 60)
    }

    @Test func `every status has a failure with advice`() {
        for status in PCSCStatus.all where status != .success {
            let failure = status.failure(path: "pcsc:reader")
            #expect(!failure.advice.isEmpty)
            if case .unexpectedStatus(let name) = failure { #expect(name == status.description) }
        }
    }

    @Test(
        arguments: [
            (0x8010_0069, AuthenticatorFailure.unplugged), (0x8010_0017, .unplugged),
            (0x8010_0068, .wasReset), (0x8010_001D, .serviceNotRunning(name: "pcscd")),
            (0x8010_001E, .serviceNotRunning(name: "pcscd")), (0x8010_000B, .inUse),
            (0x8010_0002, .cancelled), (0x8010_000A, .timedOut),
            (0x8010_0009, .notFound(path: "pcsc:reader")),
            (0x8010_000C, .notFound(path: "pcsc:reader")),
            (0x8010_0066, .notAnAuthenticator(path: "pcsc:reader")),
            (0x8010_0067, .notAnAuthenticator(path: "pcsc:reader")),
            (0x8010_006A, .permissionDenied(path: "pcsc:reader")), (0x8010_0008, .malformedReply),
            (0x8010_0016, .unexpectedStatus("SCARD_E_NOT_TRANSACTED")),
            (0x8010_0FFF, .unexpectedStatus("SCARD_80100FFF")),
        ] as [(UInt32, AuthenticatorFailure)])
    func `means something to a person`(value: UInt32, failure: AuthenticatorFailure) {
        #expect(PCSCStatus(rawValue: value).failure(path: "pcsc:reader") == failure)
    }
}
