import AuditLog
import Ceremonies
import CredentialStore
import Foundation
import GRDB
import Secrets
import Testing

/// A store with an audit log in a folder of its own.
private final class AuditRoom {
    let path: String
    let store: SQLiteStore
    let vault = SecretVault(KeyRing())
    var now = Timestamp(milliseconds: 1_795_545_240_000)

    init() throws {
        path = NSTemporaryDirectory() + "/countersign-audit-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        store = try SQLiteStore(path: path + "/store.sqlite")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func heads() throws -> AuditHeads { try AuditHeads(store: store, vault: vault) }

    func append(_ count: Int) throws {
        for _ in 0..<count {
            now = now.advanced(by: .seconds(1))
            try store.append(AuditEntry(.serverStarted), by: .system("server"), at: now)
        }
    }

    func execute(_ sql: String) throws {
        try store.pool.write { try $0.execute(sql: sql) }
    }

    /// What a verification of an export of everything says.
    func verdict(_ heads: AuditHeads, earlier: [AuditHead] = []) throws -> AuditVerdict {
        var verifier = AuditVerifier(key: heads.verifierKey, earlierHeads: earlier)
        let name = try store.auditLogName()
        var lines = [AuditExport.header(origin: name, after: ChainHead(origin: name.text))]
        lines += try store.auditHeadNotes(limit: 8).map(AuditExport.head)
        lines += try store.auditRows(after: 0, limit: 10_000).map {
            AuditExport.record(number: $0.number, bytes: $0.bytes, hash: $0.hash)
        }
        for line in lines { verifier.read((line + "\n").utf8) }
        return verifier.finish()
    }
}

struct AuditHeadsTests {
    private let room: AuditRoom

    init() throws { room = try AuditRoom() }

    @Test func `the key is made once, sealed, and stays`() throws {
        let heads = try room.heads()
        #expect(heads.verifierKey.name == (try room.store.auditLogName()))
        #expect(try room.heads().verifierKey.description == heads.verifierKey.description)
        let sealed = try #require(try room.store.serverSecret(named: "audit-key"))
        #expect(sealed.count == 65)
        let other = SecretVault(KeyRing())
        #expect(throws: AuditHeadError.secret(.notSealedHere)) {
            try AuditHeads(store: room.store, vault: other)
        }
        #expect(try AuditRoom().heads().verifierKey.description != heads.verifierKey.description)
    }

    @Test func `a head is signed over the log as it is`() throws {
        let heads = try room.heads()
        try room.append(3)
        let note = try heads.signHead(at: room.now)
        let head = try AuditHead(verifying: note, with: heads.verifierKey)
        #expect(head.chain == (try room.store.auditHead()))
        #expect(head.chain.count == 3)
        #expect(head.at == room.now.milliseconds)
        #expect(try room.store.auditHeadNotes(limit: 9) == [note])
        #expect(try room.verdict(heads).isProven)
    }

    @Test func `none is signed where nothing was appended since`() throws {
        let heads = try room.heads()
        #expect(throws: AuditHeadError.noRecords) { try heads.signHead(at: room.now) }
        try room.append(1)
        let note = try heads.signHead(at: room.now)
        #expect(try heads.signHead(at: room.now.advanced(by: .seconds(300))) == note)
        #expect(try room.heads().signHead(at: room.now.advanced(by: .seconds(600))) == note)
        try room.append(1)
        let next = try heads.signHead(at: room.now)
        #expect(try room.store.auditHeadNotes(limit: 9) == [next, note])
        let earlier = try AuditHead(verifying: note, with: heads.verifierKey)
        #expect(try room.verdict(heads, earlier: [earlier]).isProven)
    }

    @Test func `many records are signed a page at a time`() throws {
        let heads = try room.heads()
        try room.append(255)
        _ = try heads.signHead(at: room.now)
        try room.append(600)
        _ = try heads.signHead(at: room.now)
        let verdict = try room.verdict(heads)
        #expect(verdict.isProven)
        #expect((verdict.last, verdict.unsigned) == (855, 0))
    }

    @Test func `no head is signed over what was altered since the last`() throws {
        let heads = try room.heads()
        try room.append(4)
        _ = try heads.signHead(at: room.now)
        try room.append(4)
        try room.execute("UPDATE audit_record SET record = x'01' WHERE number = 6")
        let broken = AuditHeadError.broken(.altered(number: 6))
        #expect(throws: broken) { try heads.signHead(at: room.now) }
        // What comes after is written, and not signed.
        try room.append(1)
        #expect(throws: broken) { try heads.signHead(at: room.now) }
        #expect(try room.store.auditHeadNotes(limit: 9).count == 1)
        let verdict = try room.verdict(heads)
        #expect(verdict.fault == .altered(number: 6))
        #expect(broken.code == "altered")
    }

    @Test func `no head is signed where records are missing`() throws {
        let heads = try room.heads()
        try room.append(4)
        let note = try heads.signHead(at: room.now)
        let head = try AuditHead(verifying: note, with: heads.verifierKey)
        try room.append(4)
        try room.execute("DELETE FROM audit_record WHERE number IN (6, 7)")
        #expect(throws: AuditHeadError.broken(.missing(6...7))) {
            try heads.signHead(at: room.now)
        }
        try room.execute("DELETE FROM audit_record WHERE number > 2")
        #expect(throws: AuditHeadError.broken(.tailMissing(last: 2, head: head))) {
            try heads.signHead(at: room.now)
        }
        try room.append(4)
        #expect(throws: AuditHeadError.broken(.rewritten(through: 4, head: head))) {
            try heads.signHead(at: room.now)
        }
        try room.execute("DELETE FROM audit_record WHERE number = 4")
        #expect(throws: AuditHeadError.broken(.missing(4...4))) {
            try heads.signHead(at: room.now)
        }
    }

    @Test func `a head that others wrote into the store is not gone on from`() throws {
        let heads = try room.heads()
        try room.append(1)
        _ = try heads.signHead(at: room.now)
        let name = try room.store.auditLogName().text
        try room.execute(
            "UPDATE audit_head SET note = replace(note, 'time', 'Time') WHERE count = 1")
        #expect(throws: AuditHeadError.broken(.unsignedHead(line: 1, .wrongSignature))) {
            try heads.signHead(at: room.now)
        }
        try room.execute("UPDATE audit_head SET note = '\(name)' WHERE count = 1")
        #expect(throws: AuditHeadError.broken(.unsignedHead(line: 1, .malformedNote))) {
            try heads.signHead(at: room.now)
        }
    }

    @Test func `a head that is deleted is signed again, and contradicts no witness`() throws {
        let heads = try room.heads()
        try room.append(3)
        let note = try heads.signHead(at: room.now)
        let head = try AuditHead(verifying: note, with: heads.verifierKey)
        try room.execute("DELETE FROM audit_head WHERE count > 0")
        try room.append(2)
        _ = try heads.signHead(at: room.now)
        #expect(try room.verdict(heads, earlier: [head]).isProven)
        // A tail cut together with its heads: the server cannot tell; the witness can.
        try room.execute("DELETE FROM audit_record WHERE number > 1")
        try room.execute("DELETE FROM audit_head WHERE count > 0")
        try room.append(1)
        _ = try heads.signHead(at: room.now)
        #expect(try room.verdict(heads).isProven)
        #expect(
            try room.verdict(heads, earlier: [head]).fault == .tailMissing(last: 2, head: head))
    }
}
