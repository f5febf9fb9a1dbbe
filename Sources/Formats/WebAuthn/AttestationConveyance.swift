/// Which attestation a relying party would like (WebAuthn Level 3 §5.4.7).
public enum AttestationConveyance: String, Sendable, Hashable, CaseIterable {
    /// None.
    case none
    /// Any, possibly made anonymous by the client.
    case indirect
    /// The authenticator's own.
    case direct
    /// One that may identify the single device.
    case enterprise
}

/// Whether the person must be verified (WebAuthn Level 3 §5.8.6).
public enum UserVerificationRequirement: String, Sendable, Hashable, CaseIterable {
    /// Yes; a ceremony without it fails.
    case required
    /// If the authenticator can.
    case preferred
    /// No.
    case discouraged
}

/// Whether the credential is to be discoverable, found without an identifier (WebAuthn Level 3 §5.4.6).
public enum ResidentKeyRequirement: String, Sendable, Hashable, CaseIterable {
    /// Rather not.
    case discouraged
    /// If the authenticator can.
    case preferred
    /// Yes; a registration without it fails.
    case required
}
