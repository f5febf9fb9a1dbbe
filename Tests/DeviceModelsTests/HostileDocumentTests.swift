import DeviceModels
import StrictYAML
import Testing

struct HostileDocumentTests {
    @Test func `refuses anchors before reading the document`() {
        #expect(throws: CatalogueError.yaml(.anchorAliasOrTag(Samples.place(1)))) {
            try Samples.decode("a: &x 1")
        }
    }

    @Test(arguments: ["Research & Development", "R&D", "a * b", "Wow! Yes", "https://x/?a=b&c=d"])
    func `lets honest punctuation pass`(name: String) throws {
        let text = Samples.model(replacing: "name: Acme Anvil", by: "name: \(name)")
        #expect(try Samples.decode(text).name == name)
    }

    @Test func `refuses a document that is too long`() {
        let text = Samples.model + "\n#" + String(repeating: "x", count: 65_536)
        #expect(
            throws: CatalogueError.yaml(
                .documentTooLarge(
                    file: "acme-anvil.yaml", bytes: text.utf8.count, limit: 65_536))
        ) { try Samples.decode(text) }
    }

    @Test func `refuses bytes that are not UTF-8`() {
        #expect(throws: CatalogueError.yaml(.invalidUTF8(file: "x.yaml"))) {
            try DeviceModel(yaml: Array(Samples.model.utf8) + [0xC3], file: "x.yaml")
        }
    }

    @Test(arguments: ["[", "{", "- ", "? ", "{a: ", "[[a]: ", "{? [", "\"", "|\n", "%", "\u{85}"])
    func `survives deep and endless nesting`(unit: String) {
        for count in [10, 999, 1_001, 60_000 / unit.utf8.count] {
            #expect(throws: CatalogueError.self) {
                try Samples.decode(String(repeating: unit, count: count))
            }
        }
    }

    @Test(arguments: Samples.entries.keys.sorted())
    func `refuses every proper prefix of an entry, and never traps`(name: String) throws {
        let text = try #require(Samples.entries[name])
        // The last line holds the only source of a fact, up to its closing bracket.
        let bytes = Array(text.utf8)
        for length in bytes.indices {
            #expect(throws: CatalogueError.self) {
                try DeviceModel(yaml: Array(bytes[..<length]), file: "x.yaml")
            }
        }
    }

    @Test(arguments: Samples.entries.keys.sorted())
    func `refuses every flipped bit of an entry or shows it`(name: String) throws {
        let text = try #require(Samples.entries[name])
        let original = try Samples.decode(text)
        let bytes = Array(text.utf8)
        var unseen: [Int] = []
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                let model = try? DeviceModel(yaml: changed, file: "acme-anvil.yaml")
                if model == original { unseen.append(index) }
            }
        }
        #expect(unseen.isEmpty)
    }
}
