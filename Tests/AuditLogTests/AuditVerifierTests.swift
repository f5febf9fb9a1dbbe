import AuditLog
import Encoding
import TestSupport
import Testing

struct AuditVerifierTests {
    private let signer: NoteSigner
    private let log: Log

    init() throws {
        signer = try Samples.signer()
        log = try Log(9, signer: signer)
    }

    private func head(_ count: Int) throws -> AuditHead {
        let row = log.rows[count - 1]
        let chain = try #require(ChainHead(count: count, hash: row.hash))
        return AuditHead(origin: signer.verifierKey.name, chain: chain, at: 5)
    }

    @Test func `a log that was left alone is proven, though its clock stepped back`() throws {
        let verdict = log.verdict()
        #expect(verdict.fault == nil)
        #expect(verdict.isProven)
        #expect((verdict.after, verdict.last, verdict.unsigned) == (0, 9, 0))
        #expect(verdict.head?.chain == log.head)
        #expect(log.verdict(earlier: [try head(1), try head(5), try head(9)]).isProven)
    }

    @Test func `where chunks are cut does not matter`() {
        var bytewise = AuditVerifier(key: signer.verifierKey)
        for byte in log.export { bytewise.read(CollectionOfOne(byte)) }
        #expect(bytewise.finish() == log.verdict())
    }

    @Test func `records after the last head are counted`() throws {
        var longer = log
        longer.append(Samples.records[0].encoded())
        longer.rows[9] = try next(after: longer.rows[8])
        let verdict = longer.verdict()
        #expect(verdict.fault == nil)
        #expect(verdict.isProven)
        #expect((verdict.last, verdict.unsigned) == (10, 1))
    }

    private func next(after row: Log.Row) throws -> Log.Row {
        let record = AuditRecord(
            number: row.number + 1, at: 0, entry: AuditEntry(.serverStarted),
            origin: .system("server")
        ).encoded()
        let chain = try #require(ChainHead(count: row.number, hash: row.hash)).appending(record)
        return Log.Row(number: chain.count, record: record, hash: chain.hash)
    }

    @Test func `without a head nothing is proven`() throws {
        var bare = log
        bare.notes = []
        let verdict = bare.verdict()
        #expect(verdict.fault == nil)
        #expect(!verdict.isProven)
        #expect(verdict.head == nil)
        #expect(verdict.unsigned == 9)
        // A head that a witness kept is as good as one in the export.
        #expect(bare.verdict(earlier: [try head(7)]).unsigned == 2)
    }

    @Test func `a log without records may be proven too`() throws {
        var empty = log
        empty.rows = []
        empty.notes = []
        try empty.sign()
        let verdict = empty.verdict()
        #expect(verdict.isProven)
        #expect((verdict.last, verdict.unsigned) == (0, 0))
    }

