public import Accounts
public import Addresses

/// A place that policies can name: networks, or countries.
public struct NamedLocation: Sendable, Hashable {
    /// Where it is.
    public enum Extent: Sendable, Hashable {
        /// These networks. What an organisation's own are is known, and so they can be trusted.
        case networks([IPNetwork], isTrusted: Bool)
        /// These countries; with `includesUnknown` also wherever the country is not known.
        case countries(Set<Country>, includesUnknown: Bool)
    }

    /// Its name.
    public let name: DirectoryName
    /// Where it is.
    public let extent: Extent
    /// When it was added.
    public let createdAt: Timestamp

    /// How many locations there can be.
    public static let maximumCount = 195
    /// How many networks a location can have.
    public static let maximumNetworks = 2000
    /// How many bits a network must have at least: more than 8 of IPv4, and as much of the world of IPv6, whose global
    /// addresses have their first 3 bits in common and are given out to registries by /12.
    public static let minimumPrefixLength = (version4: 9, version6: 12)

    /// A location, within what a location can be.
    ///
    /// - Throws: ``NamedLocationFailure``.
    public init(
        name: DirectoryName, extent: Extent, createdAt: Timestamp
    ) throws(NamedLocationFailure) {
        switch extent {
        case .networks(let networks, _):
            guard !networks.isEmpty else { throw .empty }
            guard networks.count <= Self.maximumNetworks else { throw .tooManyNetworks }
            let wide = networks.first { network in
                let (version4, version6) = Self.minimumPrefixLength
                return network.prefixLength
                    < (network.address.isVersion4 ? version4 : version6)
            }
            if let wide { throw .networkTooWide(wide) }
        case .countries(let countries, let includesUnknown):
            guard !countries.isEmpty || includesUnknown else { throw .empty }
        }
        self.name = name
        self.extent = extent
        self.createdAt = createdAt
    }
}

/// Why something cannot be a named location.
public enum NamedLocationFailure: Error, Hashable, Sendable {
    /// It has neither a network nor a country.
    case empty
    /// It has more than ``NamedLocation/maximumNetworks``.
    case tooManyNetworks
    /// A network has fewer bits than ``NamedLocation/minimumPrefixLength``.
    case networkTooWide(IPNetwork)

    /// A stable name for logs and replies.
    public var code: String {
        switch self {
        case .empty: "location-empty"
        case .tooManyNetworks: "location-too-many-networks"
        case .networkTooWide: "location-network-too-wide"
        }
    }
}
