import DeviceModels
import StrictYAML
import Testing

struct AdvisoryDecodingTests {
    @Test func `decodes the front matter and keeps the body`() throws {
        let advisory = try Samples.decodeNote(Samples.advisory)
        #expect(advisory.id.description == "ACME-2030-01")
        #expect(advisory.title == "Anvils ring")
        #expect(advisory.severity == .high)
        #expect(advisory.published.description == "2030-02-28")
        #expect(advisory.action == .refuse)
        #expect(advisory.consequence == "Anyone hears it.")
        #expect(advisory.affected.map(\.model.description) == ["acme-anvil"])
        #expect(advisory.affected.map(\.firmware.description) == ["before 1.7.0"])
        #expect(advisory.affected.first?.applications == nil)
        #expect(advisory.affected.first?.algorithms == nil)
        #expect(advisory.references.map(\.location) == ["https://example.com/ring"])
        #expect(
            advisory.body == "\n# Anvils ring\n\nAnything *may* stand here, & unread.")
    }

    @Test func `takes no firmware to mean all of it`() throws {
        let text = Samples.replace(
            "\n    firmware: { until: 1.7.0 }", by: "", in: Samples.advisory)
        #expect(try Samples.decodeNote(text).affected.map(\.firmware) == [.all])
    }

    private static func limited(_ line: String) -> String {
        Samples.replace(
            "until: 1.7.0 }", by: "until: 1.7.0 }\n    \(line)", in: Samples.advisory)
    }

    @Test func `decodes what a model is affected in`() throws {
        let text = Self.limited("applications: [piv]\n    algorithms: [rsa, eddsa]")
        let entry = try #require(try Samples.decodeNote(text).affected.first)
        #expect(entry.applications == [.piv])
        #expect(entry.algorithms == [.rsa, .eddsa])
    }

    static let limits: [(line: String, error: CatalogueError)] = [
        (
            "applications: []",
            .yaml(.wrongType(place, field: "applications", expected: "a list that is not empty"))
        ),
        (
            "applications: piv",
            .yaml(.wrongType(place, field: "applications", expected: "a list that is not empty"))
        ),
        (
            "applications: [oath]",
            .yaml(
                .invalidValue(
                    place, field: "applications", value: "oath", expected: "one of: fido, piv"))
        ),
        (
            "algorithms: [RSA]",
            .yaml(
                .invalidValue(
                    place, field: "algorithms", value: "RSA",
                    expected: "one of: rsa, ecdsa, eddsa"))
        ),
        (
            "algorithms: [rsa, rsa]",
            .yaml(.repeatedValue(place, field: "algorithms", value: "rsa"))
        ),
        (
            "algorithm: [rsa]",
            .yaml(
                .unknownKey(
                    place, key: "algorithm",
                    allowed: ["model", "firmware", "applications", "algorithms"]))
        ),
    ]

    @Test(arguments: limits)
    func `refuses a limit that is none`(line: String, error: CatalogueError) {
        #expect(throws: error) { try Samples.decodeNote(Self.limited(line)) }
    }

    private static let place = FilePosition(file: "ACME-2030-01.md", line: 12)

    @Test(arguments: [
        "", "# Title\n", "---\nid: X\n", " ---\n---\n", "--- \n---\n", "---\r\n---\r\n",
    ])
    func `refuses a note without front matter`(text: String) {
        #expect(throws: CatalogueError.missingFrontMatter(file: "ACME-2030-01.md")) {
            try Samples.decodeNote(text)
        }
    }

    @Test func `counts lines from the top of the file`() {
        let place = FilePosition(file: "ACME-2030-01.md", line: 5)
        let text = Samples.replace("severity: high", by: "severity: awful", in: Samples.advisory)
        #expect(
            throws: CatalogueError.yaml(
                .invalidValue(
                    place, field: "severity", value: "awful",
                    expected: "one of: low, moderate, high, critical"))
        ) { try Samples.decodeNote(text) }
        let alias = Samples.replace("severity: high", by: "severity: *x", in: Samples.advisory)
        #expect(throws: CatalogueError.yaml(.anchorAliasOrTag(place))) {
            try Samples.decodeNote(alias)
        }
    }

    @Test func `refuses a model that is named twice`() {
        let text = Samples.replace(
            "references:", by: "  - model: acme-anvil\nreferences:", in: Samples.advisory)
        #expect(
            throws: CatalogueError.yaml(
                .repeatedValue(
                    FilePosition(file: "ACME-2030-01.md", line: 12), field: "affected",
                    value: "acme-anvil"))
        ) { try Samples.decodeNote(text) }
    }

    @Test func `never traps on a prefix or a flipped bit`() throws {
        let original = try Samples.decodeNote(Samples.advisory)
        let bytes = Array(Samples.advisory.utf8)
        let front = try #require(Samples.advisory.firstRange(of: "---\n\n#")).lowerBound
        let frontLength = Samples.advisory.utf8.distance(
            from: Samples.advisory.utf8.startIndex, to: front)
        for length in 0..<frontLength {
            #expect(throws: CatalogueError.self) {
                try Advisory(markdown: Array(bytes[..<length]), file: "x.md")
            }
        }
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                let advisory = try? Advisory(markdown: changed, file: "ACME-2030-01.md")
                #expect(advisory != original)
            }
        }
    }
}
