import ISO7816
import TestSupport
import Testing

struct CommandExchangeTests {
    private static let success: [UInt8] = [0x90, 0x00]

    private func command(
        class instructionClass: UInt8 = 0, data: [UInt8] = [], expectedLength: Int? = nil
    ) throws -> CommandAPDU {
        try CommandAPDU(
            instructionClass: instructionClass, instruction: 0xCB, parameter1: 0x3F,
            parameter2: 0xFF, data: data, expectedLength: expectedLength)
    }

    @Test func `a command and its response take one step`() throws {
        let command = try command(data: [1, 2], expectedLength: 256)
        var exchange = CommandExchange(command, form: .short)
        #expect(try exchange.start() == [0x00, 0xCB, 0x3F, 0xFF, 2, 1, 2, 0])
        #expect(
            try exchange.received([7, 8, 0x90, 0x00])
                == .done(ResponseAPDU(data: [7, 8], status: .success)))
    }

    @Test func `a failure is a response`() throws {
        var exchange = CommandExchange(try command(), form: .short)
        #expect(try exchange.start() == [0x00, 0xCB, 0x3F, 0xFF])
        #expect(try exchange.received([0x6A, 0x82]) == .done(ResponseAPDU(status: .notFound)))
    }

    @Test func `data above 255 bytes goes in a chain`() throws {
        let data = (0..<600).map { UInt8(truncatingIfNeeded: $0) }
        var exchange = CommandExchange(try command(data: data, expectedLength: 256), form: .short)
        #expect(try exchange.start() == [0x10, 0xCB, 0x3F, 0xFF, 255] + data[..<255])
        #expect(
            try exchange.received(Self.success)
                == .send([0x10, 0xCB, 0x3F, 0xFF, 255] + data[255..<510]))
        #expect(
            try exchange.received(Self.success)
                == .send([0x00, 0xCB, 0x3F, 0xFF, 90] + data[510...] + [0]))
        #expect(
            try exchange.received([7, 0x90, 0x00])
                == .done(ResponseAPDU(data: [7], status: .success)))
    }

    @Test func `data of 255 bytes goes alone, of 256 in two links, of 510 in two`() throws {
        for (count, links) in [(255, 1), (256, 2), (510, 2), (511, 3)] {
            var exchange = CommandExchange(
                try command(data: [UInt8](repeating: 7, count: count)), form: .short)
            var sent = [try exchange.start()]
            while case .send(let next) = try exchange.received(Self.success) { sent.append(next) }
            #expect(sent.count == links)
            #expect(sent.map { $0[0] } == [UInt8](repeating: 0x10, count: links - 1) + [0x00])
        }
    }

    @Test func `a link that is refused ends the chain`() throws {
        let data = [UInt8](repeating: 7, count: 300)
        for status in [[0x68, 0x84], [0x69, 0x82], [0x61, 0x10], [0x6C, 0x10]] as [[UInt8]] {
            var exchange = CommandExchange(try command(data: data), form: .short)
            _ = try exchange.start()
            #expect(
                try exchange.received(status) == .done(try ResponseAPDU(decoding: status)))
        }
    }

    @Test func `a link that is answered with data is refused`() throws {
        var exchange = CommandExchange(
            try command(data: [UInt8](repeating: 7, count: 300)), form: .short)
        _ = try exchange.start()
        #expect(throws: MalformedCardData.length) { try exchange.received([1, 0x90, 0x00]) }
    }

    @Test func `the extended form sends everything at once`() throws {
        let data = [UInt8](repeating: 7, count: 600)
        var exchange = CommandExchange(
            try command(data: data, expectedLength: 256), form: .extended)
        #expect(
            try exchange.start() == [0x00, 0xCB, 0x3F, 0xFF, 0, 0x02, 0x58] + data + [0x00, 0x00])
        let response = [UInt8](repeating: 9, count: 3000)
        #expect(
            try exchange.received(response + Self.success)
                == .done(ResponseAPDU(data: response, status: .success)))
    }

    @Test(
        arguments: [
            (1, .short, [1]), (256, .short, [0]), (3000, .short, [0]),
            (1, .extended, [0, 0, 1]), (256, .extended, [0, 0, 0]), (257, .extended, [0, 1, 1]),
            (65_536, .extended, [0, 0, 0]),
        ] as [(Int, CommandAPDU.Encoding, [UInt8])])
    func `the expected length is as much as the form can say`(
        length: Int, form: CommandAPDU.Encoding, tail: [UInt8]
    ) throws {
        var exchange = CommandExchange(try command(expectedLength: length), form: form)
        #expect(try exchange.start() == [0x00, 0xCB, 0x3F, 0xFF] + tail)
    }

    @Test func `what the card holds back is fetched`() throws {
        let parts = [256, 256, 44].enumerated()
            .map { [UInt8](repeating: UInt8($0.offset), count: $0.element) }
        for form in [CommandAPDU.Encoding.short, .extended] {
            var exchange = CommandExchange(try command(expectedLength: 256), form: form)
            _ = try exchange.start()
            #expect(
                try exchange.received(parts[0] + [0x61, 0x00])
                    == .send([0x00, 0xC0, 0x00, 0x00, 0x00]))
            #expect(
                try exchange.received(parts[1] + [0x61, 0x2C])
                    == .send([0x00, 0xC0, 0x00, 0x00, 0x2C]))
            #expect(
                try exchange.received(parts[2] + Self.success)
                    == .done(ResponseAPDU(data: parts.flatMap(\.self), status: .success)))
        }
    }

    @Test func `a command may be answered with a mere promise, as T=0 does`() throws {
        var exchange = CommandExchange(try command(data: [1], expectedLength: 256), form: .short)
        _ = try exchange.start()
        #expect(try exchange.received([0x61, 0x02]) == .send([0x00, 0xC0, 0x00, 0x00, 0x02]))
        #expect(
            try exchange.received([1, 2, 0x90, 0x00])
                == .done(ResponseAPDU(data: [1, 2], status: .success)))
    }

    @Test(
        arguments: [
            (0x00, 0x00), (0x01, 0x01), (0x03, 0x03), (0x0C, 0x00), (0x40, 0x40), (0x6F, 0x4F),
            (0x80, 0x00), (0xFF, 0x00),
        ] as [(UInt8, UInt8)])
    func `the rest is fetched on the command's channel`(
        instructionClass: UInt8, expected: UInt8
    ) throws {
        var exchange = CommandExchange(try command(class: instructionClass), form: .short)
        _ = try exchange.start()
        #expect(
            try exchange.received([0x61, 0x10]) == .send([expected, 0xC0, 0x00, 0x00, 0x10]))
    }

    @Test func `a failure while fetching comes with what was fetched`() throws {
        var exchange = CommandExchange(try command(expectedLength: 256), form: .short)
        _ = try exchange.start()
        _ = try exchange.received([1, 0x61, 0x10])
        #expect(
            try exchange.received([0x6F, 0x00])
                == .done(ResponseAPDU(data: [1], status: .noPreciseDiagnosis)))
    }

    @Test func `a length that the card corrects is used once`() throws {
        var exchange = CommandExchange(try command(data: [1], expectedLength: 256), form: .short)
        _ = try exchange.start()
        #expect(
            try exchange.received([0x6C, 0x08])
                == .send([0x00, 0xCB, 0x3F, 0xFF, 1, 1, 8]))
        #expect(
            try exchange.received([0x6C, 0x07])
                == .done(ResponseAPDU(status: StatusWord(rawValue: 0x6C07))))
    }

    @Test func `a corrected length is used for the last link and while fetching too`() throws {
        let data = [UInt8](repeating: 7, count: 256)
        var exchange = CommandExchange(try command(data: data, expectedLength: 256), form: .short)
        _ = try exchange.start()
        _ = try exchange.received(Self.success)
        #expect(try exchange.received([0x6C, 0x08]) == .send([0x00, 0xCB, 0x3F, 0xFF, 1, 7, 8]))
        #expect(
            try exchange.received([1, 2, 0x61, 0x05]) == .send([0x00, 0xC0, 0x00, 0x00, 0x05]))
        #expect(try exchange.received([0x6C, 0x04]) == .send([0x00, 0xC0, 0x00, 0x00, 0x04]))
        #expect(
            try exchange.received([3, 4, 5, 6, 0x90, 0x00])
                == .done(ResponseAPDU(data: [1, 2, 3, 4, 5, 6], status: .success)))
    }

    @Test func `a correction that comes with data is refused`() throws {
        var exchange = CommandExchange(try command(expectedLength: 256), form: .short)
        _ = try exchange.start()
        #expect(throws: MalformedCardData.length) { try exchange.received([1, 0x6C, 0x08]) }
    }

    @Test func `endless promises without data are refused at the second`() throws {
        var exchange = CommandExchange(try command(expectedLength: 256), form: .short)
        _ = try exchange.start()
        _ = try exchange.received([0x61, 0x10])
        #expect(throws: MalformedCardData.length) { try exchange.received([0x61, 0x10]) }
        #expect(throws: MalformedCardData.unexpectedResponse) {
            try exchange.received(Self.success)
        }
    }

    @Test func `endless promises with a byte each are refused after a while`() throws {
        var exchange = CommandExchange(
            try command(expectedLength: 256), form: .short, maximumResponse: 4096)
        _ = try exchange.start()
        var steps = 0
        #expect(throws: MalformedCardData.length) {
            while case .send = try exchange.received([1, 0x61, 0x01]) { steps += 1 }
        }
        #expect(steps == 4 * (4096 / 256 + 1))
    }

    @Test func `more data than may come is refused`() throws {
        var exchange = CommandExchange(
            try command(expectedLength: 256), form: .short, maximumResponse: 300)
        _ = try exchange.start()
        let part = [UInt8](repeating: 7, count: 150)
        _ = try exchange.received(part + [0x61, 0x00])
        _ = try exchange.received(part + [0x61, 0x00])
        #expect(throws: MalformedCardData.length) { try exchange.received([1, 0x90, 0x00]) }
    }

    @Test func `a response without a status word ends the exchange`() throws {
        for bytes in [[], [0x90]] as [[UInt8]] {
            var exchange = CommandExchange(try command(), form: .short)
            _ = try exchange.start()
            #expect(throws: MalformedCardData.truncated) { try exchange.received(bytes) }
            #expect(throws: MalformedCardData.unexpectedResponse) {
                try exchange.received(Self.success)
            }
        }
    }

    @Test func `a response that nobody asked for is refused`() throws {
        var exchange = CommandExchange(try command(), form: .short)
        #expect(throws: MalformedCardData.unexpectedResponse) {
            try exchange.received(Self.success)
        }
        _ = try exchange.start()
        _ = try exchange.received(Self.success)
        #expect(throws: MalformedCardData.unexpectedResponse) {
            try exchange.received(Self.success)
        }
    }

    @Test func `an exchange can begin anew`() throws {
        var exchange = CommandExchange(try command(expectedLength: 256), form: .short)
        let first = try exchange.start()
        _ = try exchange.received([1, 0x61, 0x10])
        #expect(try exchange.start() == first)
        #expect(
            try exchange.received([2, 0x90, 0x00])
                == .done(ResponseAPDU(data: [2], status: .success)))
    }

    @Test func `whatever a card answers, an exchange ends`() throws {
        var random = SplitMix64(seed: 61)
        let heads: [UInt8] = [0x61, 0x61, 0x61, 0x6C, 0x90, 0x90]
        for round in 0..<2000 {
            let data = random.bytes(Int.random(in: 0...1000, using: &random))
            var exchange = CommandExchange(
                try command(data: data, expectedLength: 256),
                form: round % 2 == 0 ? .short : .extended, maximumResponse: 2048)
            _ = try exchange.start()
            var steps = 0
            do throws(MalformedCardData) {
                while true {
                    let body = random.bytes(Int.random(in: 0...3, using: &random))
                    let head = heads[Int.random(in: 0..<heads.count, using: &random)]
                    let step = try exchange.received(
                        steps < 4 ? [0x90, 0x00] : body + [head, head == 0x90 ? 0 : 1])
                    guard case .send = step else { break }
                    steps += 1
                }
            } catch {
                #expect(error == .length)
            }
            #expect(steps <= 4 + 2 * 4 * (2048 / 256 + 1) + 1)
        }
    }
}
