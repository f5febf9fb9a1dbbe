public import Accounts
public import Addresses
public import DeviceModels
public import WebAuthn

/// What has to be so for a policy to apply. What is `nil` is not asked.
public struct PolicyConditions: Sendable, Hashable {
    /// The risks of the user at which it applies.
    public var userRisk: Set<RiskLevel>?
    /// The risks of the sign-in at which it applies.
    public var signInRisk: Set<RiskLevel>?
    /// Where from.
    public var locations: LocationCondition?
    /// With what kinds of program.
    public var clients: Set<ClientKind>?
    /// With what programs by their own word.
    public var userAgents: UserAgentCondition?
    /// With what devices.
    public var devices: DeviceCondition?

    /// Conditions; none where nothing is given.
    public init(
        userRisk: Set<RiskLevel>? = nil, signInRisk: Set<RiskLevel>? = nil,
        locations: LocationCondition? = nil, clients: Set<ClientKind>? = nil,
        userAgents: UserAgentCondition? = nil, devices: DeviceCondition? = nil
    ) {
        self.userRisk = userRisk
        self.signInRisk = signInRisk
        self.locations = locations
        self.clients = clients
        self.userAgents = userAgents
        self.devices = devices
    }
}

/// Places: by name, all that are trusted, and networks written out.
public struct LocationSelection: Sendable, Hashable {
    /// Whether every trusted location is meant.
    public var includesTrusted: Bool
    /// Named locations.
    public var names: Set<DirectoryName>
    /// Networks.
    public var networks: Set<IPNetwork>

    /// A selection; of nothing where nothing is given.
    public init(
        includesTrusted: Bool = false, names: Set<DirectoryName> = [],
        networks: Set<IPNetwork> = []
    ) {
        self.includesTrusted = includesTrusted
        self.names = names
        self.networks = networks
    }

    /// Whether it selects nothing.
    public var isEmpty: Bool { !includesTrusted && names.isEmpty && networks.isEmpty }
}

/// Where a sign-in has to come from for a policy to apply.
public struct LocationCondition: Sendable, Hashable {
    /// Places included; `nil` for any, also where the address is not known.
    public var include: LocationSelection?
    /// Places not meant all the same.
    public var exclude: LocationSelection

    /// A condition.
    public init(
        include: LocationSelection?, exclude: LocationSelection = LocationSelection()
    ) {
        self.include = include
        self.exclude = exclude
    }
}

/// What programs call themselves. It is what they say and proves nothing.
public struct UserAgentCondition: Sendable, Hashable {
    /// Patterns, one of which has to match; `nil` for any, also for none at all.
    public var include: [UserAgentPattern]?
    /// Patterns, none of which may match.
    public var exclude: [UserAgentPattern]

    /// A condition.
    public init(include: [UserAgentPattern]?, exclude: [UserAgentPattern] = []) {
        self.include = include
        self.exclude = exclude
    }
}

/// With what devices a policy applies.
///
/// A factor that was shown is a device, also one that is not known to be any (a code, say): that one has no model and
/// no AAGUID, is not attested, and its health is unknown. Passwords, app passwords and passes are none. The condition
/// matches where **one** of the devices shown is included and not excluded. Before one is shown nothing is known, and
/// the condition does not match: such a policy can block when the key is there, and never before. It is for a policy
/// without this condition to ask that one be shown.
public struct DeviceCondition: Sendable, Hashable {
    /// What the device has to be; `nil` for any.
    public var include: DeviceFilter?
    /// What it must not be; `nil` for nothing.
    public var exclude: DeviceFilter?

    /// A condition.
    public init(include: DeviceFilter?, exclude: DeviceFilter? = nil) {
        self.include = include
        self.exclude = exclude
    }
}

/// A kind of devices: those of which everything that is not `nil` is so.
public struct DeviceFilter: Sendable, Hashable {
    /// The models.
    public var models: Set<ModelID>?
    /// The AAGUIDs.
    public var aaguids: Set<AAGUID>?
    /// Whether what it is was attested.
    public var isAttested: Bool?
    /// How it is.
    public var health: Set<DeviceHealth>?

    /// A filter; for every device where nothing is given.
    public init(
        models: Set<ModelID>? = nil, aaguids: Set<AAGUID>? = nil, isAttested: Bool? = nil,
        health: Set<DeviceHealth>? = nil
    ) {
        self.models = models
        self.aaguids = aaguids
        self.isAttested = isAttested
        self.health = health
    }
}

/// How a device is.
public enum DeviceHealth: String, Sendable, Hashable, CaseIterable {
    /// Its model is known, and no advisory speaks of it.
    case healthy
    /// An advisory speaks, or may speak, of it.
    case advisory
    /// Its model is not known, so that nothing can be said.
    case unknown
}
