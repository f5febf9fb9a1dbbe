public import WebAuthn

/// A relying party that the server verifies for, and where its ceremonies may run.
public struct RelyingParty: Sendable, Hashable {
    /// The domain that credentials are scoped to.
    public let id: RelyingPartyID
    /// The name that people see.
    public let name: String
    /// The origins that ceremonies may run on, compared character by character: `https://login.example.org`, or
    /// `android:apk-key-hash:…`.
    public let origins: Set<String>
    /// The topmost origins that may embed those. Empty: ceremonies in frames of another origin are refused.
    public let topOrigins: Set<String>

    /// A relying party from its parts.
    public init(
        id: RelyingPartyID, name: String, origins: Set<String>, topOrigins: Set<String> = []
    ) {
        self.id = id
        self.name = name
        self.origins = origins
        self.topOrigins = topOrigins
    }
}
