import Emulators
import PhoneEmulator
import PhonePush
import PushMessages
import Testing

struct PhoneFailureTests {
    @Test func `every failure has a code of its own and says what is wrong`() throws {
        let own: [PhoneFailure] = [
            .ticketExpired, .tooManyAccounts, .unsendable(.tooLong), .unexpectedStatus(500),
            .refused(code: "busy"), .noSuchAccount, .alreadyRunning,
            .cryptography(code: "openssl"), .notLoopback(address: "0.0.0.0:0"),
            .cannotListen(address: "127.0.0.1:1", reason: "denied"),
        ]
        #expect(
            own.map(\.code) == [
                "ticket-expired", "too-many-accounts", "unsendable", "unexpected-status", "refused",
                "no-such-account", "already-running", "cryptography", "not-loopback",
                "cannot-listen",
            ])
        #expect(PhoneFailure.unreachable(.timedOut).code == "timed-out")
        #expect(PhoneFailure.malformedReply(.tooLong).code == "push-too-long")
        #expect(PhoneFailure.state(.stateFileInUse(path: "p")).code == "state-file-in-use")
        #expect(own.allSatisfy { !$0.description.isEmpty })
        #expect(PhoneFailure.refused(code: "busy").description == "the server refused: busy")
    }

    @Test func `outcomes read as lines of a log`() throws {
        let id = try #require(PromptID(bytes: [UInt8](repeating: 0, count: 16)))
        let name = "AAAAAAAAAAAAAAAAAAAAAA"
        let lines: [(PhoneOutcome, String)] = [
            (
                .answered(id, .twice, [.accepted, .refused(code: "push-answered")]),
                "answered \(name) twice: accepted, refused push-answered"
            ),
            (
                .answered(id, .forgeKey, [.failed(.unreachable(.timedOut))]),
                "answered \(name) forge-key: failed timed-out"
            ),
            (.unanswered(id, .noNumber), "unanswered \(name) no-number"),
            (.discarded(.wrongSignature, via: .push), "discarded wrong-signature by push"),
            (.pushRefused(status: 410, code: "gone"), "push-refused 410 gone"),
            (
                .interrupted(try samplePhone(0), .refused(code: "phone-unknown")),
                "interrupted \(name) refused: the server refused: phone-unknown"
            ),
            (.subscribed(try samplePhone(0)), "subscribed \(name)"),
        ]
        for (outcome, line) in lines { #expect(outcome.description == line) }
    }
}
