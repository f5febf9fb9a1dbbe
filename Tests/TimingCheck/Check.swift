import Cryptography
import OATH
import VerificationCore

/// What is examined, and what is planted to see that the examination finds it.
enum Check: String, CaseIterable {
    case hmacSHA1 = "hmac-sha1"
    case hmacSHA256 = "hmac-sha256"
    case hmacSHA512 = "hmac-sha512"
    case equality
    case movingFactor = "moving-factor"
    case consecutive
    case response
    case ocra
    case plantedEarlyExit = "planted-early-exit"
    case plantedFirstMatch = "planted-first-match"
    case plantedLookUp = "planted-look-up"
    case plantedTruncation = "planted-truncation"

    /// Runs it, with secrets that give a right answer and with ones that give a wrong one.
    func run() throws {
        switch self {
        case .hmacSHA1:
            Examination.hmac(.sha1, begins: [0xDE, 0x7C, 0x9B, 0x85])
        case .hmacSHA256:
            Examination.hmac(.sha256, begins: [0xF7, 0xBC, 0x83, 0xF4])
        case .hmacSHA512:
            Examination.hmac(.sha512, begins: [0xB4, 0x2A, 0xF0, 0x90])
        case .equality: Examination.equality()
        case .movingFactor: try Examination.movingFactor()
        case .consecutive: try Examination.consecutive()
        case .response: try Examination.response()
        case .ocra: try Examination.ocra()
        case .plantedEarlyExit: Planted.earlyExit()
        case .plantedFirstMatch: Planted.firstMatch()
        case .plantedLookUp: Planted.lookUp()
        case .plantedTruncation: Planted.truncation()
        }
    }
}

/// The code that must not leak. Secret are the key, and what is typed; public are lengths, windows and questions.
private enum Examination {
    /// The key of RFC 4226 appendix D, as often as it takes.
    private static func key(
        _ mechanism: TokenParameters.Mechanism, _ hash: OATHHash
    ) throws -> TokenKey {
        let letters = Array("1234567890".utf8)
        let secret = (0..<hash.byteCount).map { letters[$0 % letters.count] }
        return try TokenKey(
            secret: Secrets.classified(secret), parameters: TokenParameters(mechanism, hash: hash))
    }

    static func hmac(_ algorithm: HashAlgorithm, begins: [UInt8]) {
        let sentence = Array("The quick brown fox jumps over the lazy dog".utf8)
        let code = MessageAuthentication.hmac(
            Secrets.classified(sentence), key: Secrets.classified(Array("key".utf8)),
            with: algorithm)
        expect(Secrets.declassified(code).starts(with: begins), "a wrong code")
        // A key that is hashed first, for it is longer than a block.
        let long = [UInt8](repeating: 1, count: 200)
        let other = MessageAuthentication.hmac(
            sentence, key: Secrets.classified(long), with: algorithm)
        expect(Secrets.declassified(other).count == algorithm.byteCount, "a wrong length")
    }

    static func equality() {
        let bytes = [UInt8](0..<32)
        var others = bytes
        others[0] = 1
        let secret = Secrets.classified(bytes)
        let isEqual = ConstantTime.areEqual(secret, Secrets.classified(bytes))
        expect(Secrets.declassified(isEqual), "equal bytes are not")
        let isOther = ConstantTime.areEqual(secret, Secrets.classified(others))
        expect(!Secrets.declassified(isOther), "other bytes are equal")
    }

    /// The right code in front, within and at the end; a wrong one; and text that is no code.
    static func movingFactor() throws {
        for (code, factor) in [
            ("755224", 0), ("254676", 5), ("520489", 9), ("000000", nil), ("25467x", nil),
            ("25467", nil),
        ] as [(String, UInt64?)] {
            let key = try key(.hotp(.six), .sha1)
            let match = searchMovingFactor(of: Secrets.classified(code), key, in: 0...9)
            expect(Secrets.declassified(match).revealed == factor, "a wrong factor")
        }
        // RFC 6238 appendix B.
        for (hash, code) in [
            (OATHHash.sha256, "68084774"), (.sha512, "25091201"),
        ] {
            let key = try key(.totp(.eight, period: 30), hash)
            let step: UInt64 = 1_111_111_109 / 30
            let match = searchMovingFactor(
                of: Secrets.classified(code), key, in: (step - 2)...(step + 2))
            expect(Secrets.declassified(match).revealed == step, "a wrong time step")
        }
    }

    static func consecutive() throws {
        for (first, second, factor) in [
            ("755224", "287082", 1), ("338314", "254676", 5), ("254676", "338314", nil),
            ("000000", "000001", nil),
        ] as [(String, String, UInt64?)] {
            let key = try key(.hotp(.six), .sha1)
            let match = searchConsecutive(
                Secrets.classified(first), Secrets.classified(second), key, in: 0...9)
            expect(Secrets.declassified(match).revealed == factor, "a wrong factor")
        }
    }

    /// The moving factor 0 of RFC 4226 appendix D, as a challenge.
    static func response() throws {
        let key = try key(.challengeResponse, .sha1)
        let challenge = MovingFactor.message(0)
        let right: [UInt8] = [
            0xCC, 0x93, 0xCF, 0x18, 0x50, 0x8D, 0x94, 0x93, 0x4C, 0x64,
            0xB6, 0x5D, 0x8B, 0xA7, 0x66, 0x7F, 0xB7, 0xCD, 0xE4, 0xB0,
        ]
        let isValid = isValidResponse(Secrets.classified(right), to: challenge, key)
        expect(Secrets.declassified(isValid), "a right response is refused")
        let wrong = [UInt8](repeating: 0xCC, count: 20)
        let isOther = isValidResponse(Secrets.classified(wrong), to: challenge, key)
        expect(!Secrets.declassified(isOther), "a wrong response is taken")
    }

    /// RFC 6287 appendix C.1. The PIN is secret too.
    static func ocra() throws {
        let suite = try OCRASuite("OCRA-1:HOTP-SHA256-8:C-QN08-PSHA1")
        let pin = Digest.hash(Secrets.classified(Array("1234".utf8)), with: .sha1)
        let input = OCRAInput(question: "12345678", pinHash: pin)
        for (response, place) in [
            ("65347737", 0), ("10104329", 4), ("08522129", 9), ("00000000", nil),
        ] as [(String, UInt64?)] {
            let key = try key(.ocra(suite), .sha256)
            let match = try searchOCRAMatch(
                of: Secrets.classified(response), to: input, key,
                among: OCRAPairs(counters: 0...9, timeSteps: nil))
            expect(Secrets.declassified(match).revealed == place, "a wrong counter")
        }
    }
}
