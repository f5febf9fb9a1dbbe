import CTAP
import ISO7816
import TestSupport
import Testing

struct U2FMessageTests {
    private let challenge = [UInt8](repeating: 1, count: 32)
    private let application = [UInt8](repeating: 2, count: 32)
    private let point: [UInt8] = [4] + [UInt8](repeating: 3, count: 64)

    @Test func `requests come out as they went in`() throws {
        let requests: [U2FRequest] = [
            .version, .register(challenge: challenge, application: application),
            .authenticate(
                .enforceUserPresence, challenge: challenge, application: application,
                keyHandle: [9, 8, 7]),
            .authenticate(
                .checkOnly, challenge: challenge, application: application, keyHandle: []),
            .authenticate(
                .doNotEnforceUserPresence, challenge: challenge, application: application,
                keyHandle: [UInt8](repeating: 1, count: 255)),
        ]
        for request in requests {
            let bytes = try request.encoded()
            #expect(try U2FRequest(CommandAPDU(decoding: bytes)) == request)
        }
    }

    @Test func `a request is an extended command that asks for all there is`() throws {
        #expect(try U2FRequest.version.encoded() == [0, 3, 0, 0, 0, 0, 0])
        #expect(
            try U2FRequest.register(challenge: challenge, application: application).encoded()
                == [0, 1, 0, 0, 0, 0, 64] + challenge + application + [0, 0])
        #expect(
            try U2FRequest.authenticate(
                .checkOnly, challenge: challenge, application: application, keyHandle: [9]
            ).encoded() == [0, 2, 7, 0, 0, 0, 66] + challenge + application + [1, 9, 0, 0])
    }

    @Test func `what no command can carry is refused`() {
        let huge = [UInt8](repeating: 0, count: 65_536)
        #expect(throws: MalformedMessage.apduLength) {
            try U2FRequest.register(challenge: huge, application: application).apdu()
        }
        #expect(throws: MalformedMessage.parameterTooLong("key handle")) {
            try U2FRequest.authenticate(
                .checkOnly, challenge: challenge, application: application,
                keyHandle: [UInt8](repeating: 0, count: 256)
            ).encoded()
        }
    }

    @Test func `a request of another kind or length is refused`() throws {
        func error(_ bytes: [UInt8]) throws -> MalformedMessage? {
            let command = try CommandAPDU(decoding: bytes)
            return #expect(throws: MalformedMessage.self) { try U2FRequest(command) }
        }
        #expect(try error([0x80, 3, 0, 0]) == .unsupportedInstruction(class: 0x80, instruction: 3))
        #expect(try error([0, 4, 0, 0]) == .unsupportedInstruction(class: 0, instruction: 4))
        #expect(try error([0, 1, 0, 0]) == .apduLength)
        #expect(try error([0, 3, 0, 0, 1, 1]) == .apduLength)
        let body = challenge + application + [2, 9, 9]
        _ = try U2FRequest(CommandAPDU(decoding: [0, 2, 3, 0, 67] + body))
        #expect(try error([0, 2, 4, 0, 67] + body) == .invalidParameter("P1"))
        #expect(try error([0, 2, 3, 0, 66] + body.dropLast()) == .apduLength)
        #expect(try error([0, 2, 3, 0, 68] + body + [9]) == .apduLength)
    }

    @Test func `a registration comes out as it went in`() throws {
        let certificate: [UInt8] = [0x30, 0x81, 0x80] + [UInt8](repeating: 5, count: 128)
        let registration = try U2FRegistration(
            publicKey: point, keyHandle: [7, 7], certificate: certificate,
            signature: [0x30, 2, 6, 6])
        let bytes = registration.encoded()
        #expect(bytes == [5] + point + [2, 7, 7] + certificate + [0x30, 2, 6, 6])
        #expect(try U2FRegistration(decoding: bytes) == registration)
        for count in 0..<bytes.count {
            #expect(throws: MalformedMessage.self) {
                try U2FRegistration(decoding: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: MalformedMessage.self) {
            try U2FRegistration(decoding: bytes + [0])
        }
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            do throws(MalformedMessage) {
                #expect(try U2FRegistration(decoding: flipped) != registration)
            } catch {
                #expect(!error.code.isEmpty)
            }
        }
    }

    @Test func `an authentication comes out as it went in`() throws {
        let authentication = U2FAuthentication(
            userPresence: 1, counter: 0x0102_0304, signature: [0x30, 1, 9])
        let bytes = authentication.encoded()
        #expect(bytes == [1, 1, 2, 3, 4, 0x30, 1, 9])
        #expect(try U2FAuthentication(decoding: bytes) == authentication)
        for count in 0..<bytes.count {
            #expect(throws: MalformedMessage.self) {
                try U2FAuthentication(decoding: Array(bytes.prefix(count)))
            }
        }
    }

    @Test func `what is signed is laid out as specified`() {
        #expect(
            U2FRegistration.signedMessage(
                application: application, challenge: challenge, keyHandle: [9], publicKey: point)
                == [0] + application + challenge + [9] + point)
        #expect(
            U2FAuthentication.signedMessage(
                application: application, userPresence: 1, counter: 258, challenge: challenge)
                == application + [1, 0, 0, 1, 2] + challenge)
    }
}
