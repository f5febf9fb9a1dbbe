public import Accounts
public import StrictYAML

/// A set of combinations of methods, one of which has to be shown.
///
/// A combination is met where each of its methods was shown and those together are two factors (see
/// ``isMultiFactor(_:hasPassword:)``): `webauthn` without `password` means a key that verified its person,
/// with `password` any key. So no strength is met by one factor alone.
public struct AuthenticationStrength: Sendable, Hashable {
    /// Its name.
    public let id: StrengthID
    /// What people call it.
    public let title: String
    /// The combinations, each of one method or more.
    public let combinations: [Set<SignInMethod>]
    /// What keys and cards have to be. Methods that are neither are not held to it.
    public let key: KeyConstraints
    /// Where it stands; `nil` for those built in.
    public let position: FilePosition?

    /// A strength of its parts. Nothing is checked; ``PolicySet`` does that.
    public init(
        id: StrengthID, title: String? = nil, combinations: [Set<SignInMethod>],
        key: KeyConstraints = KeyConstraints(), position: FilePosition?
    ) {
        self.id = id
        self.title = title ?? id.text
        self.combinations = combinations
        self.key = key
        self.position = position
    }
}
