import ISO7816
public import PIV

extension CardFaultPlan {
    /// A fault drawn at random from all kinds, with small lengths and a delay of 20 ms at most.
    public static func randomFault(using generator: inout some RandomNumberGenerator) -> Fault {
        switch Int.random(in: 0..<15, using: &generator) {
        case 0: .pulledOut
        case 1: .resetByAnotherProgram
        case 2: .truncated(to: Int.random(in: 0...40, using: &generator))
        case 3: .extended(by: Int.random(in: 1...40, using: &generator))
        case 4: .lyingLength
        case 5: .bitFlip(Int.random(in: 0..<4_096, using: &generator))
        case 6: .endlessResponse(bytesEach: [0, 1, 256].randomElement(using: &generator) ?? 0)
        case 7: .wrongLengthLoop
        case 8: .slow(.milliseconds(Int.random(in: 1...20, using: &generator)))
        case 9: .noAnswer
        case 10: .status(StatusWord(rawValue: UInt16.random(in: .min ... .max, using: &generator)))
        case 11: .pinBlocked
        case 12: .certificateNotDER
        case 13: .signatureByAnotherKey
        default: .signatureOverOtherData
        }
    }

    /// A plan of `count` faults at most, each at one of the first `depth` commands of one of `instructions`.
    public static func random(
        _ count: Int, among instructions: [PIVCommand.Instruction], depth: Int = 3,
        using generator: inout some RandomNumberGenerator
    ) -> CardFaultPlan {
        var faults: [Occasion: Fault] = [:]
        for _ in 0..<max(count, 0) {
            guard let instruction = instructions.randomElement(using: &generator) else { break }
            let number = Int.random(in: 1...max(depth, 1), using: &generator)
            faults[Occasion(instruction, number)] = randomFault(using: &generator)
        }
        return CardFaultPlan(faults)
    }
}
