public import Accounts
public import AuditLog
import Encoding
import Foundation
import GRDB
import PIV
public import WebAuthn

extension SQLiteStore {
    private static let cardColumns = """
        SELECT card_credential.*, user.name AS user_name, user.display_name, user.handle,
            user.created_at AS user_created_at
        FROM card_credential JOIN user ON user.id = card_credential.user
        """

    /// Stores a new key of a card and spends its challenge, both or neither. MFA that was enabled is enforced from then on.
    public func register(
        _ credential: NewCardCredential, spending challenge: SpentChallenge,
        by origin: AuditOrigin
    ) throws(StoreError) {
        try write { database in
            guard try Self.spend(challenge, in: database) else { throw StoreError.challengeSpent }
            guard let user = try Self.userNumber(credential.owner, in: database) else {
                throw StoreError.noSuchUser(credential.owner)
            }
            let key = credential.key
            do {
                try database.execute(
                    sql: """
                        INSERT INTO card_credential (
                            id, user, public_key, slot, evidence, trusted, pin_required,
                            certificates, root, serial_number, firmware, pin_policy, touch_policy,
                            form_factor, answer_to_reset, label, created_at
                        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        blob(credential.id.bytes), user, blob(key.publicKey),
                        Int64(key.slot.rawValue), key.evidence.rawValue, key.isTrusted,
                        key.isPINRequired,
                        blob(CBOR.array(key.certificates.map(CBOR.bytes)).encoded()),
                        key.attestationRoot.map(blob),
                        key.serialNumber.map { Int64($0) },
                        key.firmware.map { blob([$0.major, $0.minor, $0.patch]) },
                        key.pinPolicy.map { Int64($0.rawValue) },
                        key.touchPolicy.map { Int64($0.rawValue) },
                        key.formFactor.map { Int64($0) }, blob(key.answerToReset),
                        credential.label, credential.createdAt.milliseconds,
                    ])
            } catch let error as DatabaseError
                where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
            {
                throw StoreError.credentialExists
            }
            try Self.auditRegistration(
                of: AuditTarget(.credential, credential.id.text), to: credential.owner,
                kind: .piv, label: credential.label, by: origin, at: credential.createdAt,
                in: database)
        }
    }

    /// The keys of the user's cards, the oldest first; none for a user that does not exist.
    public func cardCredentials(of name: UserName) throws(StoreError) -> [CardCredential] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: Self.cardColumns + " WHERE user.name = ? ORDER BY number",
                arguments: [name.text]
            ).map(CardCredential.init(row:))
        }
    }

    /// Of each user, in one read, the identifiers of the keys of their cards, the oldest first.
    public func cardCredentialIDs(of users: [UserName]) throws(StoreError) -> [[CredentialID]] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT card_credential.id FROM card_credential
                    JOIN user ON user.id = card_credential.user WHERE user.name = ? ORDER BY number
                    """)
            return try users.map { user in
                try Data.fetchAll(statement, arguments: [user.text]).map { bytes in
                    guard let identifier = try? CredentialID(bytes: Array(bytes)) else {
                        throw StoreError.unreadableRow(table: "card_credential")
                    }
                    return identifier
                }
            }
        }
    }

    /// The keys of cards of these identifiers, in one read; those that do not exist are absent.
    public func cardCredentials(
        withIDs identifiers: Set<CredentialID>
    ) throws(StoreError) -> [CredentialID: CardCredential] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: Self.cardColumns + " WHERE card_credential.id = ?")
            var found: [CredentialID: CardCredential] = [:]
            for identifier in identifiers {
                if let row = try Row.fetchOne(statement, arguments: [blob(identifier.bytes)]) {
                    found[identifier] = try CardCredential(row: row)
                }
            }
            return found
        }
    }
}

extension CardCredential {
    init(row: Row) throws {
        func number<Number: FixedWidthInteger>(_ column: String) throws -> Number? {
            guard let value: Int64 = try row.value(column) else { return nil }
            guard let number = Number(exactly: value) else {
                throw StoreError.unreadableRow(table: "card_credential")
            }
            return number
        }
        func policy<Policy: RawRepresentable<UInt8>>(_ column: String) throws -> Policy? {
            guard let value: UInt8 = try number(column) else { return nil }
            guard let policy = Policy(rawValue: value) else {
                throw StoreError.unreadableRow(table: "card_credential")
            }
            return policy
        }
        let identifier: Data = try row.value("id")
        let handle: Data = try row.value("handle")
        guard
            let name = UserName(try row.value("user_name")),
            let ownerHandle = try? UserHandle(bytes: Array(handle)),
            let id = try? CredentialID(bytes: Array(identifier)), id.bytes.count == 32
        else { throw StoreError.unreadableRow(table: "card_credential") }
        self.id = id
        owner = User(
            name: name, displayName: try row.value("display_name"), handle: ownerHandle,
            createdAt: Timestamp(milliseconds: try row.value("user_created_at")))
        let certificates: Data = try row.value("certificates")
        guard
            let list = try? CBOR.decode(Array(certificates)).arrayValue, !list.isEmpty,
            let evidence = CardKeyRecord.Evidence(rawValue: try row.value("evidence")),
            let slot = try (number("slot") as UInt8?).flatMap(PIVSlot.init(rawValue:))
        else { throw StoreError.unreadableRow(table: "card_credential") }
        var key = CardKeyRecord(
            publicKey: bytes(try row.value("public_key")), slot: slot,
            evidence: evidence, isTrusted: try row.value("trusted"),
            isPINRequired: try row.value("pin_required"),
            certificates: try list.map { item in
                guard let der = item.bytesValue else {
                    throw StoreError.unreadableRow(table: "card_credential")
                }
                return der
            })
        key.attestationRoot = (try row.value("root") as Data?).map(bytes)
        key.serialNumber = try number("serial_number")
        if let firmware: Data = try row.value("firmware") {
            guard firmware.count == 3 else {
                throw StoreError.unreadableRow(table: "card_credential")
            }
            let parts = Array(firmware)
            key.firmware = CardFirmware(major: parts[0], minor: parts[1], patch: parts[2])
        }
        key.pinPolicy = try policy("pin_policy")
        key.touchPolicy = try policy("touch_policy")
        key.formFactor = try number("form_factor")
        key.answerToReset = bytes(try row.value("answer_to_reset"))
        self.key = key
        label = try row.value("label")
        createdAt = Timestamp(milliseconds: try row.value("created_at"))
        lastUsedAt = (try row.value("last_used_at") as Int64?).map(Timestamp.init(milliseconds:))
    }
}
