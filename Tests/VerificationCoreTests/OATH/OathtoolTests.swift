import Encoding
import OATH
import TestSupport
import Testing
import VerificationCore

/// The OATH Toolkit's program, which says a window's codes at a time: 10 000 of them in a hundred runs.
struct OathtoolTests {
    private static let runs = 25
    private static let codesPerRun: UInt64 = 100

    /// It has HOTP with SHA-1 alone.
    @Test(.needs("oathtool"), .timeLimit(.minutes(2)))
    func `oathtool agrees on HOTP codes`() async throws {
        var random = SplitMix64(seed: 4226)
        for run in 0..<Self.runs {
            let digits = try OATHDigits(6 + run % 3)
            let secret = random.bytes(Int.random(in: 16...64, using: &random))
            let first =
                run == 0
                ? UInt64.max - (Self.codesPerRun - 1)
                : random.next() >> UInt64.random(in: 1...60, using: &random)
            let key = try TokenKey(
                secret: secret, parameters: TokenParameters(.hotp(digits), hash: .sha1))
            try await compare(
                ["--hotp", "--counter=\(first)"], secret, key, from: first, digits: digits)
        }
    }

    @Test(.needs("oathtool"), .timeLimit(.minutes(2)), arguments: OATHHash.allCases)
    func `oathtool agrees on TOTP codes`(hash: OATHHash) async throws {
        var random = SplitMix64(seed: 6238)
        for run in 0..<Self.runs {
            let digits = try OATHDigits(6 + run % 3)
            let secret = random.bytes(Int.random(in: 16...128, using: &random))
            let period = [15, 30, 60, 300, Int.random(in: 15...300, using: &random)][run % 5]
            let time = Int64.random(in: 0...20_000_000_000, using: &random)
            let first = try #require(
                MovingFactor.timeStep(atMilliseconds: time * 1000, period: period))
            let key = try TokenKey(
                secret: secret,
                parameters: TokenParameters(.totp(digits, period: period), hash: hash))
            try await compare(
                ["--totp=\(hash.rawValue)", "--now=@\(time)", "--time-step-size=\(period)s"],
                secret, key, from: first, digits: digits)
        }
    }

    private func compare(
        _ arguments: [String], _ secret: [UInt8], _ key: TokenKey, from first: UInt64,
        digits: OATHDigits
    ) async throws {
        let (status, output) = try await Tool.run(
            Tool.path("oathtool"),
            arguments + [
                "--digits=\(digits.rawValue)", "--window=\(Self.codesPerRun - 1)",
                Hex.encode(secret),
            ])
        #expect(status == 0, "\(output)")
        let codes = output.split(separator: "\n").map(String.init)
        try #require(codes.count == Int(Self.codesPerRun), "\(output)")
        let window = first...(first + (Self.codesPerRun - 1))
        for (factor, code) in zip(window, codes) {
            #expect(oneTimePassword(key, movingFactor: factor) == code, "\(arguments) \(factor)")
        }
        // A code may occur twice in a window, and the second place is not the lowest.
        let place = Int(first % Self.codesPerRun)
        let found = try #require(findMovingFactor(of: codes[place], key, in: window))
        #expect(codes.firstIndex(of: codes[place]) == Int(found - first))
    }
}
