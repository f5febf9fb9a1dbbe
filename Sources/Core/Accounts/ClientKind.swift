/// The kind of program that a person signs in with.
public enum ClientKind: String, Sendable, Hashable, CaseIterable {
    /// A web browser.
    case browser
    /// A mobile or desktop program that can ask for more than a password.
    case native
    /// A program that keeps a password and can ask for nothing else, as mail programs do.
    case legacy
}
