public import Accounts
public import Addresses
public import DeviceModels
public import WebAuthn

/// What policies can refer to: the directory and the catalogue, as they are when the policies are checked.
public struct PolicyReferences: Sendable {
    /// The users.
    public var users: Set<UserName>
    /// The groups.
    public var groups: Set<DirectoryName>
    /// The applications.
    public var applications: Set<DirectoryName>
    /// The named locations.
    public var locations: [PolicyLocation]
    /// The models of the catalogue.
    public var models: Set<ModelID>
    /// The AAGUIDs of the catalogue. Others can be named all the same, with a warning.
    public var aaguids: Set<AAGUID>
    /// The advisories.
    public var advisories: Set<AdvisoryID>

    /// References; to nothing where nothing is given.
    public init(
        users: Set<UserName> = [], groups: Set<DirectoryName> = [],
        applications: Set<DirectoryName> = [], locations: [PolicyLocation] = [],
        models: Set<ModelID> = [], aaguids: Set<AAGUID> = [], advisories: Set<AdvisoryID> = []
    ) {
        self.users = users
        self.groups = groups
        self.applications = applications
        self.locations = locations
        self.models = models
        self.aaguids = aaguids
        self.advisories = advisories
    }
}

/// A named location, as policies see it: networks, countries, or both.
public struct PolicyLocation: Sendable, Hashable {
    /// Its name.
    public var name: DirectoryName
    /// Its networks.
    public var networks: [IPNetwork]
    /// Its countries.
    public var countries: Set<Country>
    /// Whether wherever the country is not known is in it.
    public var includesUnknownCountry: Bool
    /// Whether it is trusted.
    public var isTrusted: Bool

    /// A location.
    public init(
        name: DirectoryName, networks: [IPNetwork] = [], countries: Set<Country> = [],
        includesUnknownCountry: Bool = false, isTrusted: Bool = false
    ) {
        self.name = name
        self.networks = networks
        self.countries = countries
        self.includesUnknownCountry = includesUnknownCountry
        self.isTrusted = isTrusted
    }
}
