import Encoding
import OATH
import TestSupport
import Testing

struct DynamicTruncationTests {
    /// The example of RFC 4226 §5.4.
    @Test(
        arguments: [(.six, 872_921), (.seven, 7_872_921), (.eight, 57_872_921)]
            as [(OATHDigits, UInt32)])
    func `the RFC's example comes out`(digits: OATHDigits, value: UInt32) throws {
        let mac = try Hex.decode("1f8698690e02ca16618550ef7f19da8e945b555a")
        #expect(DynamicTruncation.value(of: mac, digits: digits) == value)
    }

    /// As the standard writes it, with the offset as an index.
    private func written(_ mac: [UInt8], digits: OATHDigits) -> UInt32 {
        let offset = Int(mac[mac.count - 1] & 0x0F)
        let number = mac[offset..<offset + 4].reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        let modulus: [OATHDigits: UInt32] = [
            .six: 1_000_000, .seven: 10_000_000, .eight: 100_000_000,
        ]
        return (number & 0x7FFF_FFFF) % (modulus[digits] ?? 1)
    }

    @Test(arguments: [20, 32, 64])
    func `it agrees with the standard's way`(length: Int) {
        var random = SplitMix64(seed: UInt64(length))
        for round in 0..<3_000 {
            var mac = random.bytes(length)
            mac[length - 1] = UInt8(truncatingIfNeeded: round)
            for digits in [OATHDigits.six, .seven, .eight] {
                #expect(
                    DynamicTruncation.value(of: mac, digits: digits)
                        == written(mac, digits: digits))
            }
        }
    }

    @Test func `numbers at the edges are divided exactly`() {
        var numbers: [UInt32] = [0, 1, 9, 10, 0x7FFF_FFFF, 0x7FFF_FFFE, 2_147_483_640]
        for power in [1_000_000, 10_000_000, 100_000_000, 1_000_000_000] as [UInt32] {
            for factor in [1, 2] as [UInt32] {
                numbers += [power * factor - 1, power * factor, power * factor + 1]
            }
        }
        for number in numbers {
            var mac = [UInt8](repeating: 0, count: 20)
            for index in 0..<4 { mac[index] = UInt8(number >> (24 - 8 * index) & 0xFF) }
            for (digits, modulus) in [
                (OATHDigits.six, 1_000_000), (.seven, 10_000_000), (.eight, 100_000_000),
            ] as [(OATHDigits, UInt32)] {
                #expect(
                    DynamicTruncation.value(of: mac, digits: digits) == number % modulus,
                    "\(number)")
            }
        }
    }

    @Test func `the top bit of the number is dropped`() {
        var mac = [UInt8](repeating: 0, count: 20)
        mac.replaceSubrange(0..<4, with: [0x80, 0, 0, 7])
        #expect(DynamicTruncation.value(of: mac, digits: .eight) == 7)
    }

    @Test(
        arguments: [
            (0, .six, "000000"), (7, .eight, "00000007"), (999_999, .six, "999999"),
            (9_999_999, .seven, "9999999"), (12_345_678, .eight, "12345678"), (120, .six, "000120"),
        ] as [(UInt32, OATHDigits, String)])
    func `values are written with zeros in front`(value: UInt32, digits: OATHDigits, text: String) {
        #expect(DynamicTruncation.text(value, digits: digits) == text)
    }
}
