import ISO7816
import PIV

/// The transmission side of a card: it puts chains together and hands long responses out in parts (ISO 7816-4 §5.1.1
/// and §7.6.1). It carries nothing out itself.
struct CardInterface: Sendable {
    /// What to do with what came.
    enum Step: Sendable {
        /// Answer this.
        case respond(ResponseAPDU)
        /// Carry this out, and give the result to ``deliver(_:to:)``.
        case carryOut(CommandAPDU)
    }

    private struct Chain: Sendable {
        let header: [UInt8]
        var data: [UInt8]
    }

    private static let chainingBit: UInt8 = 0x10
    private static let chainable: Set<PIVCommand.Instruction> = [
        .putData, .generalAuthenticate, .generateKeyPair, .importKey,
    ]

    /// Whether lengths of two bytes are understood. The answer to reset says so.
    private let lengths: CommandAPDU.Encoding
    private var chain: Chain?
    /// What GET RESPONSE has not fetched yet.
    private var rest: [UInt8] = []

    init(lengths: CommandAPDU.Encoding) {
        self.lengths = lengths
    }

    /// Takes a command APDU.
    mutating func receive(_ bytes: [UInt8]) -> Step {
        let open = chain
        chain = nil
        guard let command = decode(bytes) else { return .respond(.init(status: .wrongLength)) }
        if let refusal = Self.refusal(of: command.instructionClass) {
            return .respond(.init(status: refusal))
        }
        let instruction = PIVCommand.Instruction(rawValue: command.instruction)
        if instruction == .getResponse { return .respond(getResponse(command)) }
        rest = []
        let header = [command.instruction, command.parameter1, command.parameter2]
        // A chain that another command breaks into is forgotten.
        let before = open.flatMap { $0.header == header ? $0.data : nil } ?? []
        guard before.count + command.data.count <= CardLimits.commandData else {
            return .respond(.init(status: .wrongLength))
        }
        if command.instructionClass & Self.chainingBit != 0 {
            guard let instruction, Self.chainable.contains(instruction) else {
                return .respond(.init(status: .chainingNotSupported))
            }
            chain = Chain(header: header, data: before + command.data)
            return .respond(.init(status: .success))
        }
        return Self.whole(command, before)
    }

    /// The first part of a response, or all of it.
    mutating func deliver(_ response: ResponseAPDU, to command: CommandAPDU) -> ResponseAPDU {
        guard response.status.isSuccess else { return response }
        rest = response.data
        // A command that names no length gets what fits, as clients expect that leave it out.
        return nextPart(command.expectedLength ?? 256)
    }

    /// Forgets what is under way.
    mutating func reset() {
        chain = nil
        rest = []
    }

    private static func whole(_ command: CommandAPDU, _ before: [UInt8]) -> Step {
        do throws(MalformedCardData) {
            return .carryOut(
                try CommandAPDU(
                    instructionClass: command.instructionClass, instruction: command.instruction,
                    parameter1: command.parameter1, parameter2: command.parameter2,
                    data: before + command.data, expectedLength: command.expectedLength))
        } catch {
            return .respond(.init(status: .wrongLength))
        }
    }

    private func decode(_ bytes: [UInt8]) -> CommandAPDU? {
        // Five bytes that end with a zero are a short command with Le.
        let isExtended = bytes.count > 6 && bytes[4] == 0
        guard !isExtended || lengths == .extended else { return nil }
        do throws(MalformedCardData) {
            return try CommandAPDU(decoding: bytes)
        } catch {
            return nil
        }
    }

    /// Why a class is not served: no logical channel but the basic one, no secure messaging, nothing proprietary.
    private static func refusal(of instructionClass: UInt8) -> StatusWord? {
        guard instructionClass & 0xE0 == 0 else { return .classNotSupported }
        guard instructionClass & 0x0C == 0 else { return .secureMessagingNotSupported }
        guard instructionClass & 0x03 == 0 else { return StatusWord(rawValue: 0x6881) }
        return nil
    }

    private mutating func getResponse(_ command: CommandAPDU) -> ResponseAPDU {
        guard command.parameter1 == 0, command.parameter2 == 0, command.data.isEmpty else {
            return ResponseAPDU(status: .incorrectParameters)
        }
        guard !rest.isEmpty else { return ResponseAPDU(status: .conditionsNotSatisfied) }
        let wanted = command.expectedLength ?? 256
        // 256 asks for all there is; any other number that is too large is wrong.
        if wanted < 256, wanted > rest.count {
            return ResponseAPDU(status: StatusWord(rawValue: 0x6C00 | UInt16(rest.count)))
        }
        return nextPart(wanted)
    }

    private mutating func nextPart(_ length: Int) -> ResponseAPDU {
        let part = Array(rest.prefix(length))
        rest.removeFirst(part.count)
        return ResponseAPDU(data: part, status: rest.isEmpty ? .success : .remaining(rest.count))
    }
}
