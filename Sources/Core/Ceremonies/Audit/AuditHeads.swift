public import AuditLog
public import CredentialStore
import Cryptography
public import Secrets
import Synchronization

/// Why no head was signed. Nothing of it comes from a client, and no ceremony fails for it.
public enum AuditHeadError: Error, Hashable, Sendable {
    /// There are no records yet.
    case noRecords
    /// The log in the database is not what it was. It goes on being written, but no head is signed over it any more, for
    /// that would make good what somebody altered.
    case broken(AuditFault)
    /// The key or its name cannot sign.
    case log(AuditLogError)
    /// The key at rest could not be sealed or opened.
    case secret(SecretError)
    /// The store could not answer.
    case store(StoreError)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .noRecords: "no-records"
        case .broken(let fault): fault.code
        case .log(let error): error.code
        case .secret(let error): error.code
        case .store(let error): error.code
        }
    }

    /// What happened and what to do, for the operator.
    public var advice: String {
        switch self {
        case .noRecords: "the audit log has no records yet"
        case .broken(let fault):
            "the audit log was tampered with, and no head of it is signed: \(fault.finding)"
        case .log(let error): "the audit log cannot be signed (\(error.code))"
        case .secret(let error): "the key of the audit log cannot be opened (\(error.code))"
        case .store(let error): error.advice
        }
    }
}

/// Signs the heads of the audit log. What was appended since the last head is verified first, so that a head is only ever
/// signed over a log that goes on from the last one.
public final class AuditHeads: Sendable {
    /// What the key is called in the store.
    public static let keyName = "audit-key"
    /// How many records are read at a time.
    static let pageSize = 256

    private let store: SQLiteStore
    private let signer: NoteSigner
    /// One signs at a time.
    private let signing = Mutex(())

    /// Takes the log's key and name out of the store; makes both at first use. Blocks on the store.
    public init(store: SQLiteStore, vault: SecretVault) throws(AuditHeadError) {
        self.store = store
        let secrets = ServerSecrets(store: store, vault: vault)
        let name = try Self.storing { () throws(StoreError) in try store.auditLogName() }
        do throws(CeremonyError) {
            let seed = try secrets.secret(named: Self.keyName) { () throws(CeremonyError) in
                SecureRandom.bytes(32)
            }
            signer = NoteSigner(name: name, privateKey: try Self.key(seed))
        } catch .store(let error) {
            throw .store(error)
        } catch .secret(let error) {
            throw .secret(error)
        } catch {
            throw .secret(.cryptography)
        }
    }

    /// What the heads are verified with.
    public var verifierKey: NoteVerifierKey { signer.verifierKey }

    /// Signs a head over the log as it is and keeps it, and gives its note; the last one's where nothing was appended
    /// since. Blocks on the store.
    ///
    /// Throws ``AuditHeadError/broken(_:)`` where the log does not go on from the last head that was signed.
    public func signHead(at now: Timestamp) throws(AuditHeadError) -> String {
        try signing.withLock { (_) throws(AuditHeadError) in try sign(at: now) }
    }

    private func sign(at now: Timestamp) throws(AuditHeadError) -> String {
        let (notes, start) = try Self.storing { () throws(StoreError) in
            (try store.auditHeadNotes(limit: 1), ChainHead(origin: verifierKey.name.text))
        }
        var signed: AuditHead?
        if let note = notes.first {
            do throws(AuditLogError) {
                signed = try AuditHead(verifying: note, with: verifierKey)
            } catch {
                throw .broken(.unsignedHead(line: 1, error))
            }
        }
        let last = try verified(from: signed, start)
        if let signed, let note = notes.first, signed.chain == last { return note }
        guard last.count > 0 else { throw .noRecords }
        let head = AuditHead(
            origin: verifierKey.name, chain: last, at: now.milliseconds)
        let note: String
        do throws(AuditLogError) {
            note = try head.note(signedBy: signer)
        } catch {
            throw .log(error)
        }
        try Self.storing { () throws(StoreError) in try store.keep(head, note: note) }
        return note
    }

    /// The head of the log as far as it goes, after the row of the last signed head was found to be the one that was
    /// signed, and each after it to follow from the one before.
    private func verified(
        from signed: AuditHead?, _ start: ChainHead
    ) throws(AuditHeadError) -> ChainHead {
        var chain = signed?.chain ?? start
        if let signed, signed.chain.count > 0 {
            let row = try rows(after: signed.chain.count - 1, limit: 1).first
            guard let row, row.number == chain.count else {
                let head = try Self.storing { () throws(StoreError) in try store.auditHead() }
                throw .broken(
                    head.count < chain.count
                        ? .tailMissing(last: head.count, head: signed)
                        : .missing(chain.count...chain.count))
            }
            guard row.hash == chain.hash else {
                throw .broken(.rewritten(through: chain.count, head: signed))
            }
        }
        while true {
            let rows = try rows(after: chain.count, limit: Self.pageSize)
            for row in rows {
                let next = chain.appending(row.bytes)
                guard row.number == next.count else {
                    throw .broken(.missing(next.count...max(next.count, row.number - 1)))
                }
                guard row.hash == next.hash, row.record?.number == row.number else {
                    throw .broken(.altered(number: row.number))
                }
                chain = next
            }
            if rows.count < Self.pageSize { return chain }
        }
    }

    private func rows(after number: Int, limit: Int) throws(AuditHeadError) -> [AuditRow] {
        try Self.storing { () throws(StoreError) in
            try store.auditRows(after: number, limit: limit)
        }
    }

    private static func key(_ seed: [UInt8]) throws(CeremonyError) -> Ed25519PrivateKey {
        do throws(CryptographyError) {
            return try Ed25519PrivateKey(rawRepresentation: seed)
        } catch {
            throw .secret(.cryptography)
        }
    }

    private static func storing<Value>(
        _ body: () throws(StoreError) -> Value
    ) throws(AuditHeadError) -> Value {
        do throws(StoreError) {
            return try body()
        } catch {
            throw .store(error)
        }
    }
}
