import Glibc
import LineProtocol
import OATH

/// Tokens that follow the clock. A code is good once and the next comes with the next time step, so each user signs in
/// once, with the code of the time at which the round is prepared.
struct TOTPMethod: LoadMethod {
    /// A time step in seconds, as authenticator apps have it.
    static let period = 30

    func enrol(
        _ user: String, over control: Control
    ) async throws(LoadTestError) -> EmulatedToken {
        try await .enrolled(
            .totp, .totp(.six, period: Self.period), for: user, over: control)
    }

    /// Connections that are not equally fast can make one user's turn come again; then the code is the one after.
    func request(
        of user: String, with token: inout EmulatedToken, _ ticket: NoTicket
    ) throws(LoadTestError) -> RequestLine {
        guard
            let step = MovingFactor.timeStep(
                atMilliseconds: Int64(time(nil)) * 1000, period: Self.period)
        else { throw .cryptography(code: "clock") }
        return try token.request(of: user, .totp, from: step)
    }

    /// A code is good for the rest of its own time step and all of the next one.
    func lifetime(of ticket: NoTicket) -> Int? { Self.period * 1000 }

    func takeBack(_ token: inout EmulatedToken) { token.takeBack() }

    /// The time step of now and one to each side.
    func baseline() throws(LoadTestError) -> Baseline { EmulatedToken.baseline(windowOf: 3) }
}
