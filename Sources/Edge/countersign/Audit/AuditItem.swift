import AuditLog
import Encoding
import LineProtocol

/// A record as AUDIT LIST gives it, and as people see it.
struct AuditItem {
    private let values: [String: String]

    init(_ options: [LineProtocol.Option]) {
        values = Dictionary(options.map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// The record on one line, harmless whatever the server sent.
    var text: String {
        guard values["state"] == nil else {
            return "\(self["number"])  is no record: it was tampered with"
        }
        var words = [
            self["number"], values["at"].flatMap(Int64.init).map(UTCTime.text) ?? "",
            self["actor"], self["activity"], targets.joined(separator: " "),
        ]
        if values["outcome"] == "failure" { words.append("failed: \(self["code"])") }
        words += changes
        if values["reason"]?.isEmpty == false { words.append("(\(self["reason"]))") }
        let origin = [self["client"], self["from"]].filter { !$0.isEmpty }
        if !origin.isEmpty { words.append("through \(origin.joined(separator: ", "))") }
        if values["cut"] != nil { words.append("…") }
        return words.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    /// The record as JSON; what is JSON in the reply is so here.
    var json: JSON {
        .object(
            Dictionary(
                uniqueKeysWithValues: values.map { key, value in
                    switch key {
                    case "number", "at": (key, Int64(value).map(JSON.integer) ?? .string(value))
                    case "targets", "changes": (key, decoded(key) ?? .string(value))
                    default: (key, .string(value))
                    }
                }))
    }

    private subscript(key: String) -> String { HarmlessText.escaped(values[key] ?? "") }

    private func decoded(_ key: String) -> JSON? {
        values[key].flatMap { try? JSON.decode(Array($0.utf8), maximumDepth: 4) }
    }

    private var targets: [String] {
        (decoded("targets")?.arrayValue ?? []).compactMap(\.stringValue)
            .map(HarmlessText.escaped)
    }

    /// `property: old → new`, with `-` for what there is not.
    private var changes: [String] {
        (decoded("changes")?.arrayValue ?? []).compactMap { change in
            guard let parts = change.arrayValue, parts.count == 3,
                let property = parts[0].stringValue
            else { return nil }
            let values = parts.dropFirst().map { HarmlessText.escaped($0.stringValue ?? "-") }
            return "\(HarmlessText.escaped(property)): \(values.joined(separator: " → "))"
        }
    }
}
