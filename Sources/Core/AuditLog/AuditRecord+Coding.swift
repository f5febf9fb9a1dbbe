import Encoding

/// The bytes of a record: a map in CTAP2 canonical CBOR, its keys texts (Documentation/audit-log.md).
extension AuditRecord {
    /// The record's bytes. Two records that differ have different bytes.
    public func encoded() -> [UInt8] {
        Self.encode(number: number, at: at, entry, origin, isCut: isCut)
    }

    /// Decodes a record from exactly the bytes that ``encoded()`` gives.
    public init(decoding bytes: [UInt8]) throws(AuditLogError) {
        guard bytes.count <= Bounds.record else { throw .recordTooLong }
        let item: CBOR
        do throws(MalformedEncoding) {
            item = try CBOR.decode(bytes)
        } catch {
            throw .malformedRecord(error)
        }
        var members = RecordMembers(item)
        let number = try members.take("number") { $0.intValue }
        let at = try members.take("at") { $0.intValue }
        let entry = try AuditEntry(from: &members)
        let origin = try AuditOrigin(from: &members)
        let isCut = try members.take("cut") { $0.boolValue }
        guard number >= 1 else { throw .unreadableRecord(member: "number") }
        if let unknown = members.rest { throw .unreadableRecord(member: unknown) }
        var scissors = Scissors()
        let record = AuditRecord(
            number: number, at: Int64(at), entry: scissors.cut(entry),
            origin: scissors.cut(origin), isCut: isCut)
        guard !scissors.hasCut, record.encoded() == bytes else {
            throw .unreadableRecord(member: "")
        }
        self = record
    }

    static func encode(
        number: Int, at: Int64, _ entry: AuditEntry, _ origin: AuditOrigin, isCut: Bool
    ) -> [UInt8] {
        let who: CBOR =
            switch origin.who {
            case .administrator(let name): ["administrator", .text(name)]
            case .client: ["client"]
            case .system(let part): ["system", .text(part)]
            }
        let failure: CBOR =
            switch entry.outcome {
            case .success: .null
            case .failure(let code): .text(code)
            }
        let record: CBOR = [
            "number": CBOR(number), "at": CBOR(Int(at)),
            "activity": .text(entry.activity.rawValue),
            "targets": .array(entry.targets.map { [.text($0.kind.rawValue), .text($0.name)] }),
            "changes": .array(
                entry.changes.map { change in
                    [
                        .text(change.property), change.old.map(CBOR.text) ?? .null,
                        change.new.map(CBOR.text) ?? .null,
                    ]
                }),
            "failure": failure, "reason": .text(entry.reason), "who": who,
            "client": .text(origin.client), "from": .text(origin.from), "cut": .bool(isCut),
        ]
        return record.encoded()
    }
}

/// The members of a record that have not been read.
private struct RecordMembers {
    private var members: [CBOR: CBOR]

    init(_ item: CBOR) { members = item.mapValue ?? [:] }

    mutating func take<Value>(
        _ member: String, _ read: (CBOR) -> Value?
    ) throws(AuditLogError) -> Value {
        guard let item = members.removeValue(forKey: .text(member)), let value = read(item) else {
            throw .unreadableRecord(member: member)
        }
        return value
    }

    /// One that nobody asked for.
    var rest: String? { members.keys.first.map { $0.textValue ?? "" } }
}

extension AuditEntry {
    fileprivate init(from members: inout RecordMembers) throws(AuditLogError) {
        let activity = try members.take("activity") { item in
            item.textValue.flatMap(AuditActivity.init(rawValue:))
        }
        let targets = try members.take("targets") { $0.items(AuditTarget.init(item:)) }
        let changes = try members.take("changes") { $0.items(AuditChange.init(item:)) }
        let failure = try members.take("failure") { $0.textOrNull }
        let reason = try members.take("reason") { $0.textValue }
        self.init(
            activity, targets, changes: changes,
            outcome: failure.map { .failure(code: $0) } ?? .success, reason: reason)
    }
}

extension AuditOrigin {
    fileprivate init(from members: inout RecordMembers) throws(AuditLogError) {
        let who: Who = try members.take("who") { item in
            switch item.items(\.textValue) {
            case ["client"]: .client
            case .some(let words) where words.count == 2 && words[0] == "administrator":
                .administrator(words[1])
            case .some(let words) where words.count == 2 && words[0] == "system":
                .system(words[1])
            default: nil
            }
        }
        let client = try members.take("client") { $0.textValue }
        let from = try members.take("from") { $0.textValue }
        self.init(who: who, client: client, from: from)
    }
}

extension AuditTarget {
    fileprivate init?(item: CBOR) {
        guard let words = item.items(\.textValue), words.count == 2,
            let kind = Kind(rawValue: words[0])
        else { return nil }
        self.init(kind, words[1])
    }
}

extension AuditChange {
    fileprivate init?(item: CBOR) {
        guard let items = item.arrayValue, items.count == 3, let property = items[0].textValue,
            let old = items[1].textOrNull, let new = items[2].textOrNull
        else { return nil }
        self.init(property, from: old, to: new)
    }
}

extension CBOR {
    /// The items of an array, or `nil` where one of them is not as it should be.
    fileprivate func items<Value>(_ read: (CBOR) -> Value?) -> [Value]? {
        guard let items = arrayValue else { return nil }
        let values = items.compactMap(read)
        return values.count == items.count ? values : nil
    }

    /// A text, or `.some(nil)` for null.
    fileprivate var textOrNull: String?? {
        switch self {
        case .text(let text): .some(text)
        case .null: .some(nil)
        default: nil
        }
    }
}
