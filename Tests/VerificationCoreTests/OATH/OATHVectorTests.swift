import Cryptography
import Encoding
import OATH
import TestSupport
import Testing
import VerificationCore

/// Vectors of other projects. The members of their file keep their names.
@Suite(.enabled(if: Vectors.arePresent, "\(Vectors.absence)"))
struct OATHVectorTests {
    private struct Vector: Decodable {
        let kind: String
        let keyHex: String
        let otp: String
        // HOTP.
        let counter: UInt64?
        let digits: Int?
        // TOTP.
        let hash: String?
        let time: Int64?
        let step: Int?
        // OCRA: decimal, and hexadecimal.
        let suite: String?
        let Q: String?
        let C: String?
        let T: String?
        let pin: String?
    }

    private let vectors = Vectors.lines("otp/otp.jsonl", as: Vector.self)

    @Test func `every line decodes`() {
        #expect(vectors.count { $0.kind == "hotp" } == 10)
        #expect(vectors.count { $0.kind == "totp" } == 18)
        #expect(vectors.count { $0.kind == "ocra" } == 50)
        #expect(vectors.count == 78)
    }

    @Test func `HOTP vectors come out`() throws {
        for vector in vectors where vector.kind == "hotp" {
            let parameters = try TokenParameters(
                .hotp(OATHDigits(#require(vector.digits))), hash: .sha1)
            let key = try TokenKey(secret: Hex.decode(vector.keyHex), parameters: parameters)
            let counter = try #require(vector.counter)
            #expect(oneTimePassword(key, movingFactor: counter) == vector.otp)
            #expect(findMovingFactor(of: vector.otp, key, in: 0...9) == counter)
        }
    }

    @Test func `TOTP vectors come out`() throws {
        for vector in vectors where vector.kind == "totp" {
            let period = try #require(vector.step)
            let hash = try #require(vector.hash.flatMap(OATHHash.init(rawValue:)))
            let parameters = try TokenParameters(
                .totp(OATHDigits(#require(vector.digits)), period: period), hash: hash)
            let key = try TokenKey(secret: Hex.decode(vector.keyHex), parameters: parameters)
            let time = try #require(vector.time)
            let step = try #require(
                MovingFactor.timeStep(atMilliseconds: time * 1000 + 999, period: period))
            #expect(oneTimePassword(key, movingFactor: step) == vector.otp)
            #expect(findMovingFactor(of: vector.otp, key, in: step...step + 2) == step)
        }
    }

    @Test func `OCRA vectors come out`() throws {
        for vector in vectors where vector.kind == "ocra" {
            let suite = try OCRASuite(#require(vector.suite))
            let key = try TokenKey(
                secret: Hex.decode(vector.keyHex), parameters: TokenParameters(suite))
            let input = OCRAInput(
                question: try #require(vector.Q),
                pinHash: vector.pin.map { Digest.hash(Array($0.utf8), with: .sha1) })
            let counter = try vector.C.map { try #require(UInt64($0)) }
            let step = try vector.T.map { try #require(UInt64($0, radix: 16)) }
            #expect(
                try ocraResponse(to: input, key, counter: counter, timeStep: step) == vector.otp)
            let match = try findOCRAMatch(
                of: vector.otp, to: input, key, counters: counter.map { 0...($0 + 1) },
                timeSteps: step.map { ($0 - 1)...($0 + 1) })
            #expect(match?.counter == counter)
            #expect(match?.timeStep == step)
        }
    }
}
