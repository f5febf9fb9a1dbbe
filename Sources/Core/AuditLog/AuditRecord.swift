/// One record of the audit log: an entry, when, by whom, and its place in the log.
public struct AuditRecord: Sendable, Hashable {
    /// What a record may hold. What is longer is cut.
    public enum Bounds {
        /// The encoded record, in bytes.
        public static let record = 8192
        /// Names of users, targets, clients and places, in bytes of UTF-8.
        public static let name = 256
        /// The name of a property, or a code, in bytes of UTF-8.
        public static let word = 64
        /// The old or new value of a property, or a reason, in bytes of UTF-8.
        public static let value = 512
        /// Targets of an act.
        public static let targets = 8
        /// Changes of an act.
        public static let changes = 32
    }

    /// The place in the log, from 1.
    public let number: Int
    /// When the server's clock said that it happened, in milliseconds since 1970. Clocks step; the order of records is
    /// that of their numbers.
    public let at: Int64
    /// What was done.
    public let entry: AuditEntry
    /// Who did it, and from where.
    public let origin: AuditOrigin
    /// Whether something was too long and was cut: a text, which then ends in `…`, or the last targets or changes, which
    /// are then missing.
    public let isCut: Bool

    /// A record of an entry. What is beyond ``Bounds`` is cut; nothing else is altered, control characters neither, so
    /// whoever shows a record makes it harmless (``HarmlessText``).
    public init(number: Int, at: Int64, entry: AuditEntry, origin: AuditOrigin) {
        var scissors = Scissors()
        var entry = scissors.cut(entry)
        let origin = scissors.cut(origin)
        var isCut = scissors.hasCut
        // Without changes, the longest record has less than half of this.
        while !entry.changes.isEmpty,
            Self.encode(number: number, at: at, entry, origin, isCut: isCut).count > Bounds.record
        {
            entry.changes.removeLast()
            isCut = true
        }
        self.init(number: number, at: at, entry: entry, origin: origin, isCut: isCut)
    }

    init(number: Int, at: Int64, entry: AuditEntry, origin: AuditOrigin, isCut: Bool) {
        self.number = number
        self.at = at
        self.entry = entry
        self.origin = origin
        self.isCut = isCut
    }
}

/// Cuts what is too long, and knows whether it did.
struct Scissors {
    private(set) var hasCut = false

    mutating func cut(_ entry: AuditEntry) -> AuditEntry {
        typealias Bounds = AuditRecord.Bounds
        var cut = entry
        hasCut =
            hasCut || entry.targets.count > Bounds.targets || entry.changes.count > Bounds.changes
        cut.targets = entry.targets.prefix(Bounds.targets).map {
            AuditTarget($0.kind, self.cut($0.name, Bounds.name))
        }
        cut.changes = entry.changes.prefix(Bounds.changes).map { change in
            AuditChange(
                self.cut(change.property, Bounds.word),
                from: change.old.map { self.cut($0, Bounds.value) },
                to: change.new.map { self.cut($0, Bounds.value) })
        }
        if case .failure(let code) = entry.outcome {
            cut.outcome = .failure(code: self.cut(code, Bounds.word))
        }
        cut.reason = self.cut(entry.reason, Bounds.value)
        return cut
    }

    mutating func cut(_ origin: AuditOrigin) -> AuditOrigin {
        let limit = AuditRecord.Bounds.name
        let who: AuditOrigin.Who =
            switch origin.who {
            case .administrator(let name): .administrator(cut(name, limit))
            case .client: .client
            case .system(let part): .system(cut(part, limit))
            }
        return AuditOrigin(
            who: who, client: cut(origin.client, limit), from: cut(origin.from, limit))
    }

    /// As many scalars as fit, and `…`.
    private mutating func cut(_ text: String, _ limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        hasCut = true
        let mark = "…"
        var kept = String.UnicodeScalarView()
        var length = mark.utf8.count
        for scalar in text.unicodeScalars {
            length += UTF8.width(scalar)
            guard length <= limit else { break }
            kept.append(scalar)
        }
        return String(kept) + mark
    }
}
