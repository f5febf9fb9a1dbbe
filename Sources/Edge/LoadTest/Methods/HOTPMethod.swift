import LineProtocol
import OATH

/// Tokens that count. Each code is good once, and they are sent in order, so that every one is the next.
struct HOTPMethod: LoadMethod {
    func enrol(
        _ user: String, over control: Control
    ) async throws(LoadTestError) -> EmulatedToken {
        try await .enrolled(.hotp, .hotp(.six), for: user, over: control)
    }

    func request(
        of user: String, with token: inout EmulatedToken, _ ticket: NoTicket
    ) throws(LoadTestError) -> RequestLine {
        try token.request(of: user, .hotp)
    }

    /// A server looks for a code a few counters ahead and no further: what was not sent must come next.
    func takeBack(_ token: inout EmulatedToken) { token.takeBack() }

    /// The next counter and ten ahead of it.
    func baseline() throws(LoadTestError) -> Baseline { EmulatedToken.baseline(windowOf: 11) }
}