    @Test func `a portion is proven by a head over its end, and says where it begins`() throws {
        var portion = log
        portion.start = try head(4).chain
        portion.rows.removeFirst(4)
        let verdict = portion.verdict(earlier: [try head(2), try head(4), try head(6)])
        #expect(verdict.isProven)
        #expect((verdict.after, verdict.last, verdict.unsigned) == (4, 9, 0))
        #expect(verdict.headsBefore == 1)
        // That it begins with another hash than the log had is seen from any head.
        portion.start = try #require(ChainHead(count: 4, hash: [UInt8](repeating: 0, count: 32)))
        #expect(
            portion.verdict(earlier: [try head(4)]).fault
                == .rewritten(through: 4, head: try head(4)))
        #expect(portion.verdict().fault == .altered(number: 5))
    }

    @Test func `a head over records before a portion is passed over`() throws {
        var portion = log
        portion.start = try head(4).chain
        portion.rows.removeFirst(4)
        portion.notes.insert(try head(3).note(signedBy: signer), at: 0)
        #expect(portion.verdict().isProven)
    }

    @Test func `an altered record is named, whichever part of it was altered`() throws {
        let record = try AuditRecord(decoding: log.rows[4].record)
        func altered(_ change: (inout AuditEntry, inout AuditOrigin) -> Void) -> [UInt8] {
            var (entry, origin) = (record.entry, record.origin)
            change(&entry, &origin)
            return AuditRecord(number: 5, at: record.at, entry: entry, origin: origin).encoded()
        }
        let forgeries = [
            altered { entry, _ in entry.activity = .lockUser },
            altered { entry, _ in entry.targets = [AuditTarget(.user, "mallory")] },
            altered { entry, _ in entry.targets = [AuditTarget(.group, "user5")] },
            altered { entry, _ in entry.targets = [] },
            altered { entry, _ in entry.changes = [AuditChange("risk", to: "low")] },
            altered { entry, _ in entry.outcome = .failure(code: "no") },
            altered { entry, _ in entry.reason = "" },
            altered { _, origin in origin.who = .administrator("console") },
            altered { _, origin in origin.client = "mallory" },
            altered { _, origin in origin.from = "" },
            AuditRecord(
                number: 5, at: record.at + 1, entry: record.entry, origin: record.origin
            ).encoded(),
            [0], [],
        ]
        for forgery in forgeries {
            var tampered = log
            tampered.rows[4].record = forgery
            let verdict = tampered.verdict()
            #expect(verdict.fault == .altered(number: 5))
            #expect(verdict.last == 4)
            #expect(!verdict.isProven)
        }
    }

    @Test func `an altered hash is named`() {
        for hash in [[], log.rows[3].hash, log.rows[4].hash.replacing(0, with: 0)] {
            var tampered = log
            tampered.rows[4].hash = hash
            #expect(tampered.verdict().fault == .altered(number: 5))
        }
    }

    @Test func `a record altered with its own hash does not fit the next`() throws {
        var tampered = log
        let forged = AuditRecord(
            number: 5, at: 0, entry: AuditEntry(.lockUser), origin: .system("x")
        ).encoded()
        tampered.rows[4].record = forged
        tampered.rows[4].hash = try head(4).chain.appending(forged).hash
        #expect(tampered.verdict().fault == .altered(number: 6))
        #expect(
            tampered.verdict(earlier: [try head(5)]).fault
                == .rewritten(through: 5, head: try head(5)))
    }

    @Test func `a deleted record is named`() {
        for index in 0..<8 {
            var tampered = log
            tampered.rows.remove(at: index)
            #expect(tampered.verdict().fault == .missing(index + 1...index + 1))
        }
        var tampered = log
        tampered.rows.removeSubrange(2..<6)
        #expect(tampered.verdict().fault == .missing(3...6))
    }

    @Test func `a deleted record whose successors were renumbered is seen`() throws {
        // By line only, in the records too, and with all hashes made anew.
        var tampered = log
        tampered.rows.remove(at: 4)
        for index in 4..<8 { tampered.rows[index].number -= 1 }
        #expect(tampered.verdict().fault == .reordered(number: 6, place: 5))
        for index in 4..<8 {
            let record = try AuditRecord(decoding: tampered.rows[index].record)
            tampered.rows[index].record =
                AuditRecord(
                    number: index + 1, at: record.at, entry: record.entry, origin: record.origin
                ).encoded()
        }
        #expect(tampered.verdict().fault == .altered(number: 5))
        tampered.rechain()
        let all = try head(9)
        guard case .tailMissing(last: 8, let found) = tampered.verdict().fault else {
            Issue.record("the tail is not missed")
            return
        }
        #expect(found.chain == all.chain)
        #expect(
            tampered.verdict(earlier: [try head(6)]).fault
                == .rewritten(through: 6, head: try head(6)))
        // Nobody but the key can sign what is left.
        tampered.notes = []
        #expect(!tampered.verdict().isProven)
    }

    @Test func `swapped records are named`() {
        var tampered = log
        tampered.rows.swapAt(1, 2)
        #expect(tampered.verdict().fault == .reordered(number: 3, place: 2))
        tampered = log
        tampered.rows.swapAt(1, 7)
        #expect(tampered.verdict().fault == .reordered(number: 8, place: 2))
        // In the places of each other.
        tampered.rows[1].number = 2
        tampered.rows[7].number = 8
        #expect(tampered.verdict().fault == .reordered(number: 8, place: 2))
    }

    @Test func `a record that stands there twice is named`() {
        var tampered = log
        tampered.rows.insert(log.rows[3], at: 4)
        #expect(tampered.verdict().fault == .repeated(number: 4))
        tampered = log
        tampered.rows.append(log.rows[0])
        #expect(tampered.verdict().fault == .repeated(number: 1))
    }

    @Test func `an inserted record is seen`() throws {
        var tampered = log
        tampered.rows.insert(try next(after: log.rows[3]), at: 4)
        #expect(tampered.verdict().fault == .repeated(number: 5))
        tampered.rechain()
        #expect(tampered.verdict().fault == .reordered(number: 5, place: 6))
    }

    @Test func `a tail that was cut is found against any head over it`() throws {
        var tampered = log
        tampered.rows.removeLast(3)
        let signed = try #require(log.verdict().head)
        #expect(tampered.verdict().fault == .tailMissing(last: 6, head: signed))
        tampered.notes = [try head(6).note(signedBy: signer)]
        // That log is whole, as far as it can tell.
        #expect(tampered.verdict().isProven)
        #expect(
            tampered.verdict(earlier: [try head(8), try head(5)]).fault
                == .tailMissing(last: 6, head: try head(8)))
    }

    @Test func `a cut tail that was written anew is found against an earlier head`() throws {
        var tampered = log
        tampered.rows.removeLast(3)
        tampered.notes = []
        for _ in 0..<5 { tampered.rows.append(try next(after: try #require(tampered.rows.last))) }
        try tampered.sign()
        #expect(tampered.verdict().isProven)
        #expect(
            tampered.verdict(earlier: [try head(8)]).fault
                == .rewritten(through: 8, head: try head(8)))
    }

    @Test func `a rewritten log is seen from its heads`() throws {
        var tampered = log
        tampered.rows[2].record =
            AuditRecord(number: 3, at: 0, entry: AuditEntry(.addUser), origin: .system("x"))
            .encoded()
        tampered.rechain()
        let signed = try #require(log.verdict().head)
        #expect(tampered.verdict().fault == .rewritten(through: 9, head: signed))
        #expect(
            tampered.verdict(earlier: [try head(4)]).fault
                == .rewritten(through: 4, head: try head(4)))
        // Records before the alteration are as they were.
        #expect(tampered.verdict(earlier: [try head(2)]).last == 9)
    }

    @Test func `a log signed with another key is not the log`() throws {
        var tampered = log
        tampered.rows[2].record =
            AuditRecord(number: 3, at: 0, entry: AuditEntry(.addUser), origin: .system("x"))
            .encoded()
        tampered.rechain()
        tampered.notes = []
        try tampered.sign(with: Samples.signer(seed: 9))
        #expect(tampered.verdict().fault == .unsignedHead(line: 2, .notSignedByKey))
        // With the log's name and key id over another key's signature.
        let note = try #require(tampered.notes.first)
        let line = try #require(note.split(separator: "\n").last)
        let signature = try #require(line.split(separator: " ").last)
        tampered.notes = [note.replacing(signature, with: "Kbh7/F" + signature.dropFirst(6))]
        #expect(tampered.verdict().fault == .unsignedHead(line: 2, .wrongSignature))
    }

    @Test func `whoever has the key can rewrite what no witness has seen`() throws {
        var tampered = log
        tampered.rows.removeLast(2)
        tampered.notes = []
        try tampered.sign()
        #expect(tampered.verdict().isProven)
        #expect(
            tampered.verdict(earlier: [try head(8)]).fault
                == .tailMissing(last: 7, head: try head(8)))
    }

    @Test func `an export of another log is refused`() throws {
        let key = NoteVerifierKey(
            name: try NoteKeyName("other"), publicKey: signer.verifierKey.publicKey)
        var verifier = AuditVerifier(key: key)
        verifier.read(log.export)
        #expect(verifier.finish().fault == .otherLog(origin: "example.com/audit"))
        var tampered = log
        tampered.start = try #require(ChainHead(count: 0, hash: [UInt8](repeating: 1, count: 32)))
        #expect(tampered.verdict().fault == .alteredStart)
    }

    @Test func `what people read is held against what the record says`() throws {
        for (old, new) in [
            ("user:user5", "user:user6"), ("client:console", "client:mallory"),
            ("reason 5", "reason\\u00205"), ("\"success\"", "\"failure: no\""),
            (",\"client\"", ", \"client\""),
        ] {
            var lines = log.lines
            lines[6] = lines[6].replacing(old, with: new)
            #expect(lines[6] != log.lines[6])
            #expect(lines.export.verdict(signer).fault == .misquoted(number: 5))
        }
    }

    @Test func `lines that an export has not are refused`() throws {
        let lines = log.lines
        for (index, line) in [
            (0, "{}"), (0, lines[1]), (0, lines[2]), (0, lines[0] + " "), (1, ""), (1, "{}"),
            (1, "[]"), (3, lines[1]), (3, "null"), (5, "{\"number\":4}"), (5, "\u{FEFF}{}"),
            (2, "{\"number\":1,\"number\":1}"), (2, String(repeating: "[", count: 1000)),
        ] as [(Int, String)] {
            var odd = lines
            odd[index] = line
            #expect(odd.export.verdict(signer).fault == .malformedLine(index + 1))
        }
        #expect([UInt8]().verdict(signer).fault == .empty)
        #expect(log.export.dropLast().verdict(signer).fault == .unfinishedLine(11))
        let endless = [UInt8](repeating: 0x20, count: 256 * 1024 + 1)
        #expect(endless.verdict(signer).fault == .malformedLine(1))
        #expect((log.export + endless).verdict(signer).fault == .malformedLine(12))
    }

    @Test func `every flipped bit of an export is found`() throws {
        let short = try Log(2, signer: signer)
        var found: Set<String> = []
        for flipped in short.export.singleBitFlips {
            let verdict = flipped.verdict(signer)
            #expect(!verdict.isProven)
            if let fault = verdict.fault { found.insert(fault.code) }
        }
        #expect(found.isSuperset(of: ["malformed-line", "altered", "misquoted", "unsigned-head"]))
    }

    @Test func `every export that breaks off is found`() throws {
        let short = try Log(2, signer: signer)
        for prefix in short.export.properPrefixes { #expect(!prefix.verdict(signer).isProven) }
    }

    @Test func `nothing traps on garbage`() throws {
        var random = SplitMix64(seed: 77)
        let export = try Log(4, signer: signer).export
        for _ in 0..<1500 {
            var bytes = export
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let (from, to) = (
                    Int.random(in: 0..<bytes.count, using: &random),
                    Int.random(in: 0..<bytes.count, using: &random)
                )
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[from] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(min(from, to)..<min(max(from, to), min(from, to) + 40))
                case 2: bytes.insert(contentsOf: random.bytes(3), at: from)
                default: bytes.swapAt(from, to)
                }
            }
            guard bytes != export else { continue }
            #expect(!bytes.verdict(signer).isProven)
        }
        for length in 0..<500 {
            #expect(!random.bytes(length).verdict(signer).isProven)
        }
    }
}
