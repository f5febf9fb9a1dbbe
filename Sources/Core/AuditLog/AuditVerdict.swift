package import Encoding

/// What a verification came to.
public struct AuditVerdict: Sendable, Hashable {
    /// The first thing that is wrong, or `nil` where nothing is.
    public let fault: AuditFault?
    /// The number of the record that the export begins after; 0 where it begins with the first.
    public let after: Int
    /// The number of the last record that was read in good order.
    public let last: Int
    /// The signed head over most of the records that were found as they were signed, or `nil` where there is none:
    /// nothing is then proven.
    public let head: AuditHead?
    /// Heads that were given and say nothing of this export, for they are over records before it.
    public let headsBefore: Int

    /// How many of the records no signed head is over: whoever can write the database can have altered them.
    public var unsigned: Int { last - max(after, head.map(\.chain.count) ?? after) }

    /// Whether the records are those that the log's key signed, up to the last head.
    public var isProven: Bool { fault == nil && head != nil }

    /// What it came to, for people, a sentence a line.
    public var conclusion: [String] {
        var lines: [String] = []
        if let fault {
            lines.append("The log is not what it was: \(fault.finding).")
            if last > after { lines.append("Before that, \(recordsRead) are in order.") }
        } else if let head {
            let covered = head.chain.count
            lines.append(
                covered > after
                    ? "Records \(after + 1) to \(covered) are as they were signed at \(UTCTime.text(head.at))."
                    : "No records, as was signed at \(UTCTime.text(head.at)).")
            if unsigned > 0 {
                lines.append(
                    "No head is signed over the last \(unsigned); they are in order, and could have been written anew."
                )
            }
        } else {
            lines.append(
                "No signed head is over these records: \(recordsRead) are in order, and could have been written anew."
            )
        }
        if after > 0 {
            lines.append("The export begins after record \(after); what came before is not in it.")
        }
        if headsBefore > 0 {
            lines.append("Heads over records before that were not compared: \(headsBefore).")
        }
        return lines
    }

    private var recordsRead: String { last > after ? "records \(after + 1) to \(last)" : "none" }
}

extension AuditVerdict {
    /// The verdict for programs.
    package var json: JSON {
        var members: [String: JSON] = [
            "proven": .bool(isProven), "after": .integer(after), "last": .integer(last),
            "unsigned": .integer(unsigned), "headsBefore": .integer(headsBefore),
            "conclusion": .array(conclusion.map(JSON.string)),
        ]
        if let fault { members["fault"] = .string(fault.code) }
        if let head {
            members["head"] = [
                "count": .integer(head.chain.count), "at": .string(UTCTime.text(head.at)),
            ]
        }
        return .object(members)
    }
}
