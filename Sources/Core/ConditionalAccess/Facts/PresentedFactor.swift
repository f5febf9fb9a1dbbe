public import Accounts
public import DeviceModels
public import WebAuthn

/// A factor that was shown and found right.
public struct PresentedFactor: Sendable, Hashable {
    /// By what method.
    public var method: SignInMethod
    /// Whether it verified its person: a key by PIN or finger, a card by its PIN, a phone by its lock.
    public var isUserVerified: Bool
    /// Whether its secret is known to be in hardware.
    public var isHardwareBound: Bool
    /// What is known of the device; `nil` where nothing is.
    public var device: DeviceFacts?

    /// A factor.
    public init(
        _ method: SignInMethod, isUserVerified: Bool = false, isHardwareBound: Bool = false,
        device: DeviceFacts? = nil
    ) {
        self.method = method
        self.isUserVerified = isUserVerified
        self.isHardwareBound = isHardwareBound
        self.device = device
    }
}

/// What is known of an authenticator.
public struct DeviceFacts: Sendable, Hashable {
    /// Its AAGUID; `nil` where it has none.
    public var aaguid: AAGUID?
    /// Its model; `nil` where that is not known.
    public var model: ModelID?
    /// The level it is certified to; `nil` where that is not known.
    public var certification: CertificationLevel?
    /// What it can verify its user by.
    public var verification: Set<UserVerificationMeans>
    /// Whether what it is was attested.
    public var isAttested: Bool
    /// The advisories that speak, or may speak, of it.
    public var openAdvisories: Set<AdvisoryID>
    /// Its firmware; `nil` where that is not known.
    public var firmware: FirmwareVersion?

    /// Facts from their parts.
    public init(
        aaguid: AAGUID? = nil, model: ModelID? = nil, certification: CertificationLevel? = nil,
        verification: Set<UserVerificationMeans> = [], isAttested: Bool = false,
        openAdvisories: Set<AdvisoryID> = [], firmware: FirmwareVersion? = nil
    ) {
        self.aaguid = aaguid
        self.model = model
        self.certification = certification
        self.verification = verification
        self.isAttested = isAttested
        self.openAdvisories = openAdvisories
        self.firmware = firmware
    }

    /// How it is.
    public var health: DeviceHealth {
        if !openAdvisories.isEmpty { return .advisory }
        return model == nil ? .unknown : .healthy
    }
}
