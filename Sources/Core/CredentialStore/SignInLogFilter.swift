public import Accounts
public import Addresses

/// Which rows of the sign-in log are asked for. What is `nil` lets all through.
public struct SignInLogFilter: Sendable, Hashable {
    /// Whose.
    public var user: UserName?
    /// From this moment on.
    public var since: Timestamp?
    /// Until just before this moment.
    public var until: Timestamp?
    /// To which application.
    public var application: String?
    /// From which network.
    public var network: IPNetwork?
    /// From which country.
    public var country: String?
    /// With what method as the last step.
    public var method: String?
    /// With what outcome.
    public var outcome: SignInOutcome?
    /// For what reason.
    public var reason: String?
    /// The id of a policy that applied.
    public var policy: String?

    /// A filter that lets all through.
    public init() {}

    /// Whether user and time are all that is asked for, which the indices answer by themselves.
    var isIndexed: Bool {
        var rest = self
        (rest.user, rest.since, rest.until) = (nil, nil, nil)
        return rest == SignInLogFilter()
    }
}

/// Some rows of the sign-in log, the newest first.
public struct SignInLogPage: Sendable, Hashable {
    /// The rows.
    public var entries: [SignInRow]
    /// The number to ask from for those before; `nil` where there are none. A page may be short, even empty, and yet have
    /// rows before it: one request looks at so many and no more.
    public var next: Int64?
}
