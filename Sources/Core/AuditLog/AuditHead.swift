/// The head of a log at a moment. Where it comes from a note, the log's key signed it: ``init(verifying:with:)`` makes
/// no other.
public struct AuditHead: Sendable, Hashable {
    /// The log's name, which is also its key's.
    public let origin: NoteKeyName
    /// How many records there were, and the hash over them.
    public let chain: ChainHead
    /// When it was signed, by the server's clock, in milliseconds since 1970.
    public let at: Int64

    /// A head that is to be signed.
    public init(origin: NoteKeyName, chain: ChainHead, at: Int64) {
        self.origin = origin
        self.chain = chain
        self.at = at
    }

    /// The text of the note: the log's name, the number of records, the hash in Base64, and `time` with the moment; each
    /// a line (as C2SP tlog-checkpoint has them, but for the hash, which is no tree's).
    public var text: String {
        "\(origin.text)\n\(chain.count)\n\(Base64.encode(chain.hash))\ntime \(at)\n"
    }

    /// The signed note, by the log's key.
    public func note(signedBy signer: NoteSigner) throws(AuditLogError) -> String {
        guard signer.verifierKey.name == origin else { throw .otherLog(origin: origin.text) }
        return try SignedNote(text, signedBy: signer).encoded
    }

    /// Takes the head out of a note that the log's key signed.
    public init(verifying note: String, with key: NoteVerifierKey) throws(AuditLogError) {
        let note = try SignedNote(note)
        try note.verify(with: key)
        try self.init(unverified: note)
        guard origin == key.name else { throw .otherLog(origin: origin.text) }
    }

    /// What a note says, whoever signed it.
    private init(unverified note: SignedNote) throws(AuditLogError) {
        let lines = note.text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 5, let origin = try? NoteKeyName(String(lines[0])),
            let count = Int(lines[1]), let hash = Base64.decode(lines[2]),
            let chain = ChainHead(count: count, hash: hash), lines[3].hasPrefix("time "),
            let at = Int64(lines[3].dropFirst(5))
        else { throw .malformedHead }
        self.init(origin: origin, chain: chain, at: at)
        // One head has one text: no zeros in front, no plus signs.
        guard text.utf8.elementsEqual(note.text.utf8) else { throw .malformedHead }
    }
}
