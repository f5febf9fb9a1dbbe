import AuditLog
import Cryptography
import Encoding
import TestSupport
import Testing

struct SignedNoteTests {
    /// The example of Go's note package, and that of the C2SP specification's keys.
    private enum Known {
        static let seed = "810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173"
        static let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
        static let text = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            """
        static let note = """
            If you think cryptography is the answer to your problem,
            then you don't know what your problem is.

            — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

            """
        static let exampleKey =
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
        static let exampleNote = """
            This is an example message.

            — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=

            """
    }

    @Test func `notes of others verify`() throws {
        for (note, key) in [(Known.note, Known.key), (Known.exampleNote, Known.exampleKey)] {
            let read = try SignedNote(note)
            try read.verify(with: NoteVerifierKey(key))
            #expect(read.encoded == note)
        }
    }

    @Test func `a note is signed as others sign it`() throws {
        let signer = NoteSigner(
            name: try NoteKeyName("PeterNeumann"),
            privateKey: try Ed25519PrivateKey(rawRepresentation: Hex.decode(Known.seed)))
        #expect(signer.verifierKey.description == Known.key)
        #expect(try SignedNote(Known.text, signedBy: signer).encoded == Known.note)
    }

    @Test(arguments: [
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "TEST+7997405c+AQcC+FTVKf0jlTdHDY3rbevmnKxxPjigCXlVtGe6RIr6",
        "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop", Samples.verifierKey,
    ])
    func `verifier keys are read and written`(key: String) throws {
        #expect(try NoteVerifierKey(key).description == key)
    }

    @Test(arguments: [
        "", "+", "++", "PeterNeumann", "PeterNeumann+c74f20a3", "PeterNeumann+c74f20a3+",
        // Another id, in capitals, short; a space, a wrong algorithm, a key of another length, one byte more.
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+4f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2",
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq_LDE4izWy10TW",
    ])
    func `what is no verifier key is refused`(key: String) {
        #expect(throws: AuditLogError.malformedVerifierKey) { try NoteVerifierKey(key) }
    }

    @Test func `names have no spaces, plus signs or control characters`() throws {
        for name in ["a", "example.com/log", "日本", "c\u{301}", String(repeating: "a", count: 255)] {
            #expect(try NoteKeyName(name).text == name)
        }
        for name in [
            "", "a b", "a\u{A0}b", "a\u{3000}", "a+b", "a\nb", "\u{202E}a", "a\u{0}",
            String(repeating: "a", count: 256),
        ] {
            #expect(throws: AuditLogError.badKeyName) { try NoteKeyName(name) }
        }
        #expect(try NoteKeyName("\u{E9}") != NoteKeyName("e\u{301}"))
    }

    @Test func `every flipped bit of a note spoils it or its signature`() throws {
        let key = try NoteVerifierKey(Known.key)
        for flipped in Array(Known.note.utf8).singleBitFlips {
            guard let text = String(validating: flipped, as: UTF8.self) else { continue }
            #expect(throws: AuditLogError.self) { try SignedNote(text).verify(with: key) }
        }
        for prefix in Array(Known.note.utf8).properPrefixes {
            let text = String(decoding: prefix, as: UTF8.self)
            #expect(throws: AuditLogError.malformedNote) { try SignedNote(text) }
        }
    }

    @Test(arguments: [
        "", "\n", "\n\n", "\n\n\n", "text\n\n", "text\n\n\n", "text\n\n— a\n",
        "text\n\n— a AAAAAAA=",
        "text\n\n- a AAAAAAA=\n", "text\n\n— a  AAAAAAA=\n",
        "text\n\n— a AAAAAAA= \n", "text\n\n— a AAAAAAA\n", "text\n\n— a AAAAAAB=\n",
        "text\n\n— a AAAAAA==\n", "text\n\n— a+b AAAAAAA=\n", "te\txt\n\n— a AAAAAAA=\n",
        "text\r\n\n— a AAAAAAA=\n", "text\n\n— a AAAAAAA=\r\n", "text\n\n— a AAAA_AA=\n",
    ])
    func `what is no note is refused`(note: String) {
        #expect(throws: AuditLogError.malformedNote) { try SignedNote(note) }
    }

    @Test func `the text may have empty lines`() throws {
        let note = try SignedNote("a\n\nb\n\n— a AAAAAAA=\n")
        #expect(note.text == "a\n\nb\n")
        #expect(note.signatures.map(\.bytes) == [[0]])
        #expect(note.signatures.map(\.identifier) == [[0, 0, 0, 0]])
    }

    @Test func `signatures by others are of no account`() throws {
        let key = try NoteVerifierKey(Known.key)
        let own =
            "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
        let others = "— witness AAAAAAAA\n— PeterNeumann AAAAAAA=\n"
        try SignedNote("\(Known.text)\n\(others)\(own)").verify(with: key)
        try SignedNote("\(Known.text)\n\(own)\(others)\(own)").verify(with: key)
        #expect(throws: AuditLogError.notSignedByKey) {
            try SignedNote("\(Known.text)\n\(others)").verify(with: key)
        }
        // The key's name and id, and a signature that is not its own.
        #expect(throws: AuditLogError.wrongSignature) {
            try SignedNote("\(Known.text)\n\(own)— PeterNeumann x08gowAA\n").verify(with: key)
        }
    }

    @Test func `lengths and counts have bounds`() throws {
        let line = "— a AAAAAAA=\n"
        let most = "t\n\n" + String(repeating: line, count: 64)
        #expect(try SignedNote(most).signatures.count == 64)
        #expect(throws: AuditLogError.malformedNote) { try SignedNote(most + line) }
        let long = String(repeating: "t", count: 128 * 1024)
        #expect(throws: AuditLogError.malformedNote) { try SignedNote("\(long)\n\n\(line)") }
    }

    @Test func `a text that would make no note is not signed`() throws {
        let signer = try Samples.signer()
        for text in ["", "a", "a\tb\n"] {
            #expect(throws: AuditLogError.malformedNote) { try SignedNote(text, signedBy: signer) }
        }
    }
}

struct AuditHeadTests {
    private func chain() throws -> ChainHead {
        try #require(ChainHead(count: 2, hash: Hex.decode(Samples.secondHash)))
    }

    @Test func `hashes chain from the log's name`() throws {
        let genesis = ChainHead(origin: Samples.origin)
        #expect(genesis.count == 0)
        #expect(Hex.encode(genesis.hash) == Samples.genesis)
        let first = genesis.appending(try Hex.decode(Samples.first))
        #expect(first.count == 1)
        #expect(Hex.encode(first.hash) == Samples.firstHash)
        #expect(first.appending(try Hex.decode(Samples.second)) == (try chain()))
    }

    @Test func `a stated head has a count and 32 bytes`() {
        let hash = [UInt8](repeating: 0, count: 32)
        #expect(ChainHead(count: 0, hash: hash) != nil)
        #expect(ChainHead(count: -1, hash: hash) == nil)
        #expect(ChainHead(count: .max, hash: hash) == nil)
        #expect(ChainHead(count: 0, hash: hash + [0]) == nil)
        #expect(ChainHead(count: 0, hash: []) == nil)
    }

    @Test func `a head is signed as this note`() throws {
        let head = AuditHead(origin: try Samples.name(), chain: try chain(), at: 1_795_545_300_000)
        let signer = try Samples.signer()
        #expect(signer.verifierKey.description == Samples.verifierKey)
        #expect(try head.note(signedBy: signer) == Samples.head)
        #expect(
            try AuditHead(verifying: Samples.head, with: NoteVerifierKey(Samples.verifierKey))
                == head)
    }

    @Test func `a head by another key or of another log is refused`() throws {
        let other = try Samples.signer(seed: 1)
        #expect(throws: AuditLogError.notSignedByKey) {
            try AuditHead(verifying: Samples.head, with: other.verifierKey)
        }
        let head = AuditHead(origin: try NoteKeyName("other"), chain: try chain(), at: 0)
        #expect(throws: AuditLogError.otherLog(origin: "other")) {
            try head.note(signedBy: Samples.signer())
        }
        let note = try SignedNote(head.text, signedBy: Samples.signer()).encoded
        #expect(throws: AuditLogError.otherLog(origin: "other")) {
            try AuditHead(verifying: note, with: Samples.signer().verifierKey)
        }
    }

    @Test(arguments: [
        "example.com/audit\n2\n", "example.com/audit\n02\n$\ntime 1\n",
        "example.com/audit\n-1\n$\ntime 1\n",
        "example.com/audit\n+2\n$\ntime 1\n", "example.com/audit\n2\n$\n",
        "example.com/audit\n2\n$\ntime 01\n",
        "example.com/audit\n2\n$\ntime 1\nmore\n", "example.com/audit\n2\n$\nTime 1\n",
        "a b\n2\n$\ntime 1\n",
        "example.com/audit\n2\nAAAA\ntime 1\n",
        "example.com/audit\n99999999999999999999\n$\ntime 1\n",
        "example.com/audit\n2\n$\ntime\n", "example.com/audit\n2\n$\n\ntime 1\n",
    ])
    func `a signed text that is no head is refused`(text: String) throws {
        let signer = try Samples.signer()
        let hash = "l/LHgD4Oh/IcPmmhtCOmEW7Iw0IkoWnHVRtg4khA8Vk="
        let note = try SignedNote(text.replacing("$", with: hash), signedBy: signer).encoded
        #expect(throws: AuditLogError.malformedHead) {
            try AuditHead(verifying: note, with: signer.verifierKey)
        }
    }
}
