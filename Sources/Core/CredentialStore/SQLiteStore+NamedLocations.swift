public import Accounts
import Addresses
public import AuditLog
import GRDB

/// Places that policies can name.
extension SQLiteStore {
    /// Adds a location, where there are fewer than ``NamedLocation/maximumCount``.
    public func add(_ location: NamedLocation, by origin: AuditOrigin) throws(StoreError) {
        try write { database in
            guard try Self.location(location.name, in: database) == nil else {
                throw StoreError.nameTaken(.location, location.name.text)
            }
            let count = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM named_location")
            guard count ?? 0 < NamedLocation.maximumCount else {
                throw StoreError.tooManyLocations
            }
            let columns = LocationColumns(location.extent)
            try database.execute(
                sql: """
                    INSERT INTO named_location (
                        name, networks, countries, includes_unknown, trusted, created_at
                    ) VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    location.name.text, columns.networks, columns.countries,
                    columns.includesUnknown, columns.isTrusted, location.createdAt.milliseconds,
                ])
            try Self.audit(
                AuditEntry(
                    .addNamedLocation, [AuditTarget(.location, location.name.text)],
                    changes: Self.changes(from: nil, to: location)),
                by: origin, at: location.createdAt, in: database)
        }
    }

    /// Puts a location in the place of the one that has its name, which keeps the moment when it was added.
    public func replace(
        _ location: NamedLocation, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            guard let old = try Self.location(location.name, in: database) else {
                throw StoreError.noSuchName(.location, location.name.text)
            }
            let columns = LocationColumns(location.extent)
            try database.execute(
                sql: """
                    UPDATE named_location
                    SET networks = ?, countries = ?, includes_unknown = ?, trusted = ?
                    WHERE name = ?
                    """,
                arguments: [
                    columns.networks, columns.countries, columns.includesUnknown,
                    columns.isTrusted, location.name.text,
                ])
            try Self.audit(
                AuditEntry(
                    .updateNamedLocation, [AuditTarget(.location, location.name.text)],
                    changes: Self.changes(from: old, to: location)),
                by: origin, at: now, in: database)
        }
    }

    /// Deletes a location. Refused while a policy names it.
    public func deleteLocation(
        _ name: DirectoryName, unlessNamedBy use: PolicyUse, by origin: AuditOrigin,
        at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            guard let old = try Self.location(name, in: database) else {
                throw StoreError.noSuchName(.location, name.text)
            }
            try Self.refuse(.location, name.text, namedBy: use)
            try database.execute(
                sql: "DELETE FROM named_location WHERE name = ?", arguments: [name.text])
            try Self.audit(
                AuditEntry(
                    .deleteNamedLocation, [AuditTarget(.location, name.text)],
                    changes: Self.changes(from: old, to: nil)),
                by: origin, at: now, in: database)
        }
    }

    /// All locations, by their names.
    public func locations() throws(StoreError) -> [NamedLocation] {
        try read { database in
            try Row.fetchAll(
                database, cachedSQL: "SELECT * FROM named_location ORDER BY name", arguments: []
            ).map(NamedLocation.init(row:))
        }
    }

    /// The location of this name, or `nil`.
    public func location(_ name: DirectoryName) throws(StoreError) -> NamedLocation? {
        try read { database in try Self.location(name, in: database) }
    }

    private static func location(
        _ name: DirectoryName, in database: Database
    ) throws -> NamedLocation? {
        try Row.fetchOne(
            database, cachedSQL: "SELECT * FROM named_location WHERE name = ?",
            arguments: [name.text]
        ).map(NamedLocation.init(row:))
    }

    /// What a change was. A location can have more networks than a record has room for: of a change it has those that came
    /// or went, and how many there are.
    private static func changes(
        from old: NamedLocation?, to new: NamedLocation?
    ) -> [AuditChange] {
        let (before, after) = (old?.networks ?? [], new?.networks ?? [])
        let (gone, come) = (Set(before).subtracting(after), Set(after).subtracting(before))
        let columns = (
            old: old.map { LocationColumns($0.extent) }, new: new.map { LocationColumns($0.extent) }
        )
        func text(_ networks: [String]) -> String? {
            networks.isEmpty ? nil : networks.joined(separator: " ")
        }
        func text(_ isSet: Bool?) -> String? { isSet.map { $0 ? "yes" : "no" } }
        return [
            AuditChange(
                "networks", from: text(before.filter(gone.contains)),
                to: text(after.filter(come.contains))),
            AuditChange(
                "network-count", from: old.map { _ in String(before.count) },
                to: new.map { _ in String(after.count) }),
            AuditChange("countries", from: columns.old?.countries, to: columns.new?.countries),
            AuditChange(
                "includes-unknown", from: text(columns.old?.includesUnknown),
                to: text(columns.new?.includesUnknown)),
            AuditChange(
                "trusted", from: text(columns.old?.isTrusted), to: text(columns.new?.isTrusted)),
        ].filter { $0.old != $0.new && ($0.old ?? "", $0.new ?? "") != ("", "") }
    }
}

/// A location's extent as columns: lists with blanks between, the countries in order.
private struct LocationColumns {
    var networks = ""
    var countries = ""
    var includesUnknown = false
    var isTrusted = false

    init(_ extent: NamedLocation.Extent) {
        switch extent {
        case .networks(let list, let isTrusted):
            networks = list.map(\.description).joined(separator: " ")
            self.isTrusted = isTrusted
        case .countries(let set, let includesUnknown):
            countries = set.sorted().map(\.code).joined(separator: " ")
            self.includesUnknown = includesUnknown
        }
    }
}

extension NamedLocation {
    /// Its networks in the notation of CIDR; none where it is of countries.
    fileprivate var networks: [String] {
        if case .networks(let list, _) = extent { list.map(\.description) } else { [] }
    }

    init(row: Row) throws {
        let unreadable = StoreError.unreadableRow(table: "named_location")
        guard let name = DirectoryName(try row.value("name")) else { throw unreadable }
        func words(_ column: String) throws -> [String] {
            (try row.value(column) as String).split(separator: " ").map(String.init)
        }
        let networks = try words("networks").map { text in
            guard let network = try? IPNetwork(text) else { throw unreadable }
            return network
        }
        let countries = try words("countries").map { code in
            guard let country = Country(code) else { throw unreadable }
            return country
        }
        let includesUnknown: Bool = try row.value("includes_unknown")
        let isTrusted: Bool = try row.value("trusted")
        let isOfCountries = networks.isEmpty
        guard isOfCountries ? !isTrusted : countries.isEmpty && !includesUnknown else {
            throw unreadable
        }
        let createdAt = Timestamp(milliseconds: try row.value("created_at"))
        do throws(NamedLocationFailure) {
            try self.init(
                name: name,
                extent: isOfCountries
                    ? .countries(Set(countries), includesUnknown: includesUnknown)
                    : .networks(networks, isTrusted: isTrusted),
                createdAt: createdAt)
        } catch {
            throw unreadable
        }
    }
}
