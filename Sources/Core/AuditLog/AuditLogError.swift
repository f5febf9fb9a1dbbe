public import Encoding

/// Why something of the audit log cannot be read or signed. What a verification finds is an ``AuditFault`` instead.
public enum AuditLogError: Error, Sendable, Hashable {
    /// A record is over 8 KiB.
    case recordTooLong
    /// A record is no canonical CBOR.
    case malformedRecord(MalformedEncoding)
    /// A member of a record is missing, of another kind, out of bounds or unknown to this version; or the record is not
    /// written as this version writes it, which has no member.
    case unreadableRecord(member: String)
    /// The text is no signed note (C2SP signed-note).
    case malformedNote
    /// The text is no verifier key: `name+id+key`, the id that of the key, the key for Ed25519.
    case malformedVerifierKey
    /// The name of a key is empty, over 255 bytes, or has a space, a plus or a control character.
    case badKeyName
    /// None of the note's signatures is by the key.
    case notSignedByKey
    /// A signature by the key's name and id is not the key's.
    case wrongSignature
    /// The note's text is no head of an audit log.
    case malformedHead
    /// The head is of another log.
    case otherLog(origin: String)
    /// OpenSSL failed.
    case cryptography

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .recordTooLong: "record-too-long"
        case .malformedRecord: "malformed-record"
        case .unreadableRecord: "unreadable-record"
        case .malformedNote: "malformed-note"
        case .malformedVerifierKey: "malformed-verifier-key"
        case .badKeyName: "bad-key-name"
        case .notSignedByKey: "not-signed-by-key"
        case .wrongSignature: "wrong-signature"
        case .malformedHead: "malformed-head"
        case .otherLog: "other-log"
        case .cryptography: "cryptography"
        }
    }
}
