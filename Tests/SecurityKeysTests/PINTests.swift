import Authenticators
import Testing

@Suite struct PINTests {
    @Test func `takes text that a key could take`() {
        for text in ["", "12\0" + "34", String(repeating: "1", count: 256)] {
            if PIN(text) != nil { Issue.record("took \(text.utf8.count) bytes") }
        }
    }

    @Test func `gives its bytes and a NUL`() {
        guard let pin = PIN("47ü1") else {
            Issue.record("refused")
            return
        }
        let bytes = pin.withNullTerminatedUTF8 { span in
            span.indices.map { span[$0] }
        }
        #expect(bytes == Array("47ü1".utf8) + [0])
    }
}
