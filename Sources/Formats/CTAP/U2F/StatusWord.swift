/// The status at the end of a U2F response (FIDO U2F Raw Message Formats 1.2 §3.3). Unknown values are kept.
public struct StatusWord: RawRepresentable, Hashable, Sendable {
    /// SW1 and SW2 as one big-endian number.
    public let rawValue: UInt16

    /// The status with this number.
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// SW_NO_ERROR.
    public static let noError = StatusWord(rawValue: 0x9000)
    /// SW_WRONG_LENGTH.
    public static let wrongLength = StatusWord(rawValue: 0x6700)
    /// SW_CONDITIONS_NOT_SATISFIED: a touch is needed.
    public static let conditionsNotSatisfied = StatusWord(rawValue: 0x6985)
    /// SW_COMMAND_NOT_ALLOWED: U2F is switched off, because the person must always be verified.
    public static let commandNotAllowed = StatusWord(rawValue: 0x6986)
    /// SW_WRONG_DATA: the key handle is not this authenticator's, or not for this application.
    public static let wrongData = StatusWord(rawValue: 0x6A80)
    /// SW_INS_NOT_SUPPORTED.
    public static let instructionNotSupported = StatusWord(rawValue: 0x6D00)
    /// SW_CLA_NOT_SUPPORTED.
    public static let classNotSupported = StatusWord(rawValue: 0x6E00)
    /// An internal failure, such as one to save the counter.
    public static let memoryFailure = StatusWord(rawValue: 0x6581)
}
