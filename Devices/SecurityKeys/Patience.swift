/// How long a key may take for what needs nobody.
package struct Patience: Sendable {
    /// For a command.
    package let promptly: Duration
    /// For the last word on a request that was cancelled.
    package let farewell: Duration

    package init(promptly: Duration, farewell: Duration) {
        self.promptly = promptly
        self.farewell = farewell
    }

    /// Ample for keys that take their time over ECDH and key generation.
    package static let standard = Patience(promptly: .seconds(5), farewell: .milliseconds(500))
}
