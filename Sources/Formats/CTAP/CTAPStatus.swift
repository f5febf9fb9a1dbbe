/// The status of a CTAP2 response: its first byte (CTAP 2.1 §8.2). Unknown values are kept.
public struct CTAPStatus: RawRepresentable, Hashable, Sendable {
    /// The status's number.
    public let rawValue: UInt8

    /// The status with this number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// CTAP2_OK: the command succeeded.
    public static let success = CTAPStatus(rawValue: 0x00)
    /// CTAP1_ERR_INVALID_COMMAND: the command is unknown.
    public static let invalidCommand = CTAPStatus(rawValue: 0x01)
    /// CTAP1_ERR_INVALID_PARAMETER: a parameter has a value that it may not have.
    public static let invalidParameter = CTAPStatus(rawValue: 0x02)
    /// CTAP1_ERR_INVALID_LENGTH: a message or parameter has a wrong length.
    public static let invalidLength = CTAPStatus(rawValue: 0x03)
    /// CTAP1_ERR_INVALID_SEQ: packets came out of order, or a write did not go on where the last one ended.
    public static let invalidSequence = CTAPStatus(rawValue: 0x04)
    /// CTAP1_ERR_TIMEOUT: a message timed out.
    public static let timeout = CTAPStatus(rawValue: 0x05)
    /// CTAP1_ERR_CHANNEL_BUSY: another channel is being served.
    public static let channelBusy = CTAPStatus(rawValue: 0x06)
    /// CTAP1_ERR_LOCK_REQUIRED: the command needs a lock.
    public static let lockRequired = CTAPStatus(rawValue: 0x0A)
    /// CTAP1_ERR_INVALID_CHANNEL: the channel was never allocated.
    public static let invalidChannel = CTAPStatus(rawValue: 0x0B)
    /// CTAP2_ERR_CBOR_UNEXPECTED_TYPE: a parameter has another type than it should.
    public static let cborUnexpectedType = CTAPStatus(rawValue: 0x11)
    /// CTAP2_ERR_INVALID_CBOR: the request is not canonical CBOR.
    public static let invalidCBOR = CTAPStatus(rawValue: 0x12)
    /// CTAP2_ERR_MISSING_PARAMETER: a required parameter is absent.
    public static let missingParameter = CTAPStatus(rawValue: 0x14)
    /// CTAP2_ERR_LIMIT_EXCEEDED: a limit on size or number is exceeded.
    public static let limitExceeded = CTAPStatus(rawValue: 0x15)
    /// CTAP2_ERR_FP_DATABASE_FULL: no room for another fingerprint.
    public static let fingerprintDatabaseFull = CTAPStatus(rawValue: 0x17)
    /// CTAP2_ERR_LARGE_BLOB_STORAGE_FULL: no room for the large-blob array.
    public static let largeBlobStorageFull = CTAPStatus(rawValue: 0x18)
    /// CTAP2_ERR_CREDENTIAL_EXCLUDED: a credential of the exclude list is here already.
    public static let credentialExcluded = CTAPStatus(rawValue: 0x19)
    /// CTAP2_ERR_PROCESSING: a lengthy operation is under way.
    public static let processing = CTAPStatus(rawValue: 0x21)
    /// CTAP2_ERR_INVALID_CREDENTIAL: the credential is not this authenticator's.
    public static let invalidCredential = CTAPStatus(rawValue: 0x22)
    /// CTAP2_ERR_USER_ACTION_PENDING: the authenticator waits for the person.
    public static let userActionPending = CTAPStatus(rawValue: 0x23)
    /// CTAP2_ERR_OPERATION_PENDING: an operation is under way.
    public static let operationPending = CTAPStatus(rawValue: 0x24)
    /// CTAP2_ERR_NO_OPERATIONS: no operation is under way.
    public static let noOperations = CTAPStatus(rawValue: 0x25)
    /// CTAP2_ERR_UNSUPPORTED_ALGORITHM: none of the algorithms is supported.
    public static let unsupportedAlgorithm = CTAPStatus(rawValue: 0x26)
    /// CTAP2_ERR_OPERATION_DENIED: the person declined, or the operation is not allowed.
    public static let operationDenied = CTAPStatus(rawValue: 0x27)
    /// CTAP2_ERR_KEY_STORE_FULL: no room for another discoverable credential.
    public static let keyStoreFull = CTAPStatus(rawValue: 0x28)
    /// CTAP2_ERR_UNSUPPORTED_OPTION: an option is not supported.
    public static let unsupportedOption = CTAPStatus(rawValue: 0x2B)
    /// CTAP2_ERR_INVALID_OPTION: an option has no meaning for the command.
    public static let invalidOption = CTAPStatus(rawValue: 0x2C)
    /// CTAP2_ERR_KEEPALIVE_CANCEL: the client cancelled.
    public static let keepaliveCancel = CTAPStatus(rawValue: 0x2D)
    /// CTAP2_ERR_NO_CREDENTIALS: no credential fits.
    public static let noCredentials = CTAPStatus(rawValue: 0x2E)
    /// CTAP2_ERR_USER_ACTION_TIMEOUT: the person did not act in time.
    public static let userActionTimeout = CTAPStatus(rawValue: 0x2F)
    /// CTAP2_ERR_NOT_ALLOWED: the command may not come now.
    public static let notAllowed = CTAPStatus(rawValue: 0x30)
    /// CTAP2_ERR_PIN_INVALID: the PIN is wrong.
    public static let pinInvalid = CTAPStatus(rawValue: 0x31)
    /// CTAP2_ERR_PIN_BLOCKED: no PIN retries are left; only a reset helps.
    public static let pinBlocked = CTAPStatus(rawValue: 0x32)
    /// CTAP2_ERR_PIN_AUTH_INVALID: the PIN/UV auth parameter does not verify, or its token has not the permission.
    public static let pinAuthInvalid = CTAPStatus(rawValue: 0x33)
    /// CTAP2_ERR_PIN_AUTH_BLOCKED: too many wrong PINs in a row; a power cycle is needed.
    public static let pinAuthBlocked = CTAPStatus(rawValue: 0x34)
    /// CTAP2_ERR_PIN_NOT_SET: no PIN is set.
    public static let pinNotSet = CTAPStatus(rawValue: 0x35)
    /// CTAP2_ERR_PUAT_REQUIRED: the command needs a PIN/UV auth token.
    public static let pinUvAuthTokenRequired = CTAPStatus(rawValue: 0x36)
    /// CTAP2_ERR_PIN_POLICY_VIOLATION: the PIN is too short, or must be changed first.
    public static let pinPolicyViolation = CTAPStatus(rawValue: 0x37)
    /// CTAP2_ERR_REQUEST_TOO_LARGE: the request is longer than the authenticator takes.
    public static let requestTooLarge = CTAPStatus(rawValue: 0x39)
    /// CTAP2_ERR_ACTION_TIMEOUT: the action timed out.
    public static let actionTimeout = CTAPStatus(rawValue: 0x3A)
    /// CTAP2_ERR_UP_REQUIRED: a touch is needed.
    public static let userPresenceRequired = CTAPStatus(rawValue: 0x3B)
    /// CTAP2_ERR_UV_BLOCKED: built-in user verification is blocked; the PIN opens it again.
    public static let userVerificationBlocked = CTAPStatus(rawValue: 0x3C)
    /// CTAP2_ERR_INTEGRITY_FAILURE: the large-blob array's checksum is wrong.
    public static let integrityFailure = CTAPStatus(rawValue: 0x3D)
    /// CTAP2_ERR_INVALID_SUBCOMMAND: the subcommand is unknown.
    public static let invalidSubcommand = CTAPStatus(rawValue: 0x3E)
    /// CTAP2_ERR_UV_INVALID: built-in user verification failed; try again.
    public static let userVerificationInvalid = CTAPStatus(rawValue: 0x3F)
    /// CTAP2_ERR_UNAUTHORIZED_PERMISSION: the permission cannot be granted.
    public static let unauthorizedPermission = CTAPStatus(rawValue: 0x40)
    /// CTAP1_ERR_OTHER: any other failure.
    public static let other = CTAPStatus(rawValue: 0x7F)
}

