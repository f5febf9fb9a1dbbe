/// What is known of the PIV application of a model (NIST SP 800-73-4).
public struct ModelPIV: Sendable, Hashable {
    /// The answers to reset that the model gives, 2 to 33 bytes each; empty when not known. Any
    /// card can give any, so they suggest a model and no more.
    public let answersToReset: Set<[UInt8]>
    /// The values of the vendor's form factor extension (1.3.6.1.4.1.41482.3.9) in its slot
    /// attestations; empty when it attests none or they are not known.
    public let attestedFormFactors: Set<UInt8>
    /// The firmware that the model has been sold with; nil when not known.
    public let firmware: FirmwareRange?
    /// The key algorithms that some firmware of it has; empty when not known.
    public let algorithms: Set<CardKeyAlgorithm>
    /// Certificates that its slot attestations lead to. Hints, as `DeviceModel.attestation` is.
    public let attestation: [AttestationHint]

    /// Whether an attestation that ends at `root`, a SHA-256 digest, may be this model's.
    func isAttested(by root: [UInt8]) -> Bool {
        attestation.contains { $0.role == .root && $0.sha256 == root }
    }
}

/// A key algorithm of the PIV application.
public enum CardKeyAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// RSA, 1024 bits.
    case rsa1024 = "RSA-1024"
    /// RSA, 2048 bits.
    case rsa2048 = "RSA-2048"
    /// RSA, 3072 bits.
    case rsa3072 = "RSA-3072"
    /// RSA, 4096 bits.
    case rsa4096 = "RSA-4096"
    /// ECDSA and ECDH on the curve P-256.
    case p256 = "P-256"
    /// ECDSA and ECDH on the curve P-384.
    case p384 = "P-384"
    /// EdDSA on Curve25519.
    case ed25519 = "Ed25519"
    /// ECDH on Curve25519.
    case x25519 = "X25519"
}

/// An application of an authenticator.
public enum ModelApplication: String, Sendable, Hashable, CaseIterable {
    /// FIDO2 and U2F.
    case fido
    /// PIV.
    case piv
}

/// A kind of key that an advisory may be limited to.
public enum KeyAlgorithmFamily: String, Sendable, Hashable, CaseIterable {
    /// RSA of any length, with any padding.
    case rsa
    /// ECDSA on any curve.
    case ecdsa
    /// EdDSA on any curve.
    case eddsa
}
