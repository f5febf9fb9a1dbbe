import AuditLog
import Encoding
import TestSupport
import Testing

struct AuditExportTests {
    @Test func `lines look like this`() throws {
        let genesis = ChainHead(origin: Samples.origin)
        #expect(
            AuditExport.header(origin: try Samples.name(), after: genesis) == """
                {"countersign-audit":1,"origin":"example.com/audit","after":0,\
                "hash":"FK48U86ZkUHd55WozxT7BN2_Ys1XkqLr5usvTXYTPEc"}
                """)
        #expect(AuditExport.head("a\n\u{202E}") == #"{"head":"a\u000a\u202e"}"#)
        let second = try AuditExport.record(
            number: 2, bytes: Hex.decode(Samples.second), hash: Hex.decode(Samples.secondHash))
        #expect(
            second == """
                {"number":2,"at":"-1","activity":"server-stopped","by":"system:server","client":"",\
                "from":"","targets":[],"changes":[],"outcome":"failure: store-full",\
                "reason":"té\\u000a","record":"q2JhdCBjY3V09GN3aG-CZnN5c3RlbWZzZXJ2ZXJkZnJvbWBmY2xpZW50\
                YGZudW1iZXICZnJlYXNvbmR0w6kKZ2NoYW5nZXOAZ2ZhaWx1cmVqc3RvcmUtZnVsbGd0YXJnZXRzgGhhY3Rpdm\
                l0eW5zZXJ2ZXItc3RvcHBlZA","hash":"l_LHgD4Oh_IcPmmhtCOmEW7Iw0IkoWnHVRtg4khA8Vk"}
                """)
        let first = try AuditExport.record(
            number: 1, bytes: Hex.decode(Samples.first), hash: Hex.decode(Samples.firstHash))
        #expect(
            first.hasPrefix(
                """
                {"number":1,"at":"2026-11-24T18:34:00.123Z","activity":"add-member-to-group",\
                "by":"administrator:alice","client":"console","from":"uid 1000",\
                "targets":["user:bob","group:admins"],\
                "changes":[["member",null,"bob"],["note","a","b"]],"outcome":"success","reason":"",\
                "record":"
                """))
    }

    @Test func `bytes that are no record are exported as they are`() {
        #expect(
            AuditExport.record(number: 3, bytes: [1, 2], hash: [3])
                == #"{"number":3,"record":"AQI","hash":"Aw"}"#)
    }

    @Test func `hostile text stands in a line and does nothing`() throws {
        let hostile = "\u{1B}]0;x\u{7}\r\n\u{202E}</script>\"\\\u{0}\u{9B}\u{E0001}"
        let record = AuditRecord(
            number: 1, at: 0,
            entry: AuditEntry(
                .updateUser, [AuditTarget(.user, hostile)],
                changes: [AuditChange(hostile, from: hostile, to: hostile)],
                outcome: .failure(code: hostile), reason: hostile),
            origin: AuditOrigin(who: .administrator(hostile), client: hostile, from: hostile))
        let line = AuditExport.record(number: 1, bytes: record.encoded(), hash: [])
        #expect(!line.unicodeScalars.contains(where: HarmlessText.isHarmful))
        let json = try JSON.decode(Array(line.utf8))
        #expect(json["reason"] == .string(hostile))
        #expect(json["by"] == .string("administrator:\(hostile)"))
    }

    @Test func `a record that was cut says so`() throws {
        let record = AuditRecord(
            number: 1, at: 0,
            entry: AuditEntry(.updateUser, reason: String(repeating: "a", count: 600)),
            origin: .system("server"))
        let line = AuditExport.record(number: 1, bytes: record.encoded(), hash: [])
        #expect(try JSON.decode(Array(line.utf8))["cut"] == true)
    }
}
