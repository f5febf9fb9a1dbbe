import Cryptography

/// A signature of a note, verified or not.
public struct NoteSignature: Sendable, Hashable {
    /// The name of the key that is said to have signed.
    public let name: NoteKeyName
    /// The id of that key: 4 bytes.
    public let identifier: [UInt8]
    /// What the key made of the text; 64 bytes for Ed25519.
    public let bytes: [UInt8]

    /// The line without its end.
    var line: String { "— \(name.text) \(Base64.encode(identifier + bytes))" }
}

/// A text and signatures over it, none of which has been verified (C2SP signed-note).
public struct SignedNote: Sendable, Hashable {
    /// A note's most bytes; room for more than 16 signatures of the longest kind.
    public static let maximumLength = 128 * 1024
    /// A note's most signatures.
    public static let maximumSignatures = 64

    /// The text, with the line feed that ends it.
    public let text: String
    /// The signatures: one at least.
    public let signatures: [NoteSignature]

    /// Signs a text, which ends in a line feed and holds no other control character.
    public init(_ text: String, signedBy signer: NoteSigner) throws(AuditLogError) {
        let note = SignedNote(text: text, signatures: [try signer.signature(over: text)])
        self = try SignedNote(note.encoded)
    }

    private init(text: String, signatures: [NoteSignature]) {
        self.text = text
        self.signatures = signatures
    }

    /// Reads a note. Throws ``AuditLogError/malformedNote`` where it is none, or too long, or has too many signatures.
    public init(_ note: String) throws(AuditLogError) {
        let lines = note.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        let isClean = note.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A }
        // What follows the last line feed is empty, and so is the last line before the signatures.
        guard note.utf8.count <= Self.maximumLength, isClean, lines.last?.isEmpty == true,
            let blank = lines.dropLast().lastIndex(where: \.isEmpty), blank > 0
        else { throw .malformedNote }
        let signatureLines = lines[(blank + 1)...].dropLast()
        guard (1...Self.maximumSignatures).contains(signatureLines.count) else {
            throw .malformedNote
        }
        var signatures: [NoteSignature] = []
        for line in signatureLines { signatures.append(try Self.signature(Substring(line))) }
        text = lines[..<blank].map { String(Substring($0)) + "\n" }.joined()
        self.signatures = signatures
    }

    private static func signature(_ line: Substring) throws(AuditLogError) -> NoteSignature {
        let words = line.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[0].utf8.elementsEqual("—".utf8),
            let name = try? NoteKeyName(String(words[1])), let bytes = Base64.decode(words[2]),
            bytes.count > 4
        else { throw .malformedNote }
        return NoteSignature(
            name: name, identifier: Array(bytes.prefix(4)), bytes: Array(bytes.dropFirst(4)))
    }

    /// The note as it is kept and sent.
    public var encoded: String { text + "\n" + signatures.map { $0.line + "\n" }.joined() }

    /// Whether the key signed the text. Signatures by other keys are of no account; one that says it is by this key and
    /// is not spoils the note.
    ///
    /// Throws ``AuditLogError/notSignedByKey`` or ``AuditLogError/wrongSignature``.
    public func verify(with key: NoteVerifierKey) throws(AuditLogError) {
        let message = Array(text.utf8)
        let own = signatures.filter { $0.name == key.name && $0.identifier == key.identifier }
        guard !own.isEmpty else { throw .notSignedByKey }
        for signature in own
        where !key.publicKey.isValidSignature(signature.bytes, for: message) {
            throw .wrongSignature
        }
    }
}
