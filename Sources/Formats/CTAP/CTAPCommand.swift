/// A CTAP2 command: the first byte of a request (CTAP 2.1 §8.1). Unknown values are kept.
public struct CTAPCommand: RawRepresentable, Hashable, Sendable {
    /// The command's number.
    public let rawValue: UInt8

    /// The command with this number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// authenticatorMakeCredential.
    public static let makeCredential = CTAPCommand(rawValue: 0x01)
    /// authenticatorGetAssertion.
    public static let getAssertion = CTAPCommand(rawValue: 0x02)
    /// authenticatorGetInfo.
    public static let getInfo = CTAPCommand(rawValue: 0x04)
    /// authenticatorClientPIN.
    public static let clientPIN = CTAPCommand(rawValue: 0x06)
    /// authenticatorReset.
    public static let reset = CTAPCommand(rawValue: 0x07)
    /// authenticatorGetNextAssertion.
    public static let getNextAssertion = CTAPCommand(rawValue: 0x08)
    /// authenticatorBioEnrollment.
    public static let bioEnrollment = CTAPCommand(rawValue: 0x09)
    /// authenticatorCredentialManagement.
    public static let credentialManagement = CTAPCommand(rawValue: 0x0A)
    /// authenticatorSelection.
    public static let selection = CTAPCommand(rawValue: 0x0B)
    /// authenticatorLargeBlobs.
    public static let largeBlobs = CTAPCommand(rawValue: 0x0C)
    /// authenticatorConfig.
    public static let config = CTAPCommand(rawValue: 0x0D)
    /// authenticatorBioEnrollment as CTAP 2.1 previews numbered it.
    public static let bioEnrollmentPreview = CTAPCommand(rawValue: 0x40)
    /// authenticatorCredentialManagement as CTAP 2.1 previews numbered it.
    public static let credentialManagementPreview = CTAPCommand(rawValue: 0x41)
}
