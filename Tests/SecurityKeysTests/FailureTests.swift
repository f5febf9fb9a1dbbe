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

@Suite struct AuthenticatorFailureTests {
    private static let all: [AuthenticatorFailure] = [
        .invalidPath("x"), .notLoopback(host: "x"), .notFound(path: "x"),
        .permissionDenied(path: "x"), .notAnAuthenticator(path: "x"), .inUse, .unplugged,
        .timedOut, .cancelled, .declined, .pinNotGiven, .pinInvalid(retriesLeft: 1),
        .pinBlockedUntilPluggedInAgain, .pinBlocked, .pinNotSet, .pinPolicy,
        .verificationFailed(retriesLeft: nil), .verificationBlocked, .verificationNotSetUp,
        .verificationUnsupported, .credentialExcluded, .noCredentials, .storageFull,
        .unsupportedAlgorithm, .unsupportedFeature(name: "x"), .requestTooLarge,
        .invalidRequest(name: "x"), .malformedReply, .unexpectedStatus("x"),
    ]

    @Test func `codes are unique and kebab-case`() {
        let codes = Self.all.map(\.code)
        #expect(Set(codes).count == codes.count)
        for code in codes {
            #expect(code.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
            #expect(!code.hasPrefix("-") && !code.hasSuffix("-") && !code.contains("--"))
        }
    }

    @Test func `advice is a sentence and the description a clause`() {
        for failure in Self.all {
            #expect(failure.advice.last == ".")
            #expect(failure.advice.first?.isUppercase == true)
            #expect(failure.description.last != ".")
        }
    }

    @Test func `says how many tries are left`() {
        #expect(
            AuthenticatorFailure.pinInvalid(retriesLeft: 1).description
                .hasSuffix("1 try is left"))
        #expect(
            AuthenticatorFailure.verificationFailed(retriesLeft: 2).description
                .hasSuffix("2 tries are left"))
        #expect(AuthenticatorFailure.pinInvalid(retriesLeft: nil).description.hasSuffix("wrong"))
    }
}

@Suite struct PINTests {
    @Test func `takes text that a key could take`() {
        for text in ["", "12\0" + "34", String(repeating: "1", count: 256)] {
            if PIN(text) != nil { Issue.record("took \(text.utf8.count) bytes") }
        }
    }

    @Test func `gives its bytes and a NUL`() {
        guard let pin = PIN("47ü1") else {
            Issue.record("refused")
            return
        }
        let bytes = pin.withNullTerminatedUTF8 { span in
            span.indices.map { span[$0] }
        }
        #expect(bytes == Array("47ü1".utf8) + [0])
    }
}
