/// How a driver reaches the person during a ceremony.
public struct Interaction: Sendable {
    /// Told what happens, in order. It is called on the authenticator's own thread, which waits for it, so it should
    /// hand over and return.
    public let report: @Sendable (AuthenticatorEvent) -> Void

    /// Asks the person for the PIN; `nil` for a person who will not give it, which ends the ceremony with
    /// ``AuthenticatorFailure/pinNotGiven``. It is asked only when the PIN is really needed, and again after a wrong
    /// one. Time that passes in it counts against no time-out.
    public let pin: @Sendable (PINRequest) async -> PIN?

    /// An interaction by its two halves.
    public init(
        report: @escaping @Sendable (AuthenticatorEvent) -> Void,
        pin: @escaping @Sendable (PINRequest) async -> PIN?
    ) {
        self.report = report
        self.pin = pin
    }

    /// Nobody is there: events go nowhere and there is no PIN.
    public static let unattended = Interaction(report: { _ in }, pin: { _ in nil })
}

/// A request for an authenticator's PIN.
public struct PINRequest: Sendable, Hashable {
    /// How many wrong PINs may still follow each other before the authenticator blocks itself; `nil` if unknown.
    /// At 1 the person should be warned.
    public let retriesLeft: Int?
    /// Whether the PIN given before was wrong.
    public let isRepeated: Bool

    /// A request for a PIN.
    public init(retriesLeft: Int?, isRepeated: Bool) {
        self.retriesLeft = retriesLeft
        self.isRepeated = isRepeated
    }
}
