import Accounts
import Addresses
import AuditLog
import Ceremonies
import ConditionalAccess
import CredentialStore
import DeviceModels
import Foundation
import GRDB
import Testing
import WebAuthn

/// A store with a directory in it, and a desk over it.
final class PolicyOffice: Sendable {
    let store: SQLiteStore
    let clock = FakeClock()
    let catalogue: Catalogue
    private let folder: String

    static let offered = Set(SignInMethod.allCases).subtracting([.code, .password])

    /// alice, a global administrator with a key that is known; bob and carol, who have nothing. Groups `staff` (bob) and
    /// `guests`, applications `mail` and `payroll`, locations `office` (192.0.2.0/24, trusted) and `home` (AT).
    init() throws {
        folder = NSTemporaryDirectory() + "/countersign-policies-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        store = try SQLiteStore(path: folder + "/store.sqlite")
        catalogue = try Models.catalogue(action: "flag")
        for name in ["alice", "bob", "carol"] { try add(name) }
        for group in ["staff", "guests"] {
            try store.addGroup(
                directoryName(group), description: "", by: .at("test"), at: clock.now)
        }
        try store.add(
            userName("bob"), toGroup: directoryName("staff"), by: .at("test"), at: clock.now)
        try appoint("alice")
        for application in ["mail", "payroll"] {
            try store.add(
                Application(
                    name: directoryName(application), displayName: "",
                    clientKind: application == "mail" ? .legacy : nil, createdAt: clock.now),
                by: .at("test"))
        }
        try addOffice()
        try store.add(
            NamedLocation(
                name: directoryName("home"),
                extent: .countries(
                    [try #require(Country("AT"))], includesUnknown: false),
                createdAt: clock.now), by: .at("test"))
        try register(1, for: "alice")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    func add(_ name: String) throws {
        try store.add(
            User(
                name: try userName(name), displayName: name,
                handle: try UserHandle(bytes: Array("handle of \(name)".utf8)),
                createdAt: clock.now))
    }

    func addOffice(_ network: String = "192.0.2.0/24") throws {
        try store.add(office(network), by: .at("test"))
    }

    func office(_ network: String) throws -> NamedLocation {
        try NamedLocation(
            name: directoryName("office"),
            extent: .networks([IPNetwork(network)], isTrusted: true), createdAt: clock.now)
    }

    func appoint(_ name: String) throws {
        try store.assign(
            .globalAdministrator, to: userName(name), by: .at("test"), at: clock.now)
    }

    /// A key of Acme's, attested.
    func register(_ seed: UInt8, for owner: String, aaguid: String = Models.new) throws {
        try store.register(
            NewCredential(
                id: try CredentialID(bytes: Array(repeating: seed, count: 32)),
                owner: try userName(owner), relyingPartyID: try RelyingPartyID("example.org"),
                publicKey: .es256(
                    x: Array(repeating: seed, count: 32), y: Array(repeating: ~seed, count: 32)),
                authenticatorData: AuthenticatorData(
                    rpIDHash: Array(repeating: 0, count: 32),
                    flags: [.userPresent, .userVerified], signatureCounter: 0),
                transports: [.usb], aaguid: try #require(AAGUID(aaguid)),
                attestationFormat: "packed", isAttestationTrusted: true,
                attestationObject: [], clientDataJSON: [], label: "key \(seed)",
                createdAt: clock.now),
            spending: SpentChallenge(
                challenge: Array(repeating: seed, count: 32),
                expiresAt: clock.now.advanced(by: .seconds(60))), by: .at("test"))
    }

    /// A desk that opens what the store holds, as a server that starts does.
    func desk(
        isReadFromFiles: Bool = false, catalogue: Catalogue? = nil
    ) throws(PolicyDeskError) -> PolicyDesk {
        try PolicyDesk(
            store: store, catalogue: catalogue ?? self.catalogue, offered: Self.offered,
            isReadFromFiles: isReadFromFiles, clock: { [clock] in clock.now })
    }

    /// The records after the first `count`, the oldest first.
    func records(after count: Int) throws -> [AuditRecord] {
        try store.auditRows(after: count, limit: 1000).map { row in try #require(row.record) }
    }

    func recordCount() throws -> Int { try store.auditHead().count }
}

func directoryName(_ text: String) throws -> DirectoryName { try #require(DirectoryName(text)) }

func policyID(_ text: String) throws -> PolicyID { try #require(PolicyID(text)) }

/// A file of policies, with its schema before it.
func policyFile(_ yaml: String, name: String = "policies.yaml") -> PolicyFile {
    PolicyFile(name: name, bytes: Array("schema: 1\n\(yaml)".utf8))
}

/// Policies that the tests start from.
enum PolicyYAML {
    /// Line 3 of its file.
    static let administrators = """
        policies:
          - id: administrators
            title: Administrators show a key
            state: on # since May
            users: { include: { roles: [global-administrator] } }
            applications: all
            grant: { all: [{ strength: phishing-resistant }] }

        """

    static let legacy = """
          - id: no-legacy
            state: report-only
            users: { include: all, exclude: { groups: [guests] } }
            applications: all
            conditions: { clients: [legacy] }
            grant: block

        """

    static let blocksAll = """
        policies:
          - id: nobody
            state: on
            users: all
            applications: all
            grant: block

        """

    static let payroll = """
        policies:
          - id: payroll
            state: on
            users: { include: { groups: [staff], users: [carol] } }
            applications: [payroll]
            conditions: { locations: { include: any, exclude: [office] } }
            grant: { all: [mfa] }

        """
}
