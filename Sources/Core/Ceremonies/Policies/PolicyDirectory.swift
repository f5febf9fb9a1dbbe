import Accounts
import ConditionalAccess
import CredentialStore
import DeviceModels
import WebAuthn

/// What policies can name: the directory of a store, and a catalogue.
struct PolicyDirectory: Sendable {
    let store: SQLiteStore
    let catalogue: Catalogue

    /// What there is to be named. Of the users, who may be many, only those that are.
    func references(for mentions: [PolicyMention]) throws(StoreError) -> FoundReferences {
        var references = PolicyReferences(
            models: Set(catalogue.models.map(\.id)),
            aaguids: Set(catalogue.models.flatMap { $0.aaguids.map(\.value) }),
            advisories: Set(catalogue.advisories.map(\.id)))
        let named = Set(mentions.filter { $0.kind == .user }.compactMap { UserName($0.name) })
        let users = Array(named)
        for (user, found) in zip(users, try store.accountFacts(of: users)) {
            // One whose row cannot be read is there.
            if case .success(nil) = found { continue }
            references.users.insert(user)
        }
        references.groups = try Self.all { (last: UserGroup?) throws(StoreError) in
            try store.groups(after: last?.name, limit: Self.portion)
        }.reduce(into: []) { $0.insert($1.name) }
        let applications = try Self.all { (last: Application?) throws(StoreError) in
            try store.applications(after: last?.name, limit: Self.portion)
        }
        references.applications = Set(applications.map(\.name))
        references.locations = try store.locations().map(PolicyLocation.init)
        return FoundReferences(
            references: references,
            clientKinds: Dictionary(
                applications.compactMap { application in
                    application.clientKind.map { (application.name, $0) }
                }, uniquingKeysWith: { first, _ in first }))
    }

    private static let portion = 1000

    private static func all<Item>(
        _ next: (Item?) throws(StoreError) -> [Item]
    ) throws(StoreError) -> [Item] {
        var items: [Item] = []
        while true {
            let portion = try next(items.last)
            items += portion
            if portion.count < Self.portion { return items }
        }
    }
}

/// What there is to be named by policies.
struct FoundReferences: Sendable {
    var references: PolicyReferences
    /// The kinds of program that applications are used with.
    var clientKinds: [DirectoryName: ClientKind]

    /// Those of the mentions of which what they name is not there.
    func dangling(in mentions: [PolicyMention]) -> [PolicyMention] {
        mentions.filter { mention in
            let name = mention.name
            return switch mention.kind {
            case .user: UserName(name).map(references.users.contains) != true
            case .group: DirectoryName(name).map(references.groups.contains) != true
            case .application: DirectoryName(name).map(references.applications.contains) != true
            case .location: !references.locations.contains { $0.name.text == name }
            case .model: ModelID(name).map(references.models.contains) != true
            case .advisory: AdvisoryID(name).map(references.advisories.contains) != true
            // One that the catalogue does not have may be named, and strengths are the policies' own.
            case .aaguid, .strength: false
            }
        }
    }

    /// A set of policies that may name these things although they are not there. Nobody has such a name and no place is
    /// there, so the name matches nothing.
    func compile(
        _ draft: PolicyDraft, tolerating dangling: [PolicyMention]
    ) throws(PolicyRefusal) -> PolicySet {
        var references = references
        for mention in dangling {
            let name = mention.name
            switch mention.kind {
            case .user: UserName(name).map { _ = references.users.insert($0) }
            case .group: DirectoryName(name).map { _ = references.groups.insert($0) }
            case .application: DirectoryName(name).map { _ = references.applications.insert($0) }
            case .location:
                DirectoryName(name).map { references.locations.append(PolicyLocation(name: $0)) }
            case .model: ModelID(name).map { _ = references.models.insert($0) }
            case .advisory: AdvisoryID(name).map { _ = references.advisories.insert($0) }
            case .aaguid, .strength: break
            }
        }
        return try PolicySet(draft, against: references)
    }
}

extension PolicyLocation {
    init(_ location: NamedLocation) {
        self.init(name: location.name)
        switch location.extent {
        case .networks(let networks, let isTrusted):
            self.networks = networks
            self.isTrusted = isTrusted
        case .countries(let countries, let includesUnknown):
            self.countries = countries
            includesUnknownCountry = includesUnknown
        }
    }
}

extension PolicyReferenceKind {
    /// What of the directory has the same name.
    init(_ kind: DirectoryKind) {
        switch kind {
        case .user: self = .user
        case .group: self = .group
        case .application: self = .application
        case .location: self = .location
        }
    }
}
