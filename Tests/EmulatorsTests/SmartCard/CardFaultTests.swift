import Authenticators
import Emulators
import Encoding
import ISO7816
import PIV
import TestSupport
import Testing

struct CardFaultTests {
    private func lab(
        _ fault: CardFaultPlan.Fault, at instruction: PIVCommand.Instruction, _ number: Int = 1
    ) throws -> CardLab {
        try CardLab(faults: [CardFaultPlan.Occasion(instruction, number): fault])
    }

    @Test func `a card may be pulled out in mid-command, which has counted nonetheless`() throws {
        let lab = try lab(.pulledOut, at: .verify, 2)
        #expect(try lab.raw("00200080") == "63C3")
        #expect(throws: AuthenticatorFailure.unplugged) {
            try lab.raw("0020008008 393939393939FFFF")
        }
        #expect(!lab.card.isInserted)
        try lab.cyclePower()
        #expect(try lab.raw("00200080") == "63C2")
    }

    @Test func `another program may reset the card instead of the command`() throws {
        let lab = try lab(.resetByAnotherProgram, at: .verify)
        #expect(throws: AuthenticatorFailure.wasReset) {
            try lab.raw("0020008008 393939393939FFFF")
        }
        try lab.transport.reconnect()
        #expect(try lab.raw("00200080") == "6D00")
        try lab.succeed(PIVCommand.select())
        #expect(try lab.raw("00200080") == "63C3")
    }

    @Test(arguments: [
        (CardFaultPlan.Fault.truncated(to: 0), ""), (.truncated(to: 1), "05"),
        (.truncated(to: 4), "05070090"), (.truncated(to: 99), "0507009000"),
        (.extended(by: 3), "0507009000000000"), (.bitFlip(0), "8507009000"),
        (.bitFlip(47), "0407009000"), (.bitFlip(39), "0507009001"),
        (.status(StatusWord(rawValue: 0x1234)), "1234"),
        (.status(.noPreciseDiagnosis), "6F00"),
    ])
    func `a response may be damaged, once`(_ fault: CardFaultPlan.Fault, _ reply: String) throws {
        let lab = try lab(fault, at: .version)
        #expect(try lab.raw("00FD000000") == reply)
        #expect(try lab.raw("00FD000000") == "0507009000")
    }

    @Test func `a length may lie`() throws {
        let lab = try lab(.lyingLength, at: .getData)
        #expect(
            try lab.raw("00CB3FFF035C017E") == "7E134F0BA0000003080000100001005F2F0240009000")
        let long = try self.lab(.lyingLength, at: .getData)
        try long.manage()
        try long.succeed(
            PIVCommand.putData(.securityObject, [UInt8](repeating: 1, count: 0x90)))
        #expect(try long.raw("00CB3FFF055C035FC106").hasPrefix("53819101"))
    }

    @Test func `a response may never end`() throws {
        let lab = try lab(.endlessResponse(bytesEach: 2), at: .version)
        #expect(try lab.raw("00FD000000") == "00006100")
        for _ in 0..<10 { #expect(try lab.raw("00C0000000") == "00006100") }
        #expect(try lab.raw("00F8000000") == "00BC614E9000")
        #expect(try lab.raw("00C0000000") == "6985")
        let bare = try self.lab(.endlessResponse(bytesEach: 0), at: .version)
        #expect(try bare.raw("00FD000000") == "6100")
        #expect(throws: MalformedCardData.length) { try self.endless(0) }
        #expect(throws: MalformedCardData.length) { try self.endless(256) }
    }

    private func endless(_ count: Int) throws {
        _ = try lab(.endlessResponse(bytesEach: count), at: .version).call(PIVCommand.version())
    }

    @Test func `a card may never be content with a length`() throws {
        let lab = try lab(.wrongLengthLoop, at: .version)
        #expect(try lab.raw("00FD000000") == "6C01")
        #expect(try lab.raw("00FD000001") == "6C02")
        #expect(try lab.raw("00FD000002") == "6C03")
        #expect(try lab.raw("00F8000000") == "00BC614E9000")
        #expect(try lab.raw("00FD000000") == "0507009000")
    }

    @Test func `a card may be slow, or silent`() throws {
        let slow = try lab(.slow(.seconds(5)), at: .version)
        let begin = slow.clock.now
        #expect(try slow.raw("00FD000000") == "0507009000")
        #expect(slow.clock.now - begin == .seconds(5))
        let silent = try lab(.noAnswer, at: .verify)
        #expect(throws: AuthenticatorFailure.timedOut) {
            try silent.raw("0020008008 393939393939FFFF")
        }
        #expect(try silent.raw("00200080") == "63C2")
    }

    @Test func `somebody may have blocked the PIN meanwhile`() throws {
        let lab = try lab(.pinBlocked, at: .verify, 2)
        #expect(try lab.raw("00200080") == "63C3")
        #expect(try lab.raw("0020008008 313233343536FFFF") == "6983")
        try lab.cyclePower()
        #expect(try lab.raw("00200080") == "6983")
    }

    @Test func `a certificate may be none`() throws {
        let lab = try lab(.certificateNotDER, at: .getData)
        #expect(try lab.raw("00CB3FFF035C017E").hasPrefix("7E12"))
        func certificate() throws -> [UInt8] {
            try CertificateObject(
                decoding: DataObject(
                    id: .attestationCertificate,
                    response: lab.succeed(PIVCommand.getData(.attestationCertificate))
                ).contents
            ).certificate
        }
        let spoilt = try certificate()
        #expect(spoilt.allSatisfy { $0 == 0xFF })
        let whole = try certificate()
        #expect(whole.first == 0x30 && whole.count == spoilt.count)
        _ = try lab.generate()
        lab.card.replaceFaults(
            CardFaultPlan([CardFaultPlan.Occasion(.attest, 1): .certificateNotDER]))
        #expect(try lab.succeed(PIVCommand.attest(.authentication)).first == 0xFF)
        #expect(try lab.succeed(PIVCommand.attest(.authentication)).first == 0x30)
    }

    @Test(arguments: [PIVAlgorithm.p256, .p384, .rsa2048])
    func `a signature may be by another key or over something else`(
        _ algorithm: PIVAlgorithm
    ) throws {
        let lab = try CardLab()
        let key = try lab.generate(.cardAuthentication, algorithm)
        let other = try lab.generate(.keyManagement, algorithm)
        let sign = try PIVCommand.sign(
            .cardAuthentication, algorithm, Signing.input(algorithm))
        // On the first link, where the command is a chain.
        lab.card.replaceFaults(
            CardFaultPlan([
                CardFaultPlan.Occasion(.generalAuthenticate, 1): .signatureByAnotherKey
            ]))
        let foreign = try lab.response(sign)
        #expect(try !Signing.isValid(foreign, by: key))
        #expect(try Signing.isValid(foreign, by: other))
        #expect(try Signing.isValid(lab.response(sign), by: key))
        lab.card.replaceFaults(
            CardFaultPlan([
                CardFaultPlan.Occasion(.generalAuthenticate, 1): .signatureOverOtherData
            ]))
        let strayed = try lab.response(sign)
        #expect(try !Signing.isValid(strayed, by: key))
        #expect(try !Signing.isValid(strayed, by: other))
        #expect(try Signing.isValid(lab.response(sign), by: key))
    }

    @Test func `a plan drawn from a seed is the same each time`() throws {
        func replies(_ seed: UInt64) throws -> [String] {
            var random = SplitMix64(seed: seed)
            let lab = try CardLab(isSelected: false, seed: 9)
            lab.card.replaceFaults(
                .random(4, among: [.select, .getData, .verify], using: &random))
            return ["00A4040005A000000308", "00CB3FFF035C017E", "00200080"].flatMap { command in
                (0..<3).map { _ in
                    do {
                        return try lab.raw(command)
                    } catch {
                        return "\(error)"
                    }
                }
            }
        }
        for seed in 0..<20 as Range<UInt64> { #expect(try replies(seed) == replies(seed)) }
        let all = try Set((0..<20).map(replies))
        #expect(all.count > 10)
    }

    @Test func `after any faults the card serves who connects anew`() throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let lab = try CardLab(seed: seed)
            lab.card.replaceFaults(
                .random(
                    6, among: [.select, .getData, .verify, .generalAuthenticate, .getResponse],
                    depth: 4, using: &random))
            for command in [
                try PIVCommand.getData(.attestationCertificate), try PIVCommand.verify(),
                try PIVCommand.managementWitness(.tripleDES), try PIVCommand.selectTruncated(),
                try PIVCommand.verify(.application, CardLab.wrong),
            ] {
                do {
                    _ = try lab.call(command)
                } catch let error as AuthenticatorFailure {
                    #expect([.unplugged, .wasReset, .timedOut].contains(error))
                } catch {
                    #expect(error is MalformedCardData)
                }
            }
            lab.card.replaceFaults(.none)
            try lab.cyclePower()
            #expect(try lab.raw("00CB3FFF035C017E").hasSuffix("40009000"), "seed \(seed)")
        }
    }
}
