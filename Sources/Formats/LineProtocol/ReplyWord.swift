/// The first word of a reply: `OK`, `NO`, `SYNTAX` and so on.
///
/// The set is closed for servers of this version, but a client may meet a word of a later one; it is
/// kept as it came and counts as a failure.
public struct ReplyWord: RawRepresentable, Sendable, Hashable {
    /// The word as it stands on the wire, capitals only.
    public let rawValue: String

    /// Takes the word as it stands; `isWellFormed` says whether it may be sent.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// What a caller should do about a reply, one class a row of the protocol's table of words.
    public enum Category: Sendable, Hashable {
        /// Authenticated, or done.
        case success
        /// Refused, and asking again will not help.
        case refused
        /// A further factor or more time is needed.
        case pending
        /// Asked too often.
        case slowDown
        /// The request itself is wrong.
        case callerFault
        /// The client may not ask this.
        case notAllowed
        /// The server cannot answer now; `retry=` says when to ask again.
        case server
        /// A word of a later version: a failure.
        case unknown
    }

    /// Two to twelve capital letters.
    public var isWellFormed: Bool {
        (2...12).contains(rawValue.utf8.count)
            && rawValue.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }

    /// True of `OK` and `PONG` alone: the words that `+` may precede.
    public var isSuccess: Bool { self == .ok || self == .pong }

    /// The class of the word; `.unknown` for words that this version does not have.
    public var category: Category { Self.categories[self] ?? .unknown }

    /// The words of this version with their classes.
    public static let categories: [ReplyWord: Category] = [
        .ok: .success, .pong: .success,
        .no: .refused, .locked: .refused, .expired: .refused,
        .more: .pending, .wait: .pending,
        .limit: .slowDown,
        .syntax: .callerFault, .badArgument: .callerFault, .noVerb: .callerFault,
        .noTransaction: .callerFault, .conflict: .callerFault, .tooBig: .callerFault,
        .outOfSync: .callerFault, .noProtocol: .callerFault,
        .noAuthentication: .notAllowed, .wrongSecret: .notAllowed, .noPermission: .notAllowed,
        .busy: .server, .timeout: .server, .readOnly: .server, .shutdown: .server,
        .internalError: .server,
    ]
}

extension ReplyWord {
    /// `OK`: on an authentication verb, authenticated; elsewhere, done.
    public static let ok = ReplyWord(rawValue: "OK")
    /// `PONG`: the answer to PING.
    public static let pong = ReplyWord(rawValue: "PONG")
    /// `NO`: not authenticated. Why is told only to clients with the capability `reasons`.
    public static let no = ReplyWord(rawValue: "NO")
    /// `LOCKED`: the account is locked.
    public static let locked = ReplyWord(rawValue: "LOCKED")
    /// `EXPIRED`: the credential or account is out of date.
    public static let expired = ReplyWord(rawValue: "EXPIRED")
    /// `MORE`: a further factor is needed.
    public static let more = ReplyWord(rawValue: "MORE")
    /// `WAIT`: not decided yet.
    public static let wait = ReplyWord(rawValue: "WAIT")
    /// `LIMIT`: asked too often; `retry=` in milliseconds.
    public static let limit = ReplyWord(rawValue: "LIMIT")
    /// `SYNTAX`: the request cannot be read.
    public static let syntax = ReplyWord(rawValue: "SYNTAX")
    /// `BADARG`: the request reads well, but an argument is missing, unknown or out of range.
    public static let badArgument = ReplyWord(rawValue: "BADARG")
    /// `NOVERB`: no such verb.
    public static let noVerb = ReplyWord(rawValue: "NOVERB")
    /// `NOTXN`: no such transaction, or it is spent, expired or another's.
    public static let noTransaction = ReplyWord(rawValue: "NOTXN")
    /// `CONFLICT`: what is to be made exists already.
    public static let conflict = ReplyWord(rawValue: "CONFLICT")
    /// `TOOBIG`: the request is over a limit. The connection closes.
    public static let tooBig = ReplyWord(rawValue: "TOOBIG")
    /// `SYNC`: bytes came before the reply without pipelining. The connection closes.
    public static let outOfSync = ReplyWord(rawValue: "SYNC")
    /// `NOPROTO`: no such protocol version; `min=` and `max=` say which there are.
    public static let noProtocol = ReplyWord(rawValue: "NOPROTO")
    /// `NOAUTH`: say who you are first.
    public static let noAuthentication = ReplyWord(rawValue: "NOAUTH")
    /// `WRONGPASS`: AUTH with an unknown name or a wrong secret.
    public static let wrongSecret = ReplyWord(rawValue: "WRONGPASS")
    /// `NOPERM`: the client lacks the capability or scope named by `need=`.
    public static let noPermission = ReplyWord(rawValue: "NOPERM")
    /// `BUSY`: shed before any work was done.
    public static let busy = ReplyWord(rawValue: "BUSY")
    /// `TIMEOUT`: the work took too long.
    public static let timeout = ReplyWord(rawValue: "TIMEOUT")
    /// `READONLY`: nothing can be written now.
    public static let readOnly = ReplyWord(rawValue: "READONLY")
    /// `SHUTDOWN`: the server is going away.
    public static let shutdown = ReplyWord(rawValue: "SHUTDOWN")
    /// `INTERNAL`: a fault of the server's.
    public static let internalError = ReplyWord(rawValue: "INTERNAL")
}
