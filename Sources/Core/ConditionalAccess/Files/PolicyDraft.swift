public import StrictYAML

/// A file of policies, read by somebody else.
public struct PolicyFile: Sendable, Hashable {
    /// Its name, for messages.
    public let name: String
    /// What is in it.
    public let bytes: [UInt8]

    /// The file `name` with `bytes` in it.
    public init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// How many bytes are read: 1 MiB.
    public static let byteLimit = 1_048_576
}

/// What files of policies say, before anyone looked whether it makes sense. Several files make one draft.
public struct PolicyDraft: Sendable, Hashable {
    /// The policies, in the order of the files.
    public var policies: [AccessPolicy]
    /// The strengths of one's own.
    public var strengths: [AuthenticationStrength]
    /// Who may register which methods.
    public var methods: [MethodRule]
    /// The accounts that no policy applies to.
    public var breakGlass: BreakGlass?
    /// Everything of the directory and the catalogue that is named, in the order of the files.
    public var mentions: [PolicyMention]

    /// The draft that says nothing.
    public static let empty = PolicyDraft()

    private init() {
        policies = []
        strengths = []
        methods = []
        mentions = []
    }
}

/// What a file can name that is defined elsewhere.
public enum PolicyReferenceKind: String, Sendable, Hashable, CaseIterable {
    /// A user.
    case user
    /// A group.
    case group
    /// An application.
    case application
    /// A named location.
    case location
    /// A model of authenticator.
    case model
    /// An AAGUID.
    case aaguid
    /// An advisory.
    case advisory
    /// An authentication strength.
    case strength
}

/// That a file names something.
public struct PolicyMention: Sendable, Hashable {
    /// What kind of thing.
    public let kind: PolicyReferenceKind
    /// Its name.
    public let name: String
    /// By what: the name of a policy or of a strength, `methods` or `break-glass`.
    public let by: String
    /// Where.
    public let position: FilePosition
}
