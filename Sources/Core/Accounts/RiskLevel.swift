/// How likely it is that an account is in another's hands.
public enum RiskLevel: String, Sendable, Hashable, CaseIterable {
    /// Nothing speaks for it.
    case none
    /// A little does.
    case low
    /// Something does.
    case medium
    /// Much does; what can be misused without the user's doing is suspended.
    case high
}
