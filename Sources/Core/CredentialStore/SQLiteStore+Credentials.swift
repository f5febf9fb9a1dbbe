public import Accounts
public import AuditLog
import Encoding
import Foundation
import GRDB
public import WebAuthn

extension SQLiteStore {
    /// What sign-ins need. The attestation is kept for those who verify it again, and is large.
    private static let credentialColumns = """
        SELECT credential.id, relying_party, public_key, counter, backup_eligible, backed_up,
            transports, aaguid, attestation_format, attestation_trusted, label,
            credential.created_at, last_used_at, user.name, user.display_name, user.handle,
            user.created_at AS user_created_at
        FROM credential JOIN user ON user.id = credential.user
        """

    /// Stores a new credential and spends its challenge, both or neither. MFA that was enabled is enforced from then on.
    public func register(
        _ credential: NewCredential, spending challenge: SpentChallenge, by origin: AuditOrigin
    ) throws(StoreError) {
        try write { database in
            guard try Self.spend(challenge, in: database) else { throw StoreError.challengeSpent }
            guard let user = try Self.userNumber(credential.owner, in: database) else {
                throw StoreError.noSuchUser(credential.owner)
            }
            let flags = credential.authenticatorData.flags
            do {
                try database.execute(
                    sql: """
                        INSERT INTO credential (
                            id, user, relying_party, public_key, counter, backup_eligible, backed_up,
                            user_verified_at_registration, transports, aaguid, attestation_format,
                            attestation_trusted, attestation_object, client_data, label, created_at
                        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        blob(credential.id.bytes), user, credential.relyingPartyID.text,
                        blob(credential.publicKey.cbor.encoded()),
                        Int64(credential.authenticatorData.signatureCounter),
                        flags.contains(.backupEligible), flags.contains(.backupState),
                        flags.contains(.userVerified),
                        credential.transports.map(\.rawValue).joined(separator: " "),
                        blob(credential.aaguid.bytes), credential.attestationFormat,
                        credential.isAttestationTrusted, blob(credential.attestationObject),
                        blob(credential.clientDataJSON), credential.label,
                        credential.createdAt.milliseconds,
                    ])
            } catch let error as DatabaseError
                where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE
            {
                throw StoreError.credentialExists
            }
            try Self.auditRegistration(
                of: AuditTarget(.credential, credential.id.text), to: credential.owner,
                kind: .webauthn, label: credential.label, by: origin,
                at: credential.createdAt, in: database)
        }
    }

    /// Audits that something was registered that can be a second factor, and what follows from that.
    static func auditRegistration(
        of target: AuditTarget, to owner: UserName, kind: SignInMethod, label: String,
        by origin: AuditOrigin, at now: Timestamp, in database: Database
    ) throws {
        try audit(
            AuditEntry(
                .registerCredential, [AuditTarget(.user, owner.text), target],
                changes: [
                    AuditChange("kind", to: kind.rawValue), AuditChange("label", to: label),
                ]),
            by: origin, at: now, in: database)
        try enforceMFA(of: owner, through: origin, at: now, in: database)
    }

    /// Spends a challenge whose registration failed, so that it cannot be tried again.
    public func spend(_ challenge: SpentChallenge) throws(StoreError) {
        try write { database in _ = try Self.spend(challenge, in: database) }
    }

    /// The user's credentials for a relying party, or for all, the oldest first; none for a user that does not exist.
    public func credentials(
        of name: UserName, for relyingPartyID: RelyingPartyID? = nil
    ) throws(StoreError) -> [Credential] {
        try read { database in
            try Row.fetchAll(
                database,
                cachedSQL: Self.credentialColumns
                    + " WHERE user.name = ? AND (? IS NULL OR relying_party = ?) ORDER BY number",
                arguments: [name.text, relyingPartyID?.text, relyingPartyID?.text]
            ).map(Credential.init(row:))
        }
    }

    /// Of each user, in one read, the identifiers of the credentials for a relying party, the oldest first.
    public func credentialIDs(
        of requests: [(user: UserName, relyingPartyID: RelyingPartyID)]
    ) throws(StoreError) -> [[CredentialID]] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT credential.id FROM credential JOIN user ON user.id = credential.user
                    WHERE user.name = ? AND relying_party = ? ORDER BY number
                    """)
            return try requests.map { request in
                try Data.fetchAll(
                    statement, arguments: [request.user.text, request.relyingPartyID.text]
                ).map { bytes in
                    guard let identifier = try? CredentialID(bytes: Array(bytes)) else {
                        throw StoreError.unreadableRow(table: "credential")
                    }
                    return identifier
                }
            }
        }
    }

    /// The credentials of these identifiers, in one read; those that do not exist are absent.
    public func credentials(
        withIDs identifiers: Set<CredentialID>
    ) throws(StoreError) -> [CredentialID: Credential] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: Self.credentialColumns + " WHERE credential.id = ?")
            var found: [CredentialID: Credential] = [:]
            for identifier in identifiers {
                if let row = try Row.fetchOne(statement, arguments: [blob(identifier.bytes)]) {
                    found[identifier] = try Credential(row: row)
                }
            }
            return found
        }
    }

    /// Deletes one of the user's credentials, of whichever kind.
    public func deleteCredential(
        _ identifier: CredentialID, of name: UserName, by origin: AuditOrigin, at now: Timestamp
    ) throws(StoreError) {
        try write { database in
            let user = try Self.knownUser(name, in: database)
            var deleted = 0
            for (sql, target, kind) in [
                (
                    "DELETE FROM credential WHERE id = ? AND user = ? RETURNING label",
                    AuditTarget.Kind.credential, "webauthn"
                ),
                (
                    "DELETE FROM card_credential WHERE id = ? AND user = ? RETURNING label",
                    .credential, "piv"
                ),
                ("DELETE FROM token WHERE id = ? AND user = ? RETURNING label", .token, "token"),
                (
                    "DELETE FROM phone WHERE id = ? AND user = ? RETURNING label",
                    .credential, "push"
                ),
            ] {
                let labels = try String.fetchAll(
                    database, sql: sql, arguments: [blob(identifier.bytes), user])
                deleted += labels.count
                for label in labels {
                    try Self.audit(
                        AuditEntry(
                            .deleteCredential,
                            [
                                AuditTarget(.user, name.text),
                                AuditTarget(target, identifier.text),
                            ],
                            changes: [
                                AuditChange("kind", from: kind), AuditChange("label", from: label),
                            ]),
                        by: origin, at: now, in: database)
                }
            }
            guard deleted > 0 else { throw StoreError.noSuchCredential }
        }
    }
}