extension CTAPStatus: CustomStringConvertible {
    /// The constant's name in the specification, or the number for one that it does not name.
    public var description: String {
        Self.names[rawValue] ?? "status \(rawValue)"
    }

    private static let names: [UInt8: String] = [
        0x00: "CTAP2_OK",
        0x01: "CTAP1_ERR_INVALID_COMMAND",
        0x02: "CTAP1_ERR_INVALID_PARAMETER",
        0x03: "CTAP1_ERR_INVALID_LENGTH",
        0x04: "CTAP1_ERR_INVALID_SEQ",
        0x05: "CTAP1_ERR_TIMEOUT",
        0x06: "CTAP1_ERR_CHANNEL_BUSY",
        0x0A: "CTAP1_ERR_LOCK_REQUIRED",
        0x0B: "CTAP1_ERR_INVALID_CHANNEL",
        0x11: "CTAP2_ERR_CBOR_UNEXPECTED_TYPE",
        0x12: "CTAP2_ERR_INVALID_CBOR",
        0x14: "CTAP2_ERR_MISSING_PARAMETER",
        0x15: "CTAP2_ERR_LIMIT_EXCEEDED",
        0x17: "CTAP2_ERR_FP_DATABASE_FULL",
        0x18: "CTAP2_ERR_LARGE_BLOB_STORAGE_FULL",
        0x19: "CTAP2_ERR_CREDENTIAL_EXCLUDED",
        0x21: "CTAP2_ERR_PROCESSING",
        0x22: "CTAP2_ERR_INVALID_CREDENTIAL",
        0x23: "CTAP2_ERR_USER_ACTION_PENDING",
        0x24: "CTAP2_ERR_OPERATION_PENDING",
        0x25: "CTAP2_ERR_NO_OPERATIONS",
        0x26: "CTAP2_ERR_UNSUPPORTED_ALGORITHM",
        0x27: "CTAP2_ERR_OPERATION_DENIED",
        0x28: "CTAP2_ERR_KEY_STORE_FULL",
        0x2B: "CTAP2_ERR_UNSUPPORTED_OPTION",
        0x2C: "CTAP2_ERR_INVALID_OPTION",
        0x2D: "CTAP2_ERR_KEEPALIVE_CANCEL",
        0x2E: "CTAP2_ERR_NO_CREDENTIALS",
        0x2F: "CTAP2_ERR_USER_ACTION_TIMEOUT",
        0x30: "CTAP2_ERR_NOT_ALLOWED",
        0x31: "CTAP2_ERR_PIN_INVALID",
        0x32: "CTAP2_ERR_PIN_BLOCKED",
        0x33: "CTAP2_ERR_PIN_AUTH_INVALID",
        0x34: "CTAP2_ERR_PIN_AUTH_BLOCKED",
        0x35: "CTAP2_ERR_PIN_NOT_SET",
        0x36: "CTAP2_ERR_PUAT_REQUIRED",
        0x37: "CTAP2_ERR_PIN_POLICY_VIOLATION",
        0x39: "CTAP2_ERR_REQUEST_TOO_LARGE",
        0x3A: "CTAP2_ERR_ACTION_TIMEOUT",
        0x3B: "CTAP2_ERR_UP_REQUIRED",
        0x3C: "CTAP2_ERR_UV_BLOCKED",
        0x3D: "CTAP2_ERR_INTEGRITY_FAILURE",
        0x3E: "CTAP2_ERR_INVALID_SUBCOMMAND",
        0x3F: "CTAP2_ERR_UV_INVALID",
        0x40: "CTAP2_ERR_UNAUTHORIZED_PERMISSION",
        0x7F: "CTAP1_ERR_OTHER",
    ]
}

/// A failed command is a status other than success, so code that carries commands out may throw it.
extension CTAPStatus: Error {}
