import Accounts
import Addresses
import AuditLog
import CredentialStore
import Testing

/// Groups, roles, applications and locations to start from.
extension Samples {
    static let desk = AuditOrigin(
        who: .administrator("root"), client: "desk", from: "192.0.2.9:4711")

    static func directoryName(_ text: String) throws -> DirectoryName {
        try #require(DirectoryName(text))
    }

    static func country(_ code: String) throws -> Country { try #require(Country(code)) }

    static func network(_ text: String) throws -> IPNetwork { try IPNetwork(text) }

    static func location(
        _ name: String, _ networks: [String], isTrusted: Bool = false
    ) throws -> NamedLocation {
        try NamedLocation(
            name: directoryName(name),
            extent: .networks(networks.map(network), isTrusted: isTrusted), createdAt: start)
    }

    static func location(
        _ name: String, countries: [String], includesUnknown: Bool = false
    ) throws -> NamedLocation {
        try NamedLocation(
            name: directoryName(name),
            extent: .countries(
                Set(countries.map(country)), includesUnknown: includesUnknown),
            createdAt: start)
    }

    static func application(_ name: String, kind: ClientKind? = nil) throws -> Application {
        Application(
            name: try directoryName(name), displayName: "Display of \(name)", clientKind: kind,
            createdAt: start)
    }
}

/// No policy names anything.
let unnamed: PolicyUse = { _, _ in nil }

extension Fixture {
    func addGroup(_ name: String, _ members: String...) throws {
        let group = try Samples.directoryName(name)
        try store.addGroup(group, description: "", by: .test, at: Samples.start)
        for member in members {
            try store.add(
                Samples.name(member), toGroup: group, by: .test, at: Samples.start)
        }
    }

    func assign(_ role: AdministratorRole, to user: String) throws {
        try store.assign(role, to: Samples.name(user), by: .test, at: Samples.start)
    }

    /// What is known of a user who has to be there.
    func facts(of user: String) throws -> AccountFacts {
        let facts = try #require(try store.accountFacts(of: [Samples.name(user)]).first).get()
        return try #require(facts)
    }

    /// The records after the first `count`, the oldest first.
    func records(after count: Int) throws -> [AuditRecord] {
        try store.auditRows(after: count, limit: 1000).map { row in try #require(row.record) }
    }

    /// The one record that `body` adds.
    func record(_ body: (SQLiteStore) throws -> Void) throws -> AuditRecord {
        let records = try records(body)
        #expect(records.count == 1)
        return try #require(records.first)
    }

    /// The records that `body` adds.
    func records(_ body: (SQLiteStore) throws -> Void) throws -> [AuditRecord] {
        let count = try store.auditHead().count
        try body(store)
        return try records(after: count)
    }
}
