/// What is wrong with an exported log: the first thing, in the order of the export.
public enum AuditFault: Error, Sendable, Hashable {
    /// A line, counted from 1, is not one that an export has in this place, or is too long.
    case malformedLine(Int)
    /// The last line does not end in a line feed: the file was cut off.
    case unfinishedLine(Int)
    /// The file is empty.
    case empty
    /// The export is of another log than the key.
    case otherLog(origin: String)
    /// The export is said to begin with the first record, but not with the hash that logs of this name begin with.
    case alteredStart
    /// A head in the export, in this line, is none that the log's key signed.
    case unsignedHead(line: Int, AuditLogError)
    /// A record, or its hash, is not as it was when the record was made; or the one before it was altered together with
    /// its hash.
    case altered(number: Int)
    /// A record and its hash are as they were, but what stands beside them for people to read is not what the record
    /// says.
    case misquoted(number: Int)
    /// Records are missing.
    case missing(ClosedRange<Int>)
    /// A record stands for the second time, or another stands under its number.
    case repeated(number: Int)
    /// A record stands where another belongs, which comes later or is this one's by number.
    case reordered(number: Int, place: Int)
    /// The records up to here are not those that the head was signed over: one or more were altered and all hashes made
    /// anew.
    case rewritten(through: Int, head: AuditHead)
    /// The log had as many records as the head says, and the export ends before.
    case tailMissing(last: Int, head: AuditHead)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .malformedLine: "malformed-line"
        case .unfinishedLine: "unfinished-line"
        case .empty: "empty"
        case .otherLog: "other-log"
        case .alteredStart: "altered-start"
        case .unsignedHead: "unsigned-head"
        case .altered: "altered"
        case .misquoted: "misquoted"
        case .missing: "missing"
        case .repeated: "repeated"
        case .reordered: "reordered"
        case .rewritten: "rewritten"
        case .tailMissing: "tail-missing"
        }
    }

    /// What was found, for people. Harmless text, also where the export is not.
    public var finding: String {
        switch self {
        case .malformedLine(let line): "line \(line) is not one of an audit export"
        case .unfinishedLine(let line): "line \(line) breaks off: the file was cut"
        case .empty: "the file is empty"
        case .otherLog(let origin):
            "the export is of another log, \(HarmlessText.escaped(origin)), than the key"
        case .alteredStart:
            "the hash that the export begins with is not the one that the log began with"
        case .unsignedHead(let line, .notSignedByKey):
            "the head in line \(line) is not signed by the log's key"
        case .unsignedHead(let line, .wrongSignature):
            "the head in line \(line) was altered: its signature is wrong"
        case .unsignedHead(let line, let error):
            "the head in line \(line) cannot be used (\(error.code))"
        case .altered(let number):
            "record \(number) was altered: its hash is not that of what it says and of the records before it"
        case .misquoted(let number):
            "record \(number) is as it was made, but its readable members do not say what it says"
        case .missing(let range) where range.count == 1: "record \(range.lowerBound) is missing"
        case .missing(let range):
            "records \(range.lowerBound) to \(range.upperBound) are missing"
        case .repeated(let number): "record \(number) stands there twice"
        case .reordered(let number, let place):
            "record \(number) stands where record \(place) belongs"
        case .rewritten(let through, let head):
            "records up to \(through) are not those that were signed at \(UTCTime.text(head.at)): the log was rewritten"
        case .tailMissing(let last, let head):
            "the log had \(head.chain.count) records at \(UTCTime.text(head.at)), and the export ends with \(last): its tail is missing"
        }
    }
}
