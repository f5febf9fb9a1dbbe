import Encoding
import Testing

struct MalformedEncodingTests {
    @Test func `codes are unique and kebab-case`() {
        let errors: [MalformedEncoding] = [
            .truncated, .trailingBytes(count: 1), .invalidCharacter(offset: 0), .nonCanonicalText,
            .nonCanonicalInteger, .unsortedKeys, .duplicateKey, .unsupportedItem(initialByte: 0),
            .invalidUTF8, .nestedTooDeeply,
        ]
        let form = /[a-z0-9]+(-[a-z0-9]+)*/
        for error in errors { #expect(error.code.wholeMatch(of: form) != nil, "\(error)") }
        #expect(Set(errors.map(\.code)).count == errors.count)
    }
}
