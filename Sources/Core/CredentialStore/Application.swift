public import Accounts

/// What users sign in to: a front end's `svc`.
public struct Application: Sendable, Hashable {
    /// The name that the front end gives.
    public var name: DirectoryName
    /// The name for people.
    public var displayName: String
    /// The kind of program that it is reached with, where that is always the same; front ends that say nothing else are
    /// taken to speak of this one.
    public var clientKind: ClientKind?
    /// When it was added.
    public var createdAt: Timestamp

    /// An application from its parts.
    public init(
        name: DirectoryName, displayName: String, clientKind: ClientKind?, createdAt: Timestamp
    ) {
        self.name = name
        self.displayName = displayName
        self.clientKind = clientKind
        self.createdAt = createdAt
    }
}
