import Encoding
import ISO7816
import TestSupport
import Testing

/// What a card sends, in hexadecimal with spaces.
func bytes(_ text: String) throws -> [UInt8] {
    try Hex.decode(text.filter { !$0.isWhitespace })
}

/// Checks that every proper prefix is refused, and that every bit counts.
///
/// - Parameter decode: decodes a value, or throws nothing but `MalformedCardData`.
func expectStrict<Value: Equatable>(
    _ bytes: [UInt8], prefixes exempt: Set<Int> = [],
    decode: ([UInt8]) throws(MalformedCardData) -> Value
) throws {
    let value = try decode(bytes)
    for prefix in bytes.properPrefixes where !exempt.contains(prefix.count) {
        #expect(throws: MalformedCardData.self) { () throws(MalformedCardData) in
            try decode(prefix)
        }
    }
    for flipped in bytes.singleBitFlips {
        do throws(MalformedCardData) {
            #expect(try decode(flipped) != value)
        } catch {
            #expect(!error.code.isEmpty)
        }
    }
}
