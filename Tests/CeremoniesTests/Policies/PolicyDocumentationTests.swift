import Accounts
import AuditLog
import Ceremonies
import ConditionalAccess
import CredentialStore
import Foundation
import Testing

/// The examples of Documentation/policies.md are what they say.
struct PolicyDocumentationTests {
    /// The examples in the page, in order: what stands between a line ```` ```yaml ```` and the next line ```` ``` ````.
    private static func examples() throws -> [String] {
        var folder = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { folder.deleteLastPathComponent() }
        let page = try String(
            contentsOf: folder.appendingPathComponent("Documentation/policies.md"), encoding: .utf8)
        var examples: [String] = []
        var current: [Substring]?
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            switch (line, current) {
            case ("```yaml", _): current = []
            case ("```", let lines?):
                examples.append(lines.joined(separator: "\n") + "\n")
                current = nil
            case (_, let lines?): current = lines + [line]
            case (_, nil): break
            }
        }
        return examples
    }

    private func office() throws -> PolicyOffice {
        let office = try PolicyOffice()
        for user in ["break-glass-1", "break-glass-2"] { try office.add(user) }
        return office
    }

    @Test func `each example is accepted as it stands`() throws {
        let examples = try Self.examples()
        #expect(examples.count >= 10)
        let desk = try office().desk()
        for example in examples {
            let files = [PolicyFile(name: "example.yaml", bytes: Array(example.utf8))]
            let report = try desk.check(files)
            #expect(report.problems == [], "\(example)")
            #expect(!report.isEveryoneLockedOut, "\(example)")
            // The page says of what the server warns.
            #expect(
                Set(report.warnings.map(\.code)).isSubset(of: [
                    "break-glass", "devices-are-not-asked-for",
                ]), "\(example)")
        }
    }

    @Test func `the examples of policies can all be in force together`() throws {
        let examples = try Self.examples()
        var seen: Set<String> = []
        var files: [PolicyFile] = []
        for (place, example) in examples.enumerated() {
            let file = PolicyFile(name: "\(place).yaml", bytes: Array(example.utf8))
            let draft = try PolicyDraft([file])
            let names =
                draft.policies.map(\.id.text) + draft.strengths.map(\.id.text)
                + draft.methods.map(\.method.rawValue)
                + (draft.breakGlass == nil ? [] : ["break-glass"])
            guard seen.isDisjoint(with: names) else { continue }
            seen.formUnion(names)
            files.append(file)
        }
        let applied = try office().desk().apply(files, by: .at("front"))
        #expect(applied.policyCount >= 7)
    }
}
