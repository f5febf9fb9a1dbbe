public import Encoding

/// Why bytes are not a CTAP message. A parameter is named by its path in the request, such as `user.id` or `3`.
public enum MalformedMessage: Error, Hashable, Sendable {
    /// A report has not 64 bytes.
    case reportLength(Int)
    /// A message is longer than packets can carry.
    case messageTooLong(Int)
    /// A packet is not the one that the message goes on with.
    case packetOutOfSequence
    /// The authenticator speaks another version of CTAPHID.
    case unsupportedProtocolVersion
    /// The message has no bytes at all.
    case empty
    /// The bytes are not what the encoding allows.
    case encoding(MalformedEncoding)
    /// A parameter has another type than the specification gives it.
    case unexpectedType(parameter: String)
    /// A required parameter is absent.
    case missingParameter(String)
    /// A parameter has the right type and a value that it may never have.
    case invalidParameter(String)
    /// A parameter is longer than it may be.
    case parameterTooLong(String)
    /// A command that this module does not know.
    case unknownCommand(UInt8)
    /// A subcommand that the command does not have.
    case unknownSubcommand(UInt8)
    /// An APDU's length bytes do not fit its length.
    case apduLength
    /// An APDU of another class or instruction than U2F has.
    case unsupportedInstruction(class: UInt8, instruction: UInt8)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .reportLength: "report-length"
        case .messageTooLong: "message-too-long"
        case .packetOutOfSequence: "packet-out-of-sequence"
        case .unsupportedProtocolVersion: "unsupported-protocol-version"
        case .empty: "empty"
        case .encoding: "encoding"
        case .unexpectedType: "unexpected-type"
        case .missingParameter: "missing-parameter"
        case .invalidParameter: "invalid-parameter"
        case .parameterTooLong: "parameter-too-long"
        case .unknownCommand: "unknown-command"
        case .unknownSubcommand: "unknown-subcommand"
        case .apduLength: "apdu-length"
        case .unsupportedInstruction: "unsupported-instruction"
        }
    }

    /// The status with which an authenticator refuses such a CTAP2 request (CTAP 2.1 §8.2).
    public var status: CTAPStatus {
        switch self {
        case .reportLength, .messageTooLong, .apduLength, .empty: .invalidLength
        case .packetOutOfSequence: .invalidSequence
        case .unsupportedProtocolVersion, .unknownCommand, .unsupportedInstruction: .invalidCommand
        case .unknownSubcommand: .invalidSubcommand
        case .encoding: .invalidCBOR
        case .unexpectedType: .cborUnexpectedType
        case .missingParameter: .missingParameter
        case .invalidParameter: .invalidParameter
        case .parameterTooLong: .limitExceeded
        }
    }
}
