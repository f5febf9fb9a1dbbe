public import AuditLog

/// A row of the audit log as it lies in the database, whatever was done to it there.
public struct AuditRow: Sendable, Hashable {
    /// The number of the row.
    public let number: Int
    /// The bytes of the record.
    public let bytes: [UInt8]
    /// The hash that was kept with them: 32 bytes, unless it was tampered with.
    public let hash: [UInt8]

    /// The record, or `nil` where the bytes are none.
    public var record: AuditRecord? { try? AuditRecord(decoding: bytes) }
}

/// Which records of the audit log are looked for. What is `nil` does not matter.
///
/// The columns that are searched stand beside the records and no hash is over them: a search serves those who look, and
/// proves nothing. That is what exports are for.
public struct AuditFilter: Sendable, Hashable {
    /// What was done.
    public var activity: AuditActivity?
    /// Who did it, as ``AuditOrigin/actor`` has it: `administrator:alice`.
    public var actor: String?
    /// What it was done to, as ``AuditTarget/word`` has it: `user:bob`. Any of a record's targets is found.
    public var target: String?
    /// Not before this moment, by the clock of then.
    public var since: Timestamp?
    /// Before this moment, by the clock of then.
    public var until: Timestamp?
    /// Before the record of this number.
    public var before: Int?

    /// A filter that lets everything through.
    public init() {}
}
