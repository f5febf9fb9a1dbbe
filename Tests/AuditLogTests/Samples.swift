import AuditLog
import Cryptography
import Encoding
import TestSupport

/// A log that tests are made with. Its bytes and hashes were computed apart from the code under test.
enum Samples {
    static let origin = "example.com/audit"
    static let verifierKey =
        "example.com/audit+29b87bfc+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

    static let genesis = "14ae3c53ce999141dde795a8cf14fb04ddbf62cd5792a2ebe6eb2f4d76133c47"
    static let first = """
        ab6261741b000001a20ed6123b63637574f46377686f826d61646d696e6973747261746f7265616c69636564\
        66726f6d68756964203130303066636c69656e7467636f6e736f6c65666e756d6265720166726561736f6e60\
        676368616e6765738283666d656d626572f663626f6283646e6f746561616162676661696c757265f6677461\
        7267657473828264757365726362\
        6f62826567726f75706661646d696e73686163746976697479736164642d6d656d6265722d746f2d67726f7570
        """
    static let firstHash = "c2300493323496ea2b5e7de5e1e01f572427746ce024c43b11dea063c8a0bdf6"
    static let second = """
        ab6261742063637574f46377686f826673797374656d667365727665726466726f6d6066636c69656e7460\
        666e756d6265720266726561736f6e6474c3a90a676368616e67657380676661696c7572656a73746f7265\
        2d66756c6c677461726765747380\
        6861637469766974796e7365727665722d73746f70706564
        """
    static let secondHash = "97f2c7803e0e87f21c3e69a1b423a6116ec8c34224a169c7551b60e24840f159"
    static let head = """
        example.com/audit
        2
        l/LHgD4Oh/IcPmmhtCOmEW7Iw0IkoWnHVRtg4khA8Vk=
        time 1795545300000

        — example.com/audit Kbh7/Fwt8F3V+UcWseCuYe9zlLBH8NuUJgt2aOKxXylHZEL8l3MrU8kH2TERLgPEXVqKrafXEbMieJhpBw0G1NpJ/gA=

        """

    static func name() throws -> NoteKeyName { try NoteKeyName(origin) }

    static func signer(seed: UInt8 = 0) throws -> NoteSigner {
        let privateKey = try Ed25519PrivateKey(rawRepresentation: (0..<32).map { $0 + seed })
        return NoteSigner(name: try name(), privateKey: privateKey)
    }

    static let records = [
        AuditRecord(
            number: 1, at: 1_795_545_240_123,
            entry: AuditEntry(
                .addMemberToGroup, [AuditTarget(.user, "bob"), AuditTarget(.group, "admins")],
                changes: [
                    AuditChange("member", to: "bob"), AuditChange("note", from: "a", to: "b"),
                ]),
            origin: AuditOrigin(
                who: .administrator("alice"), client: "console", from: "uid 1000")),
        AuditRecord(
            number: 2, at: -1,
            entry: AuditEntry(
                .serverStopped, outcome: .failure(code: "store-full"), reason: "té\n"),
            origin: .system("server")),
    ]
}

/// A log in memory, to export and to tamper with.
struct Log {
    struct Row {
        var number: Int
        var record: [UInt8]
        var hash: [UInt8]
    }

    var rows: [Row] = []
    var notes: [String] = []
    var start: ChainHead
    let signer: NoteSigner

    /// A log of `count` records, whose clock runs backwards now and then, with a head over all of them.
    init(_ count: Int, signer: NoteSigner) throws {
        self.signer = signer
        start = ChainHead(origin: signer.verifierKey.name.text)
        for number in 1...count {
            let at = 1_795_545_240_000 + Int64(number) * (number.isMultiple(of: 3) ? -5000 : 1000)
            let entry = AuditEntry(
                AuditActivity.allCases[number % AuditActivity.allCases.count],
                [AuditTarget(.user, "user\(number)")], reason: "reason \(number)")
            let origin = AuditOrigin(who: .client, client: "console", from: "uid \(number)")
            append(AuditRecord(number: number, at: at, entry: entry, origin: origin).encoded())
        }
        try sign()
    }

    /// The head after a row, as rows have it.
    var head: ChainHead {
        rows.last.flatMap { ChainHead(count: $0.number, hash: $0.hash) } ?? start
    }

    mutating func append(_ record: [UInt8]) {
        let next = head.appending(record)
        rows.append(Row(number: next.count, record: record, hash: next.hash))
    }

    /// Signs a head over all rows and gives the head.
    @discardableResult mutating func sign(with other: NoteSigner? = nil) throws -> AuditHead {
        let signer = other ?? signer
        let head = AuditHead(origin: signer.verifierKey.name, chain: head, at: 1_795_545_300_000)
        notes.append(try head.note(signedBy: signer))
        return head
    }

    /// Makes all hashes anew, as one who knows how would.
    mutating func rechain() {
        let old = rows
        rows = []
        for row in old { append(row.record) }
    }

    var lines: [String] {
        [AuditExport.header(origin: signer.verifierKey.name, after: start)]
            + notes.map(AuditExport.head)
            + rows.map { AuditExport.record(number: $0.number, bytes: $0.record, hash: $0.hash) }
    }

    var export: [UInt8] { lines.export }

    func verdict(earlier: [AuditHead] = []) -> AuditVerdict { export.verdict(signer, earlier) }
}

extension [String] {
    var export: [UInt8] { [UInt8](map { $0 + "\n" }.joined().utf8) }
}

extension [UInt8] {
    func verdict(_ signer: NoteSigner, _ earlier: [AuditHead] = []) -> AuditVerdict {
        var verifier = AuditVerifier(key: signer.verifierKey, earlierHeads: earlier)
        verifier.read(self)
        return verifier.finish()
    }
}