extension Credential {
    /// The columns of `SQLiteStore.credentialColumns`, in their order: a sign-in reads them by number.
    private enum Column: Int {
        case id, relyingParty, publicKey, counter, backupEligible, backedUp, transports, aaguid
        case attestationFormat, attestationTrusted, label, createdAt, lastUsedAt
        case userName, userDisplayName, userHandle, userCreatedAt
    }

    init(row: Row) throws {
        func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
            _ column: Column
        ) throws -> Value { try row.value(column.rawValue) }
        let identifier: Data = try value(.id)
        let key: Data = try value(.publicKey)
        let relyingParty: String = try value(.relyingParty)
        let handle: Data = try value(.userHandle)
        let transports: String = try value(.transports)
        guard
            let name = UserName(try value(.userName)),
            let aaguid = AAGUID(bytes: bytes(try value(.aaguid))),
            let counter = UInt32(exactly: try value(.counter) as Int64)
        else { throw StoreError.unreadableRow(table: "credential") }
        let ownerHandle: UserHandle
        do {
            id = try CredentialID(bytes: Array(identifier))
            publicKey = try COSEKey(CBOR.decode(key))
            relyingPartyID = try RelyingPartyID(relyingParty)
            ownerHandle = try UserHandle(bytes: Array(handle))
        } catch {
            throw StoreError.unreadableRow(table: "credential")
        }
        owner = User(
            name: name, displayName: try value(.userDisplayName), handle: ownerHandle,
            createdAt: Timestamp(milliseconds: try value(.userCreatedAt)))
        signatureCounter = counter
        isBackupEligible = try value(.backupEligible)
        isBackedUp = try value(.backedUp)
        self.transports = transports.split(separator: " ")
            .map { AuthenticatorTransport(rawValue: String($0)) }
        self.aaguid = aaguid
        attestationFormat = try value(.attestationFormat)
        isAttestationTrusted = try value(.attestationTrusted)
        label = try value(.label)
        createdAt = Timestamp(milliseconds: try value(.createdAt))
        lastUsedAt = (try value(.lastUsedAt) as Int64?).map(Timestamp.init(milliseconds:))
    }
}
