public import DeviceModels
public import WebAuthn

/// What a security key or a card has to be to count for a strength. What is `nil` or `false` is not asked.
public struct KeyConstraints: Sendable, Hashable {
    /// The advisories that must not speak of it.
    public enum Advisories: Sendable, Hashable {
        /// None at all.
        case any
        /// None of these.
        case these(Set<AdvisoryID>)
    }

    /// The AAGUIDs it may have. A card has none.
    public var aaguids: Set<AAGUID>?
    /// The models it may be.
    public var models: Set<ModelID>?
    /// Whether what it is has to be attested; without it, AAGUID and model are the key's own word.
    public var isAttestationRequired: Bool
    /// Whether it verifies its person by a fingerprint: it did verify, and its model has a sensor. Which of its means
    /// it used, a key does not say.
    public var isBiometricRequired: Bool
    /// The level of certification it needs at least.
    public var certification: CertificationLevel?
    /// The advisories that must not speak of it. One whose model is not known does not meet this.
    public var withoutAdvisories: Advisories?
    /// Whether its private key has to be in hardware.
    public var isHardwareRequired: Bool

    /// Constraints; none where nothing is given.
    public init(
        aaguids: Set<AAGUID>? = nil, models: Set<ModelID>? = nil,
        isAttestationRequired: Bool = false, isBiometricRequired: Bool = false,
        certification: CertificationLevel? = nil, withoutAdvisories: Advisories? = nil,
        isHardwareRequired: Bool = false
    ) {
        self.aaguids = aaguids
        self.models = models
        self.isAttestationRequired = isAttestationRequired
        self.isBiometricRequired = isBiometricRequired
        self.certification = certification
        self.withoutAdvisories = withoutAdvisories
        self.isHardwareRequired = isHardwareRequired
    }
}
