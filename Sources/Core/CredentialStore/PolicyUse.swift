/// What policies can name of the directory.
public enum DirectoryKind: String, Sendable, Hashable, CaseIterable {
    /// A user.
    case user
    /// A group.
    case group
    /// An application.
    case application
    /// A named location.
    case location
}

/// Which policy in force names something of the directory: its identifier, or `nil` where none does. It is asked within
/// the transaction that would delete what is named; it must not wait for the store.
public typealias PolicyUse = @Sendable (_ kind: DirectoryKind, _ name: String) -> String?
