/// A status of libfido2 (`fido/err.h`): the authenticator's own where it is positive, the library's where it is negative.
/// Unknown values are kept.
public struct FIDOStatus: RawRepresentable, Hashable, Sendable {
    /// The constant's value.
    public let rawValue: Int32

    /// The status with this value.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// FIDO_ERR_SUCCESS: it worked.
    public static let success = FIDOStatus(rawValue: 0x00)
    /// FIDO_ERR_INVALID_COMMAND: the authenticator does not know the command.
    public static let invalidCommand = FIDOStatus(rawValue: 0x01)
    /// FIDO_ERR_INVALID_PARAMETER: the authenticator refuses a parameter.
    public static let invalidParameter = FIDOStatus(rawValue: 0x02)
    /// FIDO_ERR_INVALID_LENGTH: a message or parameter has a wrong length.
    public static let invalidLength = FIDOStatus(rawValue: 0x03)
    /// FIDO_ERR_INVALID_SEQ: packets came out of order.
    public static let invalidSequence = FIDOStatus(rawValue: 0x04)
    /// FIDO_ERR_TIMEOUT: a message timed out.
    public static let timeout = FIDOStatus(rawValue: 0x05)
    /// FIDO_ERR_CHANNEL_BUSY: the authenticator serves another channel.
    public static let channelBusy = FIDOStatus(rawValue: 0x06)
    /// FIDO_ERR_LOCK_REQUIRED: the command needs a lock.
    public static let lockRequired = FIDOStatus(rawValue: 0x0A)
    /// FIDO_ERR_INVALID_CHANNEL: the channel was never allocated.
    public static let invalidChannel = FIDOStatus(rawValue: 0x0B)
    /// FIDO_ERR_CBOR_UNEXPECTED_TYPE: a parameter has another type than it should.
    public static let cborUnexpectedType = FIDOStatus(rawValue: 0x11)
    /// FIDO_ERR_INVALID_CBOR: what was sent or received is not canonical CBOR.
    public static let invalidCBOR = FIDOStatus(rawValue: 0x12)
    /// FIDO_ERR_MISSING_PARAMETER: a required parameter is absent.
    public static let missingParameter = FIDOStatus(rawValue: 0x14)
    /// FIDO_ERR_LIMIT_EXCEEDED: a limit on size or number is exceeded.
    public static let limitExceeded = FIDOStatus(rawValue: 0x15)
    /// FIDO_ERR_UNSUPPORTED_EXTENSION: the extension is not supported.
    public static let unsupportedExtension = FIDOStatus(rawValue: 0x16)
    /// FIDO_ERR_FP_DATABASE_FULL: no room for another fingerprint.
    public static let fingerprintDatabaseFull = FIDOStatus(rawValue: 0x17)
    /// FIDO_ERR_LARGEBLOB_STORAGE_FULL: no room for the large-blob array.
    public static let largeBlobStorageFull = FIDOStatus(rawValue: 0x18)
    /// FIDO_ERR_CREDENTIAL_EXCLUDED: the authenticator holds an excluded credential.
    public static let credentialExcluded = FIDOStatus(rawValue: 0x19)
    /// FIDO_ERR_PROCESSING: a lengthy operation is under way.
    public static let processing = FIDOStatus(rawValue: 0x21)
    /// FIDO_ERR_INVALID_CREDENTIAL: the credential is not this authenticator's.
    public static let invalidCredential = FIDOStatus(rawValue: 0x22)
    /// FIDO_ERR_USER_ACTION_PENDING: the authenticator waits for the person.
    public static let userActionPending = FIDOStatus(rawValue: 0x23)
    /// FIDO_ERR_OPERATION_PENDING: an operation is under way.
    public static let operationPending = FIDOStatus(rawValue: 0x24)
    /// FIDO_ERR_NO_OPERATIONS: no operation is under way.
    public static let noOperations = FIDOStatus(rawValue: 0x25)
    /// FIDO_ERR_UNSUPPORTED_ALGORITHM: none of the algorithms is supported.
    public static let unsupportedAlgorithm = FIDOStatus(rawValue: 0x26)
    /// FIDO_ERR_OPERATION_DENIED: the person declined, or the operation is not allowed.
    public static let operationDenied = FIDOStatus(rawValue: 0x27)
    /// FIDO_ERR_KEY_STORE_FULL: no room for another discoverable credential.
    public static let keyStoreFull = FIDOStatus(rawValue: 0x28)
    /// FIDO_ERR_NOT_BUSY: no operation is under way.
    public static let notBusy = FIDOStatus(rawValue: 0x29)
    /// FIDO_ERR_NO_OPERATION_PENDING: no operation waits.
    public static let noOperationPending = FIDOStatus(rawValue: 0x2A)
    /// FIDO_ERR_UNSUPPORTED_OPTION: an option is not supported.
    public static let unsupportedOption = FIDOStatus(rawValue: 0x2B)
    /// FIDO_ERR_INVALID_OPTION: an option has no meaning for the command.
    public static let invalidOption = FIDOStatus(rawValue: 0x2C)
    /// FIDO_ERR_KEEPALIVE_CANCEL: the client cancelled.
    public static let keepaliveCancel = FIDOStatus(rawValue: 0x2D)
    /// FIDO_ERR_NO_CREDENTIALS: no credential fits.
    public static let noCredentials = FIDOStatus(rawValue: 0x2E)
    /// FIDO_ERR_USER_ACTION_TIMEOUT: the person did not act in time.
    public static let userActionTimeout = FIDOStatus(rawValue: 0x2F)
    /// FIDO_ERR_NOT_ALLOWED: the command may not come now.
    public static let notAllowed = FIDOStatus(rawValue: 0x30)
    /// FIDO_ERR_PIN_INVALID: the PIN is wrong.
    public static let pinInvalid = FIDOStatus(rawValue: 0x31)
    /// FIDO_ERR_PIN_BLOCKED: no PIN retries are left.
    public static let pinBlocked = FIDOStatus(rawValue: 0x32)
    /// FIDO_ERR_PIN_AUTH_INVALID: the PIN/UV auth parameter does not verify.
    public static let pinAuthInvalid = FIDOStatus(rawValue: 0x33)
    /// FIDO_ERR_PIN_AUTH_BLOCKED: too many wrong PINs in a row; a power cycle is needed.
    public static let pinAuthBlocked = FIDOStatus(rawValue: 0x34)
    /// FIDO_ERR_PIN_NOT_SET: no PIN is set.
    public static let pinNotSet = FIDOStatus(rawValue: 0x35)
    /// FIDO_ERR_PIN_REQUIRED: user verification is needed (`CTAP2_ERR_PUAT_REQUIRED`).
    public static let pinRequired = FIDOStatus(rawValue: 0x36)
    /// FIDO_ERR_PIN_POLICY_VIOLATION: the PIN is too short, or must be changed first.
    public static let pinPolicyViolation = FIDOStatus(rawValue: 0x37)
    /// FIDO_ERR_PIN_TOKEN_EXPIRED: the PIN/UV auth token has expired.
    public static let pinTokenExpired = FIDOStatus(rawValue: 0x38)
    /// FIDO_ERR_REQUEST_TOO_LARGE: the request is longer than the authenticator takes.
    public static let requestTooLarge = FIDOStatus(rawValue: 0x39)
    /// FIDO_ERR_ACTION_TIMEOUT: the action timed out.
    public static let actionTimeout = FIDOStatus(rawValue: 0x3A)
    /// FIDO_ERR_UP_REQUIRED: a touch is needed.
    public static let userPresenceRequired = FIDOStatus(rawValue: 0x3B)
    /// FIDO_ERR_UV_BLOCKED: built-in user verification is blocked.
    public static let userVerificationBlocked = FIDOStatus(rawValue: 0x3C)
    /// FIDO_ERR_UV_INVALID: built-in user verification failed; try again.
    public static let userVerificationInvalid = FIDOStatus(rawValue: 0x3F)
    /// FIDO_ERR_UNAUTHORIZED_PERM: the permission cannot be granted.
    public static let unauthorizedPermission = FIDOStatus(rawValue: 0x40)
    /// FIDO_ERR_ERR_OTHER: any other failure of the authenticator.
    public static let other = FIDOStatus(rawValue: 0x7F)
    /// FIDO_ERR_SPEC_LAST: the last number that the specification has given away.
    public static let specificationLast = FIDOStatus(rawValue: 0xDF)
    /// FIDO_ERR_TX: the library could not send.
    public static let transmissionFailed = FIDOStatus(rawValue: -1)
    /// FIDO_ERR_RX: the library could not receive, or in time, or in order.
    public static let receptionFailed = FIDOStatus(rawValue: -2)
    /// FIDO_ERR_RX_NOT_CBOR: the reply is no CBOR message.
    public static let receivedNotCBOR = FIDOStatus(rawValue: -3)
    /// FIDO_ERR_RX_INVALID_CBOR: the reply is malformed CBOR.
    public static let receivedInvalidCBOR = FIDOStatus(rawValue: -4)
    /// FIDO_ERR_INVALID_PARAM: the library finds a value that does not match.
    public static let invalidArgumentValue = FIDOStatus(rawValue: -5)
    /// FIDO_ERR_INVALID_SIG: the library finds a signature wrong.
    public static let invalidSignature = FIDOStatus(rawValue: -6)
    /// FIDO_ERR_INVALID_ARGUMENT: the library refuses an argument.
    public static let invalidArgument = FIDOStatus(rawValue: -7)
    /// FIDO_ERR_USER_PRESENCE_REQUIRED: a U2F key was not touched.
    public static let libraryUserPresenceRequired = FIDOStatus(rawValue: -8)
    /// FIDO_ERR_INTERNAL: the library failed by itself, or the reply asks too much of it.
    public static let internalError = FIDOStatus(rawValue: -9)
    /// FIDO_ERR_NOTFOUND: the library does not find what is asked for.
    public static let notFound = FIDOStatus(rawValue: -10)
    /// FIDO_ERR_COMPRESS: the library cannot compress or decompress.
    public static let compressionFailed = FIDOStatus(rawValue: -11)
}
