import Emulators
import LineClient
import LineProtocol
import LoadTest
import Testing
import WebAuthn

@Suite struct LoadPlanTests {
    private func plan(
        method: LoadPlan.Method = .webauthn, credentials: Int = 8, connections: Int = 2,
        depth: Int = 4,
        goal: LoadPlan.Goal = .requests(1), rate: Double? = nil, prefix: String = "p-",
        origin: String = "https://login.example.org"
    ) throws -> LoadPlan {
        try LoadPlan(
            endpoint: .socket(path: "/tmp/none"), method: method,
            relyingPartyID: RelyingPartyID("example.org"), origin: origin, credentials: credentials,
            connections: connections,
            depth: depth, goal: goal, rate: rate, userPrefix: prefix)
    }

    @Test func `as many credentials as may be outstanding are enough`() throws {
        #expect(try plan(credentials: 8, connections: 2, depth: 4).credentials == 8)
    }

    @Test func `fewer credentials than may be outstanding are refused with advice`() {
        let error = LoadTestError.tooFewCredentials(given: 7, connections: 2, depth: 4)
        #expect(throws: error) { try plan(credentials: 7, connections: 2, depth: 4) }
        #expect(error.description.contains("take 8 credentials or more"))
    }

    @Test func `each part has a range`() {
        func refuses(_ parameter: String, _ make: () throws -> LoadPlan) {
            let error = #expect(throws: LoadTestError.self) { try make() }
            guard case .outOfRange(parameter, _) = error else {
                Issue.record("\(parameter) is in range")
                return
            }
        }
        refuses("credentials") { try plan(credentials: 0) }
        refuses("credentials") { try plan(credentials: 1_000_001) }
        refuses("connections") { try plan(connections: 0) }
        refuses("connections") { try plan(connections: 1025) }
        refuses("pipeline") { try plan(depth: 0) }
        refuses("pipeline") { try plan(depth: -1) }
        refuses("seconds") { try plan(goal: .seconds(0)) }
        refuses("seconds") { try plan(goal: .seconds(.nan)) }
        refuses("seconds") { try plan(goal: .seconds(.infinity)) }
        refuses("requests") { try plan(goal: .requests(0)) }
        refuses("rate") { try plan(rate: 0) }
        refuses("rate") { try plan(rate: -5) }
        refuses("rate") { try plan(rate: .nan) }
        refuses("origin") { try plan(origin: "") }
        refuses("user prefix") { try plan(prefix: "") }
        refuses("user prefix") { try plan(prefix: "a b") }
        refuses("user prefix") { try plan(prefix: String(repeating: "x", count: 65)) }
    }

    @Test func `codes that follow the clock are for as many requests as credentials`() throws {
        #expect(try plan(method: .totp, goal: .requests(8)).method == .totp)
        let error = LoadTestError.credentialsAreUsedOnce(credentials: 8)
        #expect(throws: error) { try plan(method: .totp, goal: .requests(9)) }
        #expect(throws: error) { try plan(method: .totp, goal: .seconds(1)) }
        #expect(error.description.contains("the next comes after 30 seconds"))
    }

    @Test(arguments: [LoadPlan.Method.webauthn, .hotp, .apppass])
    func `credentials of other methods are used again`(method: LoadPlan.Method) throws {
        #expect(try plan(method: method, goal: .requests(9)).method == method)
        #expect(try plan(method: method, goal: .seconds(1)).method == method)
    }

    @Test func `methods are named as the line protocol names them`() {
        #expect(
            LoadPlan.Method.allCases.map(\.rawValue) == ["webauthn", "totp", "hotp", "apppass"])
    }

    @Test func `no two fresh prefixes are the same`() {
        let prefixes = (0..<100).map { _ in LoadPlan.freshUserPrefix() }
        #expect(Set(prefixes).count == 100)
        #expect(prefixes.allSatisfy { $0.hasPrefix("loadtest-") && $0.hasSuffix("-") })
    }
}

@Suite struct LoadTestErrorTests {
    @Test func `each case has a code and a sentence of its own`() {
        let all: [LoadTestError] = [
            .outOfRange(parameter: "rate", allowed: "1 to 2"),
            .tooFewCredentials(given: 1, connections: 1, depth: 2),
            .credentialsAreUsedOnce(credentials: 1), .windowTooNarrow(depth: 256, window: 128),
            .connection(.cannotConnect(place: "p", reason: "r")),
            .refused(request: "STATUS", .refusal(.noPermission, ["need": "stats"])),
            .unexpectedReply(request: "STATUS", missing: "cpu"), .mismatchedReply(id: "1"),
            .malformedReply(.badType), .connectionLost(outstanding: 3),
            .ended(.refusal(.shutdown, ["retry": "1000"])), .stalled(seconds: 30, outstanding: 2),
            .challengesExpire(milliseconds: 1), .emulator(.cryptography(code: "c")),
            .cryptography(code: "c"), .cancelled,
        ]
        #expect(Set(all.map(\.code)).count == all.count)
        #expect(Set(all.map(\.description)).count == all.count)
    }

    @Test func `a refusal says what the server said and what is needed`() {
        let error = LoadTestError.refused(
            request: "STATUS", .refusal(.noPermission, ["need": "stats"]))
        #expect(
            error.description
                == "the server refused STATUS: -NOPERM need=stats; the load test's client needs "
                + "the rights verify, enroll, administer and stats")
    }
}
