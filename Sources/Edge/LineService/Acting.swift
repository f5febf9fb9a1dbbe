package import Accounts

/// For whom a connection's client asks.
package enum Acting: Sendable, Hashable {
    /// For itself: the front end, or the operator.
    case itself
    /// For an administrator who signed in and has this ticket. Its own right to administer does not count meanwhile.
    case administrator(UserName, ticket: String)
    /// For nobody: it brought a ticket that does not hold. Until it says RESET or AUTH it administers nothing, for a
    /// client that does not look at a refusal must not act in its own name instead.
    case nobody
}
