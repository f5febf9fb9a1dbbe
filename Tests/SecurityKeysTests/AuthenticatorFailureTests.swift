import Authenticators
import Testing

@Suite struct AuthenticatorFailureTests {
    private static let all: [AuthenticatorFailure] = [
        .invalidPath("x"), .notLoopback(host: "x"), .notFound(path: "x"),
        .permissionDenied(path: "x"), .notAnAuthenticator(path: "x"), .inUse, .unplugged,
        .timedOut, .cancelled, .declined, .pinNotGiven, .pinInvalid(retriesLeft: 1),
        .pinBlockedUntilPluggedInAgain, .pinBlocked, .pinNotSet, .pinPolicy,
        .verificationFailed(retriesLeft: nil), .verificationBlocked, .verificationNotSetUp,
        .verificationUnsupported, .credentialExcluded, .noCredentials, .storageFull,
        .unsupportedAlgorithm, .unsupportedFeature(name: "x"), .requestTooLarge,
        .invalidRequest(name: "x"), .malformedReply, .unexpectedStatus("x"), .wasReset,
        .serviceNotRunning(name: "x"), .pukInvalid(retriesLeft: 1), .pukBlocked,
        .managementKeyRejected, .managementKeyIsDefault, .slotInUse("9a"),
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
