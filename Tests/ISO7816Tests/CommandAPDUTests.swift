import ISO7816
import TestSupport
import Testing

struct CommandAPDUTests {
    /// The cases of ISO 7816-4 §5.1, each with its form and what it says.
    private static let cases: [([UInt8], CommandAPDU.Encoding, [UInt8], Int?)] = [
        ([0, 3, 0, 0], .short, [], nil),
        ([0, 3, 0, 0, 5], .short, [], 5),
        ([0, 3, 0, 0, 255], .short, [], 255),
        ([0, 3, 0, 0, 0], .short, [], 256),
        ([0, 3, 0, 0, 2, 8, 9], .short, [8, 9], nil),
        ([0, 3, 0, 0, 2, 8, 9, 5], .short, [8, 9], 5),
        ([0, 3, 0, 0, 2, 8, 9, 0], .short, [8, 9], 256),
        ([0, 3, 0, 0], .extended, [], nil),
        ([0, 3, 0, 0, 0, 1, 2], .extended, [], 258),
        ([0, 3, 0, 0, 0, 0, 0], .extended, [], 65_536),
        ([0, 3, 0, 0, 0, 0, 2, 8, 9], .extended, [8, 9], nil),
        ([0, 3, 0, 0, 0, 0, 2, 8, 9, 1, 0], .extended, [8, 9], 256),
        ([0, 3, 0, 0, 0, 0, 2, 8, 9, 0, 0], .extended, [8, 9], 65_536),
    ]

    @Test(arguments: cases)
    func `each case decodes and encodes`(
        bytes: [UInt8], encoding: CommandAPDU.Encoding, data: [UInt8], expectedLength: Int?
    ) throws {
        let command = try CommandAPDU(decoding: bytes)
        #expect(
            command
                == (try CommandAPDU(instruction: 3, data: data, expectedLength: expectedLength)))
        #expect(try command.encoded(encoding) == bytes)
    }

    @Test func `the header is kept`() throws {
        let command = try CommandAPDU(decoding: [0x80, 0x10, 0xAB, 0xCD])
        #expect(command.instructionClass == 0x80)
        #expect(command.instruction == 0x10)
        #expect(command.parameter1 == 0xAB)
        #expect(command.parameter2 == 0xCD)
    }

    @Test func `the longest data and lengths survive both encodings`() throws {
        let short = try CommandAPDU(
            instruction: 3, data: [UInt8](repeating: 7, count: 255), expectedLength: 256)
        #expect(try CommandAPDU(decoding: short.encoded(.short)) == short)
        let long = try CommandAPDU(
            instruction: 3, data: [UInt8](repeating: 7, count: 65_535), expectedLength: 65_536)
        let bytes = try long.encoded(.extended)
        #expect(bytes.count == 4 + 3 + 65_535 + 2)
        #expect(try CommandAPDU(decoding: bytes) == long)
    }

    @Test func `an extended length of zero before an expected length is no data`() throws {
        let command = try CommandAPDU(decoding: [0, 3, 0, 0, 0, 0, 0, 0, 0])
        #expect(command == (try CommandAPDU(instruction: 3, expectedLength: 65_536)))
    }

    @Test func `what does not fit is refused`() throws {
        #expect(throws: MalformedCardData.length) {
            try CommandAPDU(instruction: 3, data: [UInt8](repeating: 0, count: 65_536))
        }
        for length in [-1, 0, 65_537, .max, .min] {
            #expect(throws: MalformedCardData.length) {
                try CommandAPDU(instruction: 3, expectedLength: length)
            }
        }
        let long = try CommandAPDU(instruction: 3, data: [UInt8](repeating: 0, count: 256))
        #expect(throws: MalformedCardData.length) { try long.encoded(.short) }
        let greedy = try CommandAPDU(instruction: 3, expectedLength: 257)
        #expect(throws: MalformedCardData.length) { try greedy.encoded(.short) }
    }

    @Test(
        arguments: [
            [], [0], [0, 3, 0], [0, 3, 0, 0, 2, 8], [0, 3, 0, 0, 0, 1], [0, 3, 0, 0, 0, 0, 2, 8],
            [0, 3, 0, 0, 0, 0, 2, 8, 9, 0],
        ] as [[UInt8]])
    func `a command that ends too soon is refused`(bytes: [UInt8]) {
        #expect(throws: MalformedCardData.truncated) { try CommandAPDU(decoding: bytes) }
    }

    @Test(
        arguments: [[0, 3, 0, 0, 2, 8, 9, 0, 0], [0, 3, 0, 0, 0, 0, 2, 8, 9, 0, 0, 0]] as [[UInt8]])
    func `bytes after a command are refused`(bytes: [UInt8]) {
        #expect(throws: MalformedCardData.trailingBytes) { try CommandAPDU(decoding: bytes) }
    }

    @Test(arguments: cases)
    func `no proper prefix is the same command`(
        bytes: [UInt8], encoding: CommandAPDU.Encoding, data: [UInt8], expectedLength: Int?
    ) throws {
        // Some prefixes are commands of another case: `00 03 00 00` is one of its own.
        let command = try CommandAPDU(decoding: bytes)
        for prefix in bytes.properPrefixes {
            #expect((try? CommandAPDU(decoding: prefix)) != command)
        }
    }

    @Test func `random bytes never trap and come out as they went in`() {
        var random = SplitMix64(seed: 3)
        var decoded = 0
        for _ in 0..<10_000 {
            let length = Int.random(in: 0...20, using: &random)
            var bytes = random.bytes(length)
            if length > 4 { bytes[4] = UInt8.random(in: 0...8, using: &random) }
            guard let command = try? CommandAPDU(decoding: bytes) else { continue }
            decoded += 1
            let again = [CommandAPDU.Encoding.short, .extended]
                .compactMap { try? command.encoded($0) }
            #expect(again.contains(bytes) || bytes[4...].starts(with: [0, 0, 0]))
        }
        #expect(decoded > 1000)
    }

    @Test func `no text of a command shows its data`() throws {
        let pin = Array("31415926".utf8)
        let command = try CommandAPDU(
            instruction: 0x20, parameter2: 0x80, data: pin, expectedLength: 256)
        let nested: Any = ["verify": command]
        var dumped = ""
        dump(command, to: &dumped)
        for text in ["\(command)", String(reflecting: command), "\(nested)", dumped] {
            #expect(text.contains("00200080, 8 bytes, expects up to 256"))
            #expect(!text.contains("49") && !text.contains("31"))
        }
    }
}

struct ResponseAPDUTests {
    @Test func `a response ends with its status word`() throws {
        let response = try ResponseAPDU(decoding: [1, 2, 0x90, 0x00])
        #expect(response == ResponseAPDU(data: [1, 2], status: .success))
        #expect(response.encoded() == [1, 2, 0x90, 0x00])
        #expect(
            try ResponseAPDU(decoding: [0x6A, 0x82]) == ResponseAPDU(data: [], status: .notFound))
    }

    @Test func `a response without a whole status word is refused`() {
        for bytes in [[], [0x90]] as [[UInt8]] {
            #expect(throws: MalformedCardData.truncated) { try ResponseAPDU(decoding: bytes) }
        }
    }

    @Test func `every bit counts`() throws {
        let bytes: [UInt8] = [1, 2, 3, 0x90, 0x00]
        let response = try ResponseAPDU(decoding: bytes)
        for flipped in bytes.singleBitFlips {
            #expect(try ResponseAPDU(decoding: flipped) != response)
        }
    }
}
