import Accounts
import Addresses
import AuditLog
import CredentialStore
import Testing

struct DirectoryApplicationTests {
    @Test func `an application is kept, changed and deleted`() throws {
        let fixture = try Fixture()
        let store = fixture.store
        try store.add(Samples.application("imap", kind: .legacy), by: .test)
        try store.add(Samples.application("Portal"), by: .test)
        #expect(
            try store.applications(limit: 9) == [
                Samples.application("Portal"), Samples.application("imap", kind: .legacy),
            ])
        #expect(
            try store.applications(after: Samples.directoryName("Portal"), limit: 9)
                .map(\.name.text) == ["imap"])
        let imap = try Samples.directoryName("imap")
        try store.update(
            imap, displayName: "Mail", clientKind: nil, by: .test, at: Samples.start)
        let changed = try #require(try store.application(imap))
        #expect(changed.displayName == "Mail")
        #expect(changed.clientKind == nil)
        try store.deleteApplication(
            imap, unlessNamedBy: unnamed, by: .test, at: Samples.start)
        #expect(try store.application(imap) == nil)
    }

    @Test func `what is there, or is not, is told apart`() throws {
        let fixture = try Fixture()
        let store = fixture.store
        try store.add(Samples.application("imap"), by: .test)
        let (imap, smtp) = (try Samples.directoryName("imap"), try Samples.directoryName("smtp"))
        #expect(throws: StoreError.nameTaken(.application, "imap")) {
            try store.add(Samples.application("imap"), by: .test)
        }
        let absence = StoreError.noSuchName(.application, "smtp")
        #expect(throws: absence) {
            try store.update(
                smtp, displayName: "x", clientKind: nil, by: .test, at: Samples.start)
        }
        #expect(throws: absence) {
            try store.deleteApplication(
                smtp, unlessNamedBy: unnamed, by: .test, at: Samples.start)
        }
        #expect(throws: StoreError.namedByPolicy(.application, "imap", policy: "p")) {
            try store.deleteApplication(
                imap, unlessNamedBy: { kind, _ in kind == .application ? "p" : nil }, by: .test,
                at: Samples.start)
        }
        #expect(try store.application(imap) != nil)
    }
}

struct DirectoryLocationTests {
    @Test func `locations are kept as they were, by name`() throws {
        let fixture = try Fixture()
        let store = fixture.store
        let locations = [
            try Samples.location("abroad", countries: ["NO", "AT"], includesUnknown: true),
            try Samples.location("nowhere", countries: [], includesUnknown: true),
            try Samples.location(
                "office", ["192.0.2.0/24", "2001:db8::/32", "198.51.100.7"], isTrusted: true),
        ]
        for location in locations.reversed() { try store.add(location, by: .test) }
        #expect(try store.locations() == locations)
        #expect(try store.location(locations[0].name) == locations[0])
        let replaced = try Samples.location("office", countries: ["SE"])
        try store.replace(replaced, by: .test, at: Samples.at(9))
        #expect(try store.location(replaced.name) == replaced)
        try store.deleteLocation(
            replaced.name, unlessNamedBy: unnamed, by: .test, at: Samples.start)
        #expect(try store.location(replaced.name) == nil)
    }

    @Test func `what is there, or is not, is told apart`() throws {
        let fixture = try Fixture()
        let store = fixture.store
        let office = try Samples.location("office", ["192.0.2.0/24"])
        let absence = StoreError.noSuchName(.location, "office")
        #expect(throws: absence) { try store.replace(office, by: .test, at: Samples.start) }
        #expect(throws: absence) {
            try store.deleteLocation(
                office.name, unlessNamedBy: unnamed, by: .test, at: Samples.start)
        }
        try store.add(office, by: .test)
        #expect(throws: StoreError.nameTaken(.location, "office")) {
            try store.add(office, by: .test)
        }
        #expect(throws: StoreError.namedByPolicy(.location, "office", policy: "p")) {
            try store.deleteLocation(
                office.name, unlessNamedBy: { kind, _ in kind == .location ? "p" : nil },
                by: .test, at: Samples.start)
        }
        #expect(try store.locations() == [office])
    }

    @Test func `there are 195 of them and no more`() throws {
        let fixture = try Fixture()
        let store = fixture.store
        for number in 1...195 {
            try store.add(Samples.location("l\(number)", ["192.0.2.0/24"]), by: .test)
        }
        let other = try Samples.location("other", ["192.0.2.0/24"])
        #expect(throws: StoreError.tooManyLocations) { try store.add(other, by: .test) }
        #expect(try store.locations().count == 195)
        // One can be changed, and one that went makes room.
        try store.replace(
            Samples.location("l1", ["198.51.100.0/24"]), by: .test, at: Samples.start)
        try store.deleteLocation(
            Samples.directoryName("l2"), unlessNamedBy: unnamed, by: .test, at: Samples.start)
        try store.add(other, by: .test)
        #expect(try store.locations().count == 195)
    }

    @Test func `a location has 2000 networks and no more`() throws {
        let networks = (0..<2001).map { "10.\($0 / 256).\($0 % 256).0/24" }
        let largest = try Samples.location("large", Array(networks.prefix(2000)))
        let fixture = try Fixture()
        let store = fixture.store
        try store.add(largest, by: .test)
        #expect(try store.location(largest.name) == largest)
        #expect(throws: NamedLocationFailure.tooManyNetworks) {
            try Samples.location("large", networks)
        }
    }

    @Test(arguments: ["10.0.0.0/8", "0.0.0.0/0", "2000::/11", "::/0"])
    func `a network that is too wide is refused`(text: String) throws {
        let network = try Samples.network(text)
        #expect(throws: NamedLocationFailure.networkTooWide(network)) {
            try Samples.location("wide", ["192.0.2.0/24", text])
        }
    }

    @Test(arguments: ["10.128.0.0/9", "192.0.2.1", "2a00::/12", "2001:db8::1"])
    func `a network that is not is taken`(text: String) throws {
        let location = try Samples.location("narrow", [text])
        #expect(location.extent == .networks([try Samples.network(text)], isTrusted: false))
    }

    @Test func `a location is somewhere`() throws {
        #expect(throws: NamedLocationFailure.empty) { try Samples.location("nowhere", []) }
        #expect(throws: NamedLocationFailure.empty) {
            try Samples.location("nowhere", countries: [])
        }
        #expect(
            try [
                NamedLocationFailure.empty, .tooManyNetworks,
                .networkTooWide(Samples.network("::/0")),
            ].map(\.code) == [
                "location-empty", "location-too-many-networks", "location-network-too-wide",
            ])
    }
}
