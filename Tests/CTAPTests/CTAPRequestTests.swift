import CTAP
import Encoding
import TestSupport
import Testing

struct CTAPRequestTests {
    @Test(arguments: RequestVectors.all.indices)
    func `a request of python-fido2 decodes and encodes`(index: Int) throws {
        let (hex, request) = RequestVectors.all[index]
        #expect(try CTAPRequest(decoding: Hex.decode(hex)) == request)
        #expect(Hex.encode(request.encoded()) == hex)
    }

    @Test(arguments: RequestVectors.others)
    func `a request comes out as it went in`(request: CTAPRequest) throws {
        #expect(try CTAPRequest(decoding: request.encoded()) == request)
    }

    @Test(arguments: RequestVectors.all.indices)
    func `no proper prefix is a request`(index: Int) throws {
        let message = try Hex.decode(RequestVectors.all[index].hex)
        for count in 0..<message.count {
            #expect(throws: MalformedMessage.self) {
                try CTAPRequest(decoding: Array(message.prefix(count)))
            }
        }
    }

    @Test(arguments: RequestVectors.all.indices)
    func `each flipped bit is refused or shows`(index: Int) throws {
        let (hex, request) = RequestVectors.all[index]
        let message = try Hex.decode(hex)
        for bit in 0..<message.count * 8 {
            var flipped = message
            flipped[bit / 8] ^= 1 << (bit % 8)
            do throws(MalformedMessage) {
                let decoded = try CTAPRequest(decoding: flipped)
                #expect(decoded != request, "bit \(bit)")
            } catch {
                #expect(!error.code.isEmpty)
            }
        }
    }

    @Test func `random bytes never trap`() {
        var random = SplitMix64(seed: 7)
        for _ in 0..<10_000 {
            let length = Int.random(in: 0...80, using: &random)
            var message = random.bytes(length)
            if !message.isEmpty { message[0] %= 0x10 }
            do throws(MalformedMessage) {
                let request = try CTAPRequest(decoding: message)
                #expect(request.command.rawValue == message[0])
            } catch {
                #expect(error.status != .success)
            }
        }
    }

    @Test func `a command alone that takes parameters lacks them`() {
        for command: UInt8 in [0x01, 0x02, 0x06, 0x09, 0x0A, 0x0C, 0x0D] {
            do throws(MalformedMessage) {
                _ = try CTAPRequest(decoding: [command])
                Issue.record("\(command) was taken")
            } catch {
                #expect(error.status == .missingParameter)
            }
        }
    }

    @Test(
        arguments: [
            ([], MalformedMessage.empty),
            ([0x04, 0x00], .encoding(.trailingBytes(count: 1))),
            ([0x03], .unknownCommand(0x03)),
            ([0x06, 0x80], .unexpectedType(parameter: "")),
            ([0x06, 0xA1, 0x02, 0x18, 0x63], .unknownSubcommand(99)),
            ([0x06, 0xA1, 0x02, 0x61, 0x61], .unexpectedType(parameter: "2")),
            ([0x06, 0xA1, 0x02, 0x02], .missingParameter("1")),
            ([0x06, 0xA1, 0x02, 0x18, 0x01], .encoding(.nonCanonicalInteger)),
            ([0x06, 0xA1, 0x02, 0x01, 0x00], .encoding(.trailingBytes(count: 1))),
        ] as [([UInt8], MalformedMessage)])
    func `a malformed request is refused for its own reason`(
        message: [UInt8], expected: MalformedMessage
    ) {
        #expect(throws: expected) { try CTAPRequest(decoding: message) }
    }

    @Test func `wrong types, absences and lengths name the parameter`() throws {
        let entries: [CBOR: CBOR] = [
            0x01: .bytes(RequestVectors.clientDataHash),
            0x02: ["id": "example.com"],
            0x03: ["id": .bytes([1])],
            0x04: [["alg": -7, "type": "public-key"]],
        ]
        func error(_ key: CBOR, _ value: CBOR?) -> MalformedMessage? {
            var changed = entries
            changed[key] = value
            do throws(MalformedMessage) {
                _ = try CTAPRequest(decoding: [0x01] + CBOR.map(changed).encoded())
                return nil
            } catch {
                return error
            }
        }
        #expect(error(0x01, .bytes(RequestVectors.clientDataHash)) == nil)
        #expect(error(0x01, nil) == .missingParameter("1"))
        #expect(error(0x01, .bytes([1])) == .invalidParameter("1"))
        #expect(error(0x01, "text") == .unexpectedType(parameter: "1"))
        #expect(error(0x02, [:]) == .missingParameter("2.id"))
        #expect(error(0x02, ["id": 1]) == .unexpectedType(parameter: "2.id"))
        #expect(
            error(0x03, ["id": .bytes([UInt8](repeating: 0, count: 65))])
                == .invalidParameter("3.id"))
        #expect(error(0x04, nil) == .missingParameter("4"))
        #expect(error(0x04, [1]) == .unexpectedType(parameter: "4"))
        #expect(error(0x04, [["alg": -7]]) == .missingParameter("4.type"))
        #expect(error(0x05, [["id": 1, "type": "x"]]) == .unexpectedType(parameter: "5.id"))
        #expect(error(0x06, [1: true]) == .unexpectedType(parameter: "6"))
        #expect(error(0x07, ["rk": 1]) == .unexpectedType(parameter: "7"))
        #expect(error(0x08, 1) == .unexpectedType(parameter: "8"))
        #expect(error(0x09, "one") == .unexpectedType(parameter: "9"))
        #expect(error(0x63, "unknown") == nil)
    }

    @Test func `what a management request authenticates is what was sent`() throws {
        // A member that we do not know is still under the client's code.
        let parameters: CBOR = [
            0x02: ["id": .bytes([1]), "type": "public-key"],
            0x03: ["id": .bytes([2]), "icon": "none"],
        ]
        let message: CBOR = [0x01: 0x07, 0x02: parameters]
        let decoded = try CTAPRequest(decoding: [0x0A] + message.encoded())
        guard case .credentialManagement(let request) = decoded else {
            Issue.record("decoded as another command")
            return
        }
        #expect(request.authenticatedMessage == [0x07] + parameters.encoded())
    }

    @Test func `the preview's numbers mean the same commands`() throws {
        let body: CBOR = [0x01: 0x03]
        #expect(
            try CTAPRequest(decoding: [0x41] + body.encoded())
                == CTAPRequest(decoding: [0x0A] + body.encoded()))
        let modality: CBOR = [0x06: true]
        #expect(
            try CTAPRequest(decoding: [0x40] + modality.encoded())
                == CTAPRequest(decoding: [0x09] + modality.encoded()))
    }

    @Test func `what a configuration request authenticates is laid out as specified`() {
        // From the CTAP 2.1 migration guide's example for toggleAlwaysUv: ff x 32, 0d, 02.
        #expect(
            AuthenticatorConfigRequest.authenticatedMessage(for: .toggleAlwaysUv)
                == [UInt8](repeating: 0xFF, count: 32) + [0x0D, 0x02])
        #expect(
            LargeBlobsRequest.authenticatedMessage(offset: 0x0102, fragmentHash: [9])
                == [UInt8](repeating: 0xFF, count: 32) + [0x0C, 0x00, 0x02, 0x01, 0, 0, 9])
    }
}
