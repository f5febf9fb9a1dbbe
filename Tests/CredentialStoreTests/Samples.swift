import Accounts
import CredentialStore
import Foundation
import PIV
import Testing
import WebAuthn

/// A folder of a test's own, removed with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/countersign-store-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    /// Where a test keeps its database.
    var database: String { path + "/store.sqlite" }

    func bytes(of file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    }

    func makeFolder(at path: String) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    func write(_ bytes: [UInt8], to file: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// The values that the tests of this target start from.
enum Samples {
    /// What the log has of a sign-in that was all in one answer.
    static let log = SignInLogEntry(correlation: Array(1...16))
    static let start = Timestamp(milliseconds: 1_790_000_000_000)

    static func name(_ text: String) throws -> UserName { try #require(UserName(text)) }

    static func user(_ text: String) throws -> User {
        User(
            name: try name(text), displayName: "Display of \(text)",
            handle: try UserHandle(bytes: Array("handle of \(text)".utf8)), createdAt: start)
    }

    static func credentialID(_ seed: UInt8) throws -> CredentialID {
        try CredentialID(bytes: Array(repeating: seed, count: 32))
    }

    static func challenge(_ seed: UInt8, expiresAfter seconds: Int64 = 120) -> SpentChallenge {
        SpentChallenge(
            challenge: Array(repeating: seed, count: 32),
            expiresAt: start.advanced(by: .seconds(seconds)))
    }

    static let exampleOrg = "example.org"

    /// A credential of `owner`; its bytes follow from `seed`.
    static func credential(
        _ seed: UInt8, of owner: String, for relyingParty: String = exampleOrg,
        counter: UInt32 = 0, flags: AuthenticatorData.Flags = [.userPresent, .userVerified],
        attestationLength: Int = 200
    ) throws -> NewCredential {
        NewCredential(
            id: try credentialID(seed), owner: try name(owner),
            relyingPartyID: try RelyingPartyID(relyingParty),
            publicKey: .es256(
                x: Array(repeating: seed, count: 32), y: Array(repeating: ~seed, count: 32)),
            authenticatorData: AuthenticatorData(
                rpIDHash: Array(repeating: 0, count: 32), flags: flags, signatureCounter: counter),
            transports: [.usb, .nfc],
            aaguid: try #require(AAGUID(bytes: Array(repeating: seed, count: 16))),
            attestationFormat: "packed", isAttestationTrusted: seed.isMultiple(of: 2),
            attestationObject: Array(repeating: seed, count: attestationLength),
            clientDataJSON: Array("{}".utf8), label: "key \(seed)", createdAt: start)
    }

    /// A verified answer by credential `seed` of `user`.
    static func answer(
        _ challenge: SpentChallenge, by seed: UInt8, of user: String,
        for relyingParty: String = exampleOrg, counter: UInt32, isBackupEligible: Bool = false,
        isBackedUp: Bool = false
    ) throws -> SignInDecision {
        SignInDecision(
            challenge: challenge, method: .webauthn, user: try name(user),
            relyingPartyID: try RelyingPartyID(relyingParty),
            credentialID: try credentialID(seed), client: "front", at: start,
            judgement: .verified(
                counter: counter, isBackupEligible: isBackupEligible, isBackedUp: isBackedUp,
                isUserVerified: true), access: .granted,
            log: Samples.log)
    }

    /// Card key `seed` of `owner`: attested, with everything that an attestation can say.
    static func card(_ seed: UInt8, of owner: String) throws -> NewCardCredential {
        var key = CardKeyRecord(
            publicKey: Array(repeating: seed, count: 91), slot: .authentication,
            evidence: .attested, isTrusted: seed.isMultiple(of: 2), isPINRequired: true,
            certificates: [[0x30, seed], [0x30, ~seed, 1]])
        key.attestationRoot = Array(repeating: seed, count: 32)
        key.serialNumber = .max - UInt32(seed)
        key.firmware = CardFirmware(major: 5, minor: 4, patch: seed)
        key.pinPolicy = .once
        key.touchPolicy = .cached
        key.formFactor = seed
        key.answerToReset = [0x3B, seed]
        return NewCardCredential(
            id: try credentialID(seed), owner: try name(owner), key: key, label: "card \(seed)",
            createdAt: start)
    }

    /// A verified answer by card key `seed` of `user`.
    static func cardAnswer(
        _ challenge: SpentChallenge, by seed: UInt8, of user: String
    ) throws -> SignInDecision {
        SignInDecision(
            challenge: challenge, method: .piv, user: try name(user),
            relyingPartyID: try RelyingPartyID(exampleOrg), credentialID: try credentialID(seed),
            client: "front", at: start.advanced(by: .seconds(5)),
            judgement: .cardVerified(isUserVerified: true), access: .granted,
            log: Samples.log)
    }
}

extension SignInDecision {
    /// The same decision with another judgement.
    func judged(_ judgement: Judgement) -> SignInDecision {
        var copy = self
        copy.judgement = judgement
        return copy
    }
}

extension StoreCounts {
    /// Users, credentials, acceptances, refusals, spent challenges.
    var rows: [Int] { [users, credentials, accepted, refused, spentChallenges] }
}

/// A store in a folder of its own.
struct Fixture {
    let folder: TemporaryFolder
    let store: SQLiteStore

    /// An empty store, with these users in it.
    init(users: String...) throws {
        folder = try TemporaryFolder()
        store = try SQLiteStore(path: folder.database)
        for user in users { try store.add(Samples.user(user)) }
    }

    /// The credential `seed`, which has to be there.
    func credential(_ seed: UInt8) throws -> Credential {
        let id = try Samples.credentialID(seed)
        return try #require(try store.credentials(withIDs: [id])[id])
    }
}
