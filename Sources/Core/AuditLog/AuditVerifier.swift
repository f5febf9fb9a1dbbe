import Encoding

/// Verifies an export as it is read, in memory that does not grow with it.
///
/// The order of checks, for each record: the line's form, the record's number, its hash, the signed heads over it, and what
/// the line says beside it. What comes after the first fault is not looked at, but for telling records that are missing
/// from those that stand elsewhere.
public struct AuditVerifier: Sendable {
    private enum Stage {
        case header
        case heads(ChainHead)
        case records(ChainHead)
        /// Records were missing before this one; they may come yet.
        case gap(ClosedRange<Int>, before: Int)
        case failed(AuditFault)
    }

    private let key: NoteVerifierKey
    private var stage = Stage.header
    private var line: [UInt8] = []
    private var lineNumber = 0
    private var heads: [Int: [AuditHead]]
    private var after = 0
    private var last = 0
    private var confirmed: AuditHead?

    /// A verifier for exports of one log.
    ///
    /// - Parameters:
    ///   - key: the log's key, from somewhere that whoever made the export could not write to.
    ///   - earlierHeads: heads that a witness kept. Their notes were verified with the same key.
    public init(key: NoteVerifierKey, earlierHeads: [AuditHead] = []) {
        self.key = key
        heads = Dictionary(grouping: earlierHeads) { $0.chain.count }
    }

    /// Whether a fault was found, after which nothing more need be read.
    public var hasFailed: Bool {
        if case .failed = stage { true } else { false }
    }

    /// Reads on. Where the chunks are cut does not matter.
    public mutating func read(_ chunk: some Collection<UInt8>) {
        var rest = chunk[...]
        while !hasFailed, let end = rest.firstIndex(of: 0x0A) {
            append(rest[..<end])
            rest = rest[rest.index(after: end)...]
            guard !hasFailed else { return }
            lineNumber += 1
            take(line)
            line.removeAll(keepingCapacity: true)
        }
        append(rest)
    }

    private mutating func append(_ bytes: some Collection<UInt8>) {
        guard !hasFailed else { return }
        if line.count + bytes.count > AuditExport.maximumLineLength {
            stage = .failed(.malformedLine(lineNumber + 1))
        } else {
            line.append(contentsOf: bytes)
        }
    }

    /// What the whole came to, after all of it was read.
    public mutating func finish() -> AuditVerdict {
        if !hasFailed {
            if !line.isEmpty {
                stage = .failed(.unfinishedLine(lineNumber + 1))
            } else if let fault = fault(atEnd: stage) {
                stage = .failed(fault)
            }
        }
        var found: AuditFault?
        if case .failed(let fault) = stage { found = fault }
        return AuditVerdict(
            fault: found, after: after, last: last, head: confirmed,
            headsBefore: heads.reduce(0) { $0 + ($1.key < after ? $1.value.count : 0) })
    }

    private func fault(atEnd stage: Stage) -> AuditFault? {
        switch stage {
        case .header: .empty
        case .gap(let range, _): .missing(range)
        case .failed(let fault): fault
        case .heads, .records:
            heads.max { $0.key < $1.key }?.value.first.flatMap { head in
                head.chain.count > last ? .tailMissing(last: last, head: head) : nil
            }
        }
    }

    private mutating func take(_ line: [UInt8]) {
        if case .gap(let range, let number) = stage {
            // What else may be wrong comes after the gap.
            let json = try? JSON.decode(line, maximumDepth: 4)
            if let found = json?["number"]?.intValue, range.contains(found) {
                stage = .failed(.reordered(number: number, place: range.lowerBound))
            }
            return
        }
        guard let json = try? JSON.decode(line, maximumDepth: 4) else {
            stage = .failed(.malformedLine(lineNumber))
            return
        }
        do throws(AuditFault) {
            switch stage {
            case .header: stage = .heads(try start(json, line))
            case .heads(let chain) where json["head"] != nil: try takeHead(json, line, chain)
            case .heads(let chain), .records(let chain):
                stage = try take(ExportedRecord(json, line, lineNumber), after: chain)
            case .gap, .failed: break
            }
        } catch {
            stage = .failed(error)
        }
    }

    private mutating func start(_ json: JSON, _ line: [UInt8]) throws(AuditFault) -> ChainHead {
        guard json["countersign-audit"]?.intValue == 1,
            let text = json["origin"]?.stringValue, let origin = try? NoteKeyName(text),
            let count = json["after"]?.intValue,
            let hash = json["hash"]?.stringValue.flatMap({ try? Base64URL.decode($0) }),
            let chain = ChainHead(count: count, hash: hash),
            AuditExport.header(origin: origin, after: chain).utf8.elementsEqual(line)
        else { throw .malformedLine(lineNumber) }
        guard origin == key.name else { throw .otherLog(origin: text) }
        if count == 0, chain != ChainHead(origin: text) { throw .alteredStart }
        (after, last) = (count, count)
        try compareHeads(with: chain)
        return chain
    }

    private mutating func takeHead(
        _ json: JSON, _ line: [UInt8], _ chain: ChainHead
    ) throws(AuditFault) {
        guard let note = json["head"]?.stringValue,
            AuditExport.head(note).utf8.elementsEqual(line)
        else { throw .malformedLine(lineNumber) }
        let head: AuditHead
        do throws(AuditLogError) {
            head = try AuditHead(verifying: note, with: key)
        } catch {
            throw .unsignedHead(line: lineNumber, error)
        }
        // Over records that the export leaves out, it says nothing here.
        guard head.chain.count >= chain.count else { return }
        if heads[head.chain.count]?.contains(head) != true {
            heads[head.chain.count, default: []].append(head)
        }
        try compareHeads(with: chain)
    }

    private mutating func take(
        _ exported: ExportedRecord, after chain: ChainHead
    ) throws(AuditFault) -> Stage {
        let expected = chain.count + 1
        let number = exported.number
        if number > expected { return .gap(expected...(number - 1), before: number) }
        guard number == expected else { throw .repeated(number: number) }
        guard let record = exported.record else { throw .altered(number: number) }
        guard record.number == number else {
            throw .reordered(number: record.number, place: number)
        }
        let next = chain.appending(exported.bytes)
        guard next.hash == exported.hash else { throw .altered(number: number) }
        guard exported.isFaithful else { throw .misquoted(number: number) }
        last = number
        try compareHeads(with: next)
        return .records(next)
    }

    private mutating func compareHeads(with chain: ChainHead) throws(AuditFault) {
        for head in heads[chain.count] ?? [] {
            guard head.chain == chain else { throw .rewritten(through: chain.count, head: head) }
            confirmed = head
        }
    }
}

/// A record's line.
private struct ExportedRecord {
    let number: Int
    let bytes: [UInt8]
    let hash: [UInt8]
    let record: AuditRecord?
    /// Whether the line is the one that an export has for these bytes.
    let isFaithful: Bool

    init(_ json: JSON, _ line: [UInt8], _ lineNumber: Int) throws(AuditFault) {
        guard let number = json["number"]?.intValue, number >= 1,
            let bytes = json["record"]?.stringValue.flatMap({ try? Base64URL.decode($0) }),
            let hash = json["hash"]?.stringValue.flatMap({ try? Base64URL.decode($0) })
        else { throw .malformedLine(lineNumber) }
        self.number = number
        self.bytes = bytes
        self.hash = hash
        record = try? AuditRecord(decoding: bytes)
        isFaithful = AuditExport.line(number: number, record, bytes: bytes, hash: hash)
            .utf8.elementsEqual(line)
    }
}
