public import ISO7816
public import PIV

/// Faults that a software card commits on purpose, so that drivers can show that they bear them.
public struct CardFaultPlan: Sendable {
    /// One way to fail.
    public enum Fault: Hashable, Sendable {
        /// The command is carried out, and the card is pulled out before it answers.
        case pulledOut
        /// Another program resets the card; the command is not carried out.
        case resetByAnotherProgram
        /// The response ends after so many bytes, be they data or status word.
        case truncated(to: Int)
        /// So many bytes of 00 follow the status word.
        case extended(by: Int)
        /// The length of the first data object in the response is one more than it should be.
        case lyingLength
        /// The bit of that number is wrong in the response, counted round and round it from the first byte's highest.
        case bitFlip(Int)
        /// 61xx with so many bytes, and again at every GET RESPONSE until the card is reset or gets another command.
        case endlessResponse(bytesEach: Int)
        /// 6Cxx, each time another, until the card is reset or gets another command.
        case wrongLengthLoop
        /// The response is as it should be, and late.
        case slow(Duration)
        /// The command is carried out and there is no response.
        case noAnswer
        /// This status word in place of anything; the command is not carried out.
        case status(StatusWord)
        /// Somebody has used up the tries of the PIN meanwhile. It stays blocked.
        case pinBlocked
        /// The next certificate that is read is not DER.
        case certificateNotDER
        /// The next signature is made with another key of the kind, that of another slot where there is one.
        case signatureByAnotherKey
        /// The next signature is over something else.
        case signatureOverOtherData
    }

    /// When a fault is committed.
    public struct Occasion: Hashable, Sendable {
        let instruction: PIVCommand.Instruction
        let number: Int

        /// At the command APDU that is the `number`th with this instruction since the plan began, the first being 1.
        /// Each link of a chain counts. So does what the card refuses.
        public init(_ instruction: PIVCommand.Instruction, _ number: Int) {
            self.instruction = instruction
            self.number = number
        }
    }

    private let faults: [Occasion: Fault]
    private var counts: [PIVCommand.Instruction: Int] = [:]

    /// Commits each fault once, on its occasion. What concerns a certificate or a signature waits from there on for the
    /// next one.
    public init(_ faults: [Occasion: Fault]) {
        self.faults = faults
    }

    /// No faults.
    public static let none = CardFaultPlan([:])

    /// Counts a command and gives the fault that it is the occasion of.
    mutating func nextFault(for instruction: PIVCommand.Instruction) -> Fault? {
        let number = (counts[instruction] ?? 0) + 1
        counts[instruction] = number
        return faults[Occasion(instruction, number)]
    }
}
