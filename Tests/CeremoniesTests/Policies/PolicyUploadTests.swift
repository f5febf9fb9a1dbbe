import Ceremonies
import ConditionalAccess
import Testing

struct PolicyUploadTests {
    @Test func `files come in parts, in the order in which they begin`() throws {
        var upload = PolicyUpload()
        try upload.append(Array("a1".utf8), toFile: "b.yaml")
        try upload.append(Array("x".utf8), toFile: "a.yaml")
        try upload.append(Array("a2".utf8), toFile: "b.yaml")
        #expect(
            upload.files == [
                PolicyFile(name: "b.yaml", bytes: Array("a1a2".utf8)),
                PolicyFile(name: "a.yaml", bytes: Array("x".utf8)),
            ])
        #expect(upload.byteCount == 5)
    }

    @Test(arguments: [
        "", " a", "a:1", "a\nb", "ä.yaml", "\u{202E}a", "a\u{1B}[2J",
        String(repeating: "a", count: 129),
    ])
    func `refuses names that a message could not show`(_ name: String) {
        var upload = PolicyUpload()
        #expect(throws: PolicyUploadFailure.name) { try upload.append([1], toFile: name) }
        #expect(upload.files.isEmpty)
    }

    @Test func `takes 10 MiB and not a byte more`() throws {
        var upload = PolicyUpload()
        let half = [UInt8](repeating: 0x23, count: 5 * 1_048_576)
        try upload.append(half, toFile: "a")
        try upload.append(half, toFile: "b")
        #expect(throws: PolicyUploadFailure.tooLarge) { try upload.append([0x23], toFile: "a") }
        try upload.append([], toFile: "a")
        #expect(upload.byteCount == 10 * 1_048_576)
    }

    @Test func `takes 1000 files`() throws {
        var upload = PolicyUpload()
        for number in 0..<1000 { try upload.append([1], toFile: "\(number)") }
        #expect(throws: PolicyUploadFailure.tooManyFiles) { try upload.append([1], toFile: "x") }
        try upload.append([1], toFile: "999")
        #expect(upload.files.count == 1000)
    }

    @Test func `each failure has a code of its own and says what is allowed`() {
        let all = PolicyUploadFailure.allCases
        #expect(Set(all.map(\.rawValue)).count == all.count)
        #expect(all.allSatisfy { $0.advice.contains("1") })
    }
}
