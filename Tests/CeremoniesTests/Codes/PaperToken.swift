import Accounts
import CredentialStore
import Cryptography
import OATH
import Testing

/// A token as the RFCs describe it, written down anew for these tests: nothing of what verifies codes is in it, but for
/// the HMAC.
struct PaperToken: Sendable {
    /// The token of RFC 4226, appendix D.
    static let rfc4226 = PaperToken(secret: Array("12345678901234567890".utf8))

    var secret: [UInt8]
    var hash = OATHHash.sha1
    var digits = 6

    private func authenticate(_ message: [UInt8]) -> [UInt8] {
        let algorithm: HashAlgorithm =
            switch hash {
            case .sha1: .sha1
            case .sha256: .sha256
            case .sha512: .sha512
            }
        return MessageAuthentication.hmac(message, key: secret, with: algorithm)
    }

    /// RFC 4226 §5.3 and 5.4.
    private func truncated(_ mac: [UInt8]) -> String {
        let offset = Int(mac[mac.count - 1] % 16)
        var number = 0
        for byte in mac[offset..<offset + 4] { number = number * 256 + Int(byte) }
        number %= 0x8000_0000
        var text = ""
        for _ in 0..<digits {
            text = "\(number % 10)" + text
            number /= 10
        }
        return text
    }

    private func eightBytes(_ number: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(number >> UInt64($0) & 0xFF) }
    }

    /// The code of a counter or of a time step.
    func code(_ factor: UInt64) -> String { truncated(authenticate(eightBytes(factor))) }

    /// The code that a clock shows which is so many steps ahead of ours.
    func code(at moment: Timestamp, period: Int = 30, ahead: Int64 = 0) throws -> String {
        let step = moment.milliseconds / 1000 / Int64(period) + ahead
        return code(try #require(UInt64(exactly: step)))
    }

    /// The answer to a challenge.
    func response(to challenge: [UInt8]) -> [UInt8] { authenticate(challenge) }

    /// The code that answers a question (RFC 6287 §5.1), for suites without PIN and session.
    func code(
        _ suite: String, _ question: String, counter: UInt64? = nil, step: UInt64? = nil
    ) throws -> String {
        var packed: [UInt8]
        if suite.contains("QA") {
            packed = Array(question.utf8)
        } else {
            var digits = question
            if suite.contains("QN") {
                digits = String(try #require(UInt64(question)), radix: 16)
            }
            if digits.count % 2 == 1 { digits += "0" }
            var rest = digits[...]
            packed = []
            while !rest.isEmpty {
                packed.append(try #require(UInt8(rest.prefix(2), radix: 16)))
                rest = rest.dropFirst(2)
            }
        }
        packed += Array(repeating: 0, count: 128 - packed.count)
        return truncated(
            authenticate(
                Array(suite.utf8) + [0] + (counter.map(eightBytes) ?? []) + packed
                    + (step.map(eightBytes) ?? [])))
    }
}

struct PaperTokenTests {
    @Test func `the paper token computes what the RFCs print`() throws {
        // RFC 4226, appendix D.
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
            "399871", "520489",
        ]
        #expect((0...9).map { PaperToken.rfc4226.code($0) } == codes)
        // RFC 6238, appendix B.
        let digits = Array("1234567890".utf8)
        let moment = Timestamp(milliseconds: 20_000_000_000_000)
        let long = (0..<7).flatMap { _ in digits }
        for (hash, length, code) in [
            (OATHHash.sha1, 20, "65353130"), (.sha256, 32, "77737706"), (.sha512, 64, "47863826"),
        ] {
            let token = PaperToken(secret: Array(long.prefix(length)), hash: hash, digits: 8)
            #expect(try token.code(at: moment) == code)
        }
        // RFC 6287, appendix C.
        let short = PaperToken.rfc4226
        #expect(try short.code("OCRA-1:HOTP-SHA1-6:QN08", "11111111") == "243178")
        let large = PaperToken(secret: Array(long.prefix(64)), hash: .sha512, digits: 8)
        #expect(
            try large.code("OCRA-1:HOTP-SHA512-8:C-QN08", "00000000", counter: 0) == "07016083")
        #expect(
            try large.code("OCRA-1:HOTP-SHA512-8:QN08-T1M", "00000000", step: 0x132_D0B6)
                == "95209754")
        let medium = PaperToken(secret: Array(long.prefix(32)), hash: .sha256, digits: 8)
        #expect(try medium.code("OCRA-1:HOTP-SHA256-8:QA08", "SIG10000") == "53095496")
        // RFC 2202 §3, the first case.
        let slot = PaperToken(secret: [UInt8](repeating: 0x0B, count: 20))
        #expect(slot.response(to: Array("Hi There".utf8)).prefix(4) == [0xB6, 0x17, 0x31, 0x86])
    }
}
