/// One command and all of its response over a transport that carries single APDUs (ISO 7816-4 §5.1.1, §5.3).
///
/// A state machine that does no input or output. It sends data that is too long for a short APDU as a chain, fetches
/// what the card holds back (`61xx`) with GET RESPONSE, and repeats a command whose Le the card corrects (`6Cxx`), once.
/// It ends after a bounded number of steps whatever the card says: a link for 255 bytes of data, and four times as many
/// GET RESPONSE as full responses would need.
public struct CommandExchange: Sendable {
    /// What to do next.
    public enum Step: Hashable, Sendable {
        /// Send this APDU, and hand over what comes back.
        case send([UInt8])
        /// The exchange is over: the whole data and the last status.
        case done(ResponseAPDU)
    }

    private enum State {
        case idle
        case chaining(nextOffset: Int)
        case fetching
    }

    private static let linkLength = 255

    private let command: CommandAPDU
    private let form: CommandAPDU.Encoding
    private let maximumResponse: Int
    private let maximumFetches: Int

    private var state = State.idle
    private var lastSent: (command: CommandAPDU, form: CommandAPDU.Encoding)?
    private var wasCorrected = false
    private var fetches = 0
    private var data: [UInt8] = []

    /// Prepares an exchange of `command`.
    ///
    /// - Parameters:
    ///   - form: how the command is encoded. In the short form data above 255 bytes is chained. An expected length of 256
    ///     stands for all there is in the extended form too. GET RESPONSE is always short.
    ///   - maximumResponse: how many bytes of data may come in all.
    public init(
        _ command: CommandAPDU, form: CommandAPDU.Encoding, maximumResponse: Int = 65_536
    ) {
        self.command = command
        self.form = form
        self.maximumResponse = max(0, maximumResponse)
        maximumFetches = 4 * (self.maximumResponse / 256 + 1)
    }

    /// The first APDU to send. An exchange under way begins anew.
    public mutating func start() throws(MalformedCardData) -> [UInt8] {
        data = []
        fetches = 0
        return try sendLink(from: 0)
    }

    /// Takes the response to the APDU that was sent last.
    ///
    /// A link that is not answered with 9000 ends the exchange with the status it was answered with.
    ///
    /// - Throws: ``MalformedCardData/length`` where more data came than may, where the card goes on saying that there is
    ///   more without sending any, or where data stands with a status that has none; the exchange is then over.
    public mutating func received(_ response: [UInt8]) throws(MalformedCardData) -> Step {
        let current = state
        state = .idle
        let response = try ResponseAPDU(decoding: response)
        switch current {
        case .idle: throw .unexpectedResponse
        case .chaining(let nextOffset):
            guard response.status.isSuccess else { return .done(response) }
            guard response.data.isEmpty else { throw .length }
            return .send(try sendLink(from: nextOffset))
        case .fetching: return try fetched(response)
        }
    }

    private mutating func fetched(_ response: ResponseAPDU) throws(MalformedCardData) -> Step {
        if let exactLength = response.status.exactLength, !wasCorrected, let lastSent {
            guard response.data.isEmpty else { throw .length }
            wasCorrected = true
            let corrected = try lastSent.command.expecting(exactLength)
            return .send(try send(corrected, lastSent.form))
        }
        guard response.data.count <= maximumResponse - data.count else { throw .length }
        data += response.data
        guard let remaining = response.status.remainingBytes else {
            return .done(ResponseAPDU(data: data, status: response.status))
        }
        // Only the command itself may be answered with nothing but a promise, which is how T=0 works.
        guard !response.data.isEmpty || fetches == 0, fetches < maximumFetches else {
            throw .length
        }
        fetches += 1
        wasCorrected = false
        let next = try CommandAPDU(
            instructionClass: responseClass, instruction: 0xC0, expectedLength: remaining)
        return .send(try send(next, .short))
    }

    private mutating func sendLink(from offset: Int) throws(MalformedCardData) -> [UInt8] {
        wasCorrected = false
        let rest = command.data.count - offset
        guard form == .short, rest > Self.linkLength else {
            return try send(
                CommandAPDU(
                    instructionClass: command.instructionClass, instruction: command.instruction,
                    parameter1: command.parameter1, parameter2: command.parameter2,
                    data: Array(command.data.dropFirst(offset)), expectedLength: expectedLength),
                form)
        }
        let link = try CommandAPDU(
            instructionClass: command.instructionClass | 0x10, instruction: command.instruction,
            parameter1: command.parameter1, parameter2: command.parameter2,
            data: Array(command.data.dropFirst(offset).prefix(Self.linkLength)))
        state = .chaining(nextOffset: offset + Self.linkLength)
        return try link.encoded(.short)
    }

    private mutating func send(
        _ apdu: CommandAPDU, _ form: CommandAPDU.Encoding
    ) throws(MalformedCardData) -> [UInt8] {
        let bytes = try apdu.encoded(form)
        lastSent = (apdu, form)
        state = .fetching
        return bytes
    }

    private var expectedLength: Int? {
        guard let length = command.expectedLength, length >= 256 else {
            return command.expectedLength
        }
        return switch form {
        case .short: 256
        case .extended: length == 256 ? 65_536 : length
        }
    }

    /// The class of GET RESPONSE: the command's logical channel and nothing else of it (ISO 7816-4 §5.4.1).
    private var responseClass: UInt8 {
        switch command.instructionClass {
        case 0x00..<0x40: command.instructionClass & 0x03
        case 0x40..<0x80: command.instructionClass & 0x4F
        default: 0
        }
    }
}

extension CommandAPDU {
    fileprivate func expecting(_ length: Int) throws(MalformedCardData) -> CommandAPDU {
        try CommandAPDU(
            instructionClass: instructionClass, instruction: instruction, parameter1: parameter1,
            parameter2: parameter2, data: data, expectedLength: length)
    }
}
