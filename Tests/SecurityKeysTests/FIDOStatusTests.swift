import Authenticators
import SecurityKeys
import Testing

@Suite struct FIDOStatusTests {
    @Test func `names the C constants and keeps unknown values`() {
        #expect(FIDOStatus.all.count == 60)
        #expect(FIDOStatus.pinAuthBlocked.description == "FIDO_ERR_PIN_AUTH_BLOCKED")
        #expect(FIDOStatus.receptionFailed.description == "FIDO_ERR_RX")
        #expect(FIDOStatus(rawValue: 0xF2).description == "FIDO_ERR_242")
        #expect(FIDOStatus(rawValue: 0xF2).rawValue == 0xF2)
    }

    @Test func `every status has a failure with advice`() {
        for status in FIDOStatus.all {
            let failure = status.failure
            #expect(!failure.advice.isEmpty)
            if case .unexpectedStatus(let name) = failure { #expect(name == status.description) }
        }
    }

    @Test(arguments: [
        (FIDOStatus.userActionTimeout, AuthenticatorFailure.timedOut),
        (.keepaliveCancel, .cancelled), (.operationDenied, .declined),
        (.credentialExcluded, .credentialExcluded), (.noCredentials, .noCredentials),
        (.keyStoreFull, .storageFull), (.pinBlocked, .pinBlocked),
        (.pinAuthBlocked, .pinBlockedUntilPluggedInAgain), (.pinNotSet, .pinNotSet),
        (.userVerificationBlocked, .verificationBlocked), (.channelBusy, .inUse),
        (.transmissionFailed, .unplugged), (.receivedInvalidCBOR, .malformedReply),
        (FIDOStatus(rawValue: 0xF2), .unexpectedStatus("FIDO_ERR_242")),
    ])
    func `means something to a person`(status: FIDOStatus, failure: AuthenticatorFailure) {
        #expect(status.failure == failure)
    }
}
