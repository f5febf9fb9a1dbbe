public import ISO7816

/// A U2F request (FIDO U2F Raw Message Formats 1.2 §4 to §6). It travels as a ``CommandAPDU`` in the extended encoding, and
/// is answered by a ``ResponseAPDU``.
public enum U2FRequest: Hashable, Sendable {
    /// U2F_REGISTER: a challenge parameter and an application parameter, 32 bytes each.
    case register(challenge: [UInt8], application: [UInt8])
    /// U2F_AUTHENTICATE.
    case authenticate(
        AuthenticationControl, challenge: [UInt8], application: [UInt8], keyHandle: [UInt8])
    /// U2F_VERSION.
    case version

    /// Whether an authentication needs a touch: the control byte.
    public enum AuthenticationControl: UInt8, Sendable {
        /// 0x03: sign once the person has touched.
        case enforceUserPresence = 0x03
        /// 0x07: only say whether the key handle is one's own.
        case checkOnly = 0x07
        /// 0x08: sign without a touch.
        case doNotEnforceUserPresence = 0x08
    }

    private static let registerInstruction: UInt8 = 0x01
    private static let authenticateInstruction: UInt8 = 0x02
    private static let versionInstruction: UInt8 = 0x03

    /// Interprets a command.
    public init(_ apdu: CommandAPDU) throws(MalformedMessage) {
        guard apdu.instructionClass == 0 else {
            throw .unsupportedInstruction(
                class: apdu.instructionClass, instruction: apdu.instruction)
        }
        let data = apdu.data
        switch apdu.instruction {
        case Self.registerInstruction:
            guard data.count == 64 else { throw .apduLength }
            self = .register(
                challenge: Array(data.prefix(32)), application: Array(data.suffix(32)))
        case Self.authenticateInstruction:
            guard data.count >= 65, data.count == 65 + Int(data[64]) else { throw .apduLength }
            guard let control = AuthenticationControl(rawValue: apdu.parameter1) else {
                throw .invalidParameter("P1")
            }
            self = .authenticate(
                control, challenge: Array(data[..<32]), application: Array(data[32..<64]),
                keyHandle: Array(data[65...]))
        case Self.versionInstruction:
            guard data.isEmpty else { throw .apduLength }
            self = .version
        default:
            throw .unsupportedInstruction(
                class: apdu.instructionClass, instruction: apdu.instruction)
        }
    }

    /// The command. A key handle has at most 255 bytes.
    public func apdu() throws(MalformedMessage) -> CommandAPDU {
        switch self {
        case .register(let challenge, let application):
            return try Self.command(Self.registerInstruction, data: challenge + application)
        case .authenticate(let control, let challenge, let application, let keyHandle):
            guard let length = UInt8(exactly: keyHandle.count) else {
                throw .parameterTooLong("key handle")
            }
            return try Self.command(
                Self.authenticateInstruction, parameter1: control.rawValue,
                data: challenge + application + [length] + keyHandle)
        case .version: return try Self.command(Self.versionInstruction)
        }
    }

    /// The bytes on the wire (§3.1.3).
    public func encoded() throws(MalformedMessage) -> [UInt8] {
        let command = try apdu()
        do throws(MalformedCardData) {
            return try command.encoded(.extended)
        } catch {
            throw .apduLength
        }
    }

    private static func command(
        _ instruction: UInt8, parameter1: UInt8 = 0, data: [UInt8] = []
    ) throws(MalformedMessage) -> CommandAPDU {
        do throws(MalformedCardData) {
            return try CommandAPDU(
                instruction: instruction, parameter1: parameter1, data: data,
                expectedLength: 65_536)
        } catch {
            throw .apduLength
        }
    }
}
