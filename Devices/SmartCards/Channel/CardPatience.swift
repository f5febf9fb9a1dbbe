/// How long a card may take.
package struct CardPatience: Sendable {
    /// For a connection. What was asked of the card before, and given up, may still have to come to its end.
    package let connecting: Duration
    /// For a command that needs nobody.
    package let promptly: Duration
    /// For all the commands of an operation that has no time-out of its own.
    package let altogether: Duration

    package init(connecting: Duration, promptly: Duration, altogether: Duration) {
        self.connecting = connecting
        self.promptly = promptly
        self.altogether = altogether
    }

    /// Ample for cards that take their time to sign, for a reader that another program uses, and for the quarter of a
    /// minute that cards wait for a touch.
    package static let standard = CardPatience(
        connecting: .seconds(20), promptly: .seconds(10), altogether: .seconds(60))
}
