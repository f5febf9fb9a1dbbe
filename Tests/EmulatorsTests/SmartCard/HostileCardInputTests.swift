import Authenticators
import Emulators
import ISO7816
import PIV
import TestSupport
import Testing

struct HostileCardInputTests {
    private let instructions: [UInt8] = [
        0x20, 0x24, 0x2C, 0x47, 0x87, 0xA4, 0xC0, 0xCB, 0xDB, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA, 0xFB,
        0xFD, 0xFE, 0xFF,
    ]

    /// Every answer is a response APDU, and the card still serves a client that behaves.
    private func expectAnswer(_ lab: CardLab, _ command: [UInt8]) throws {
        let response = try lab.transport.transmit(command)
        #expect(response.count >= 2 && response.count <= 258)
    }

    private func expectAlive(_ lab: CardLab) throws {
        try lab.cyclePower()
        #expect(
            try lab.raw("00CB3FFF035C017E") == "7E124F0BA0000003080000100001005F2F0240009000")
    }

    @Test func `twenty thousand random commands never trap`() throws {
        var random = SplitMix64(seed: 5)
        let lab = try CardLab()
        for _ in 0..<20_000 {
            var command = random.bytes(Int.random(in: 0...80, using: &random))
            if Bool.random(using: &random), command.count > 5 {
                command[0] = [0x00, 0x10].randomElement(using: &random) ?? 0
                command[1] = instructions.randomElement(using: &random) ?? 0
                command[4] = UInt8(command.count - 5)
                let slots: [UInt8] = [0x80, 0x81, 0x82, 0x95, 0x9A, 0x9B, 0x9C, 0xF9]
                command[3] = slots.randomElement(using: &random) ?? 0
                if Bool.random(using: &random) { command[2] = 0 }
            }
            try expectAnswer(lab, command)
        }
        try expectAlive(lab)
    }

    @Test func `good commands with single bits flipped, cut short and drawn out never trap`()
        throws
    {
        let lab = try CardLab(seed: 3)
        _ = try lab.generate()
        let commands = try [
            PIVCommand.select(), PIVCommand.getData(.cardholderUniqueIdentifier),
            PIVCommand.putData(.securityObject, [1, 2, 3]),
            PIVCommand.verify(.application, CardLab.pin),
            PIVCommand.changeReference(.puk, from: CardLab.puk, to: CardLab.newPIN),
            PIVCommand.resetRetryCounter(puk: CardLab.puk, newPIN: CardLab.pin),
            PIVCommand.sign(.authentication, .p256, Signing.input(.p256)),
            PIVCommand.agree(.authentication, .p256, [4] + [UInt8](repeating: 1, count: 64)),
            PIVCommand.managementWitness(.tripleDES), PIVCommand.managementChallenge(.tripleDES),
            PIVCommand.generateKey(.keyManagement, .p256, pinPolicy: .once, touchPolicy: .never),
            PIVCommand.importKey(
                .keyManagement, .p256, scalar: [UInt8](repeating: 1, count: 32), pinPolicy: .once),
            PIVCommand.setManagementKey(.tripleDES, CardLab.factoryKey),
            PIVCommand.metadata(.authentication), PIVCommand.attest(.authentication),
        ].map { try $0.encoded(.short) }
        for command in commands {
            for damaged in command.singleBitFlips { try expectAnswer(lab, damaged) }
            for damaged in command.properPrefixes { try expectAnswer(lab, damaged) }
            try expectAnswer(lab, command + [0])
            try expectAnswer(lab, command + [0, 0, 0])
            try lab.cyclePower()
            // Some of the flips are commands that are to be carried out.
            if try lab.raw("00200080") == "63C3" { try lab.verifyPIN() }
        }
        try expectAlive(lab)
    }

    @Test func `random commands of any length never trap a card that takes extended ones`() throws {
        var random = SplitMix64(seed: 6)
        let lab = try CardLab(configuration: .init(lengths: .extended))
        for _ in 0..<500 {
            let count = Int.random(in: 0...5_000, using: &random)
            let data = random.bytes(count)
            let header: [UInt8] = [
                [0x00, 0x10].randomElement(using: &random) ?? 0,
                instructions.randomElement(using: &random) ?? 0, 0x3F, 0xFF,
            ]
            let length = [UInt8(count >> 8), UInt8(count & 0xFF)]
            let response = try lab.transport.transmit(header + [0] + length + data + [0, 0])
            #expect(response.count >= 2)
        }
        try expectAlive(lab)
    }
}
