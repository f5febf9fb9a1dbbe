import AuditLog
import Encoding
import TestSupport
import Testing

struct AuditRecordTests {
    @Test func `records have these bytes`() throws {
        #expect(Hex.encode(Samples.records[0].encoded()) == Samples.first)
        #expect(Hex.encode(Samples.records[1].encoded()) == Samples.second)
    }

    @Test func `bytes are read back, and written the same again`() throws {
        for (bytes, record) in [
            (Samples.first, Samples.records[0]), (Samples.second, Samples.records[1]),
        ] {
            let bytes = try Hex.decode(bytes)
            let read = try AuditRecord(decoding: bytes)
            #expect(read == record)
            #expect(read.encoded() == bytes)
            #expect(!read.isCut)
        }
    }

    @Test func `no part of a record is a record`() throws {
        for hex in [Samples.first, Samples.second] {
            let bytes = try Hex.decode(hex)
            for prefix in bytes.properPrefixes {
                #expect(throws: AuditLogError.self) { try AuditRecord(decoding: prefix) }
            }
            #expect(throws: AuditLogError.malformedRecord(.trailingBytes(count: 1))) {
                try AuditRecord(decoding: bytes + [0])
            }
        }
    }

    @Test func `a flipped bit makes another record or none`() throws {
        for hex in [Samples.first, Samples.second] {
            let bytes = try Hex.decode(hex)
            var others = 0
            for flipped in bytes.singleBitFlips {
                guard let record = try? AuditRecord(decoding: flipped) else { continue }
                #expect(record.encoded() == flipped)
                others += 1
            }
            #expect(others > 50)
        }
    }

    @Test func `every activity, kind of target and outcome comes back`() throws {
        for (index, activity) in AuditActivity.allCases.enumerated() {
            let kinds = AuditTarget.Kind.allCases
            let who: [AuditOrigin.Who] = [.administrator("a"), .client, .system("s")]
            let record = AuditRecord(
                number: index + 1, at: Int64(index),
                entry: AuditEntry(
                    activity, [AuditTarget(kinds[index % kinds.count], "x")],
                    outcome: index % 2 == 0 ? .success : .failure(code: "no")),
                origin: AuditOrigin(who: who[index % 3], client: "c", from: "f"))
            #expect(try AuditRecord(decoding: record.encoded()) == record)
        }
    }

    @Test func `names of activities are kebab-case and differ`() {
        let names = AuditActivity.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count)
        for name in names + AuditTarget.Kind.allCases.map(\.rawValue) {
            #expect(name.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
        }
        #expect(AuditActivity.addMemberToRole.category == .roleManagement)
        #expect(AuditActivity.allCases.filter(\.isAutomatic).count == 8)
    }

    @Test func `what is too long is cut, and says so`() throws {
        let long = String(repeating: "é", count: 400)
        let record = AuditRecord(
            number: 7, at: 0,
            entry: AuditEntry(
                .updateUser, [AuditTarget(.user, long)],
                changes: [AuditChange(long, from: long, to: long)],
                outcome: .failure(code: long), reason: long),
            origin: AuditOrigin(who: .administrator(long), client: long, from: long))
        #expect(record.isCut)
        let name = String(repeating: "é", count: 126) + "…"
        let word = String(repeating: "é", count: 30) + "…"
        let value = String(repeating: "é", count: 254) + "…"
        #expect(record.entry.targets == [AuditTarget(.user, name)])
        #expect(record.entry.changes == [AuditChange(word, from: value, to: value)])
        #expect(record.entry.outcome == .failure(code: word))
        #expect(record.entry.reason == value)
        #expect(
            record.origin == AuditOrigin(who: .administrator(name), client: name, from: name))
        #expect(try AuditRecord(decoding: record.encoded()) == record)
    }

    @Test func `what just fits is not cut`() throws {
        let (name, value) = (
            String(repeating: "n", count: 256), String(repeating: "v", count: 512)
        )
        let entry = AuditEntry(.updateUser, [AuditTarget(.user, name)], reason: value)
        let record = AuditRecord(
            number: 7, at: 0, entry: entry,
            origin: AuditOrigin(who: .system(name), client: name, from: name))
        #expect(record.entry == entry)
        #expect(!record.isCut)
    }

    @Test func `too many targets and changes are left out`() throws {
        let value = String(repeating: "\0", count: 512)
        let record = AuditRecord(
            number: 7, at: 0,
            entry: AuditEntry(
                .applyPolicies, (1...9).map { AuditTarget(.policy, "\($0)") },
                changes: (1...100).map { AuditChange("\($0)", from: value, to: value) }),
            origin: .system("server"))
        #expect(record.isCut)
        #expect(record.entry.targets.map(\.name) == ["1", "2", "3", "4", "5", "6", "7", "8"])
        #expect(record.entry.changes.map(\.property) == ["1", "2", "3", "4", "5", "6", "7"])
        #expect(record.encoded().count <= 8192)
        #expect(try AuditRecord(decoding: record.encoded()) == record)
    }

    @Test func `the longest names are a record too`() throws {
        let long = String(repeating: "\u{10FFFF}", count: 5000)
        let record = AuditRecord(
            number: .max, at: .min,
            entry: AuditEntry(
                .addMemberToGroup,
                [AuditTarget](repeating: AuditTarget(.appPassword, long), count: 99),
                changes: [AuditChange](
                    repeating: AuditChange(long, from: long, to: long), count: 99),
                outcome: .failure(code: long), reason: long),
            origin: AuditOrigin(who: .administrator(long), client: long, from: long))
        #expect(record.encoded().count <= 8192)
        #expect(record.entry.changes.count == 4)
        #expect(try AuditRecord(decoding: record.encoded()).encoded() == record.encoded())
    }

    @Test func `records over 8 KiB are not read`() {
        #expect(throws: AuditLogError.recordTooLong) {
            try AuditRecord(decoding: [UInt8](repeating: 0, count: 8193))
        }
    }

    /// The members of the first sample, with some of them others.
    private func members(_ change: (inout [CBOR: CBOR]) -> Void) throws -> [UInt8] {
        var members = try #require(CBOR.decode(Hex.decode(Samples.first)).mapValue)
        change(&members)
        return CBOR.map(members).encoded()
    }

    @Test func `a member that is missing, odd or unknown is named`() throws {
        let odd: [(String, CBOR)] = [
            ("number", 0), ("number", -1), ("number", "1"), ("at", .unsigned(.max)),
            ("activity", "do-nothing"), ("targets", [["user"]]), ("targets", [["door", "x"]]),
            ("targets", .null), ("changes", [["a", 1, .null]]), ("changes", [["a", "b"]]),
            ("failure", false), ("reason", .null), ("who", []), ("who", ["client", "x"]),
            ("who", ["system"]), ("who", ["administrator", "a", "b"]), ("who", ["god", "a"]),
            ("client", 1), ("from", .null), ("cut", 0),
        ]
        for (member, value) in odd {
            let bytes = try members { $0[.text(member)] = value }
            #expect(throws: AuditLogError.unreadableRecord(member: member)) {
                try AuditRecord(decoding: bytes)
            }
        }
        for member in ["number", "at", "activity", "targets", "changes", "failure", "cut", "from"] {
            let bytes = try members { $0[.text(member)] = nil }
            #expect(throws: AuditLogError.unreadableRecord(member: member)) {
                try AuditRecord(decoding: bytes)
            }
        }
        let more = try members { $0["more"] = 1 }
        #expect(throws: AuditLogError.unreadableRecord(member: "more")) {
            try AuditRecord(decoding: more)
        }
        #expect(throws: AuditLogError.unreadableRecord(member: "number")) {
            try AuditRecord(decoding: [0x80])
        }
    }

    @Test func `texts beyond the bounds are not read`() throws {
        let long = try members { $0["reason"] = .text(String(repeating: "a", count: 513)) }
        #expect(throws: AuditLogError.unreadableRecord(member: "")) {
            try AuditRecord(decoding: long)
        }
        let many = try members {
            $0["targets"] = .array([CBOR](repeating: ["user", "a"], count: 9))
        }
        #expect(throws: AuditLogError.unreadableRecord(member: "")) {
            try AuditRecord(decoding: many)
        }
    }

    @Test func `nothing traps on bytes of any kind`() throws {
        var random = SplitMix64(seed: 41)
        let first = try Hex.decode(Samples.first)
        for round in 0..<20_000 {
            var bytes =
                round % 2 == 0 ? random.bytes(Int.random(in: 0..<64, using: &random)) : first
            for _ in 0..<Int.random(in: 1..<5, using: &random) where !bytes.isEmpty {
                let offset = Int.random(in: 0..<bytes.count, using: &random)
                bytes[offset] = UInt8.random(in: 0...255, using: &random)
            }
            if let record = try? AuditRecord(decoding: bytes) {
                #expect(record.encoded() == bytes)
            }
        }
    }

    @Test func `who acted and what it was done to are one word each`() {
        #expect(AuditOrigin(who: .client, client: "console", from: "").actor == "client:console")
        #expect(
            AuditOrigin(who: .administrator("a:b"), client: "c", from: "").actor
                == "administrator:a:b")
        #expect(AuditOrigin.system("sweeper").actor == "system:sweeper")
        #expect(AuditTarget(.appPassword, "7").word == "app-password:7")
    }
}
