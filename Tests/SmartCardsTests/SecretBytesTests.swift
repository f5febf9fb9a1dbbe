import SmartCards
import Testing

@Suite struct SecretBytesTests {
    @Test func `overwrites what it held`() {
        let secret = SecretBytes([1, 2, 3])
        secret.wipe()
        #expect(secret.withBytes { $0 } == [0, 0, 0])
    }

    @Test func `puts bytes in their place, and none outside`() {
        let secret = SecretBytes([0, 0, 0, 0])
        let bytes: [UInt8] = [1, 2, 3]
        secret.write(bytes.span, at: 2)
        secret.write(bytes.span, at: -2)
        #expect(secret.withBytes { $0 } == [3, 0, 1, 2])
    }

    @Test func `shows nothing`() {
        var text = ""
        dump(SecretBytes([0x5A, 0x5A]), to: &text)
        #expect(!text.contains("90") && !text.contains("5A"))
    }
}
