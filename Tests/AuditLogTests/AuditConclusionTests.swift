import AuditLog
import TestSupport
import Testing

struct AuditConclusionTests {
    private let signer: NoteSigner
    private var log: Log

    init() throws {
        signer = try Samples.signer()
        log = try Log(9, signer: signer)
    }

    @Test func `a proven log is said to be so`() {
        #expect(
            log.verdict().conclusion == [
                "Records 1 to 9 are as they were signed at 2026-11-24T18:35:00.000Z."
            ])
    }

    @Test func `a fault is said with what is in order before it`() {
        var tampered = log
        tampered.rows.remove(at: 4)
        #expect(
            tampered.verdict().conclusion == [
                "The log is not what it was: record 5 is missing.",
                "Before that, records 1 to 4 are in order.",
            ])
        tampered.rows.remove(at: 0)
        #expect(
            tampered.verdict().conclusion == [
                "The log is not what it was: record 1 is missing."
            ])
    }

    @Test func `what no head is over is said`() throws {
        var bare = log
        bare.notes = []
        #expect(
            bare.verdict().conclusion == [
                "No signed head is over these records: records 1 to 9 are in order, and could have been written anew."
            ])
        var portion = log
        portion.start = try #require(ChainHead(count: 4, hash: log.rows[3].hash))
        portion.rows.removeFirst(4)
        let early = AuditHead(
            origin: signer.verifierKey.name,
            chain: try #require(ChainHead(count: 2, hash: log.rows[1].hash)), at: 0)
        portion.append(
            AuditRecord(
                number: 10, at: 0, entry: AuditEntry(.addUser), origin: .system("x")
            ).encoded())
        #expect(
            portion.verdict(earlier: [early]).conclusion == [
                "Records 5 to 9 are as they were signed at 2026-11-24T18:35:00.000Z.",
                "No head is signed over the last 1; they are in order, and could have been written anew.",
                "The export begins after record 4; what came before is not in it.",
                "Heads over records before that were not compared: 1.",
            ])
    }

    @Test func `findings say what was found, and do nothing to a terminal`() throws {
        let chain = try #require(ChainHead(count: 9, hash: log.rows[8].hash))
        let head = AuditHead(origin: signer.verifierKey.name, chain: chain, at: 5)
        let findings: [(AuditFault, String)] = [
            (.malformedLine(3), "line 3 is not one of an audit export"),
            (
                .altered(number: 5),
                "record 5 was altered: its hash is not that of what it says and of the records before it"
            ),
            (.missing(2...2), "record 2 is missing"),
            (.missing(2...4), "records 2 to 4 are missing"),
            (.repeated(number: 4), "record 4 stands there twice"),
            (.reordered(number: 3, place: 2), "record 3 stands where record 2 belongs"),
            (.otherLog(origin: "\u{1B}"), "the export is of another log, \\u{1b}, than the key"),
            (
                .tailMissing(last: 6, head: head),
                "the log had 9 records at 1970-01-01T00:00:00.005Z, and the export ends with 6: its tail is missing"
            ),
            (
                .rewritten(through: 9, head: head),
                "records up to 9 are not those that were signed at 1970-01-01T00:00:00.005Z: the log was rewritten"
            ),
            (
                .unsignedHead(line: 2, .notSignedByKey),
                "the head in line 2 is not signed by the log's key"
            ),
        ]
        for (fault, finding) in findings { #expect(fault.finding == finding) }
    }
}
