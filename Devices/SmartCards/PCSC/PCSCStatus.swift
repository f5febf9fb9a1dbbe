/// A status of PC/SC (`pcsclite.h`). Unknown values are kept.
public struct PCSCStatus: RawRepresentable, Hashable, Sendable {
    /// The constant's value.
    public let rawValue: UInt32

    /// The status with this value.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// SCARD_S_SUCCESS: it worked.
    public static let success = PCSCStatus(rawValue: 0)
    /// SCARD_F_INTERNAL_ERROR: the service found itself inconsistent.
    public static let internalError = PCSCStatus(rawValue: 0x80100001)
    /// SCARD_E_CANCELLED: SCardCancel ended the wait.
    public static let cancelled = PCSCStatus(rawValue: 0x80100002)
    /// SCARD_E_INVALID_HANDLE: the handle means nothing to the service.
    public static let invalidHandle = PCSCStatus(rawValue: 0x80100003)
    /// SCARD_E_INVALID_PARAMETER: a parameter makes no sense.
    public static let invalidParameter = PCSCStatus(rawValue: 0x80100004)
    /// SCARD_E_INVALID_TARGET: registry information is missing.
    public static let invalidTarget = PCSCStatus(rawValue: 0x80100005)
    /// SCARD_E_NO_MEMORY: memory ran out.
    public static let noMemory = PCSCStatus(rawValue: 0x80100006)
    /// SCARD_F_WAITED_TOO_LONG: an internal timer expired.
    public static let waitedTooLong = PCSCStatus(rawValue: 0x80100007)
    /// SCARD_E_INSUFFICIENT_BUFFER: the data is longer than the buffer.
    public static let insufficientBuffer = PCSCStatus(rawValue: 0x80100008)
    /// SCARD_E_UNKNOWN_READER: no reader has that name.
    public static let unknownReader = PCSCStatus(rawValue: 0x80100009)
    /// SCARD_E_TIMEOUT: the time given is over.
    public static let timeout = PCSCStatus(rawValue: 0x8010000A)
    /// SCARD_E_SHARING_VIOLATION: another program keeps the card to itself.
    public static let sharingViolation = PCSCStatus(rawValue: 0x8010000B)
    /// SCARD_E_NO_SMARTCARD: the reader is empty.
    public static let noSmartCard = PCSCStatus(rawValue: 0x8010000C)
    /// SCARD_E_UNKNOWN_CARD: the card's name is not known.
    public static let unknownCard = PCSCStatus(rawValue: 0x8010000D)
    /// SCARD_E_CANT_DISPOSE: the card cannot be left as asked.
    public static let cannotDispose = PCSCStatus(rawValue: 0x8010000E)
    /// SCARD_E_PROTO_MISMATCH: the card does not speak the protocol.
    public static let protocolMismatch = PCSCStatus(rawValue: 0x8010000F)
    /// SCARD_E_NOT_READY: reader or card is not ready.
    public static let notReady = PCSCStatus(rawValue: 0x80100010)
    /// SCARD_E_INVALID_VALUE: a value makes no sense.
    public static let invalidValue = PCSCStatus(rawValue: 0x80100011)
    /// SCARD_E_SYSTEM_CANCELLED: the system ended the action.
    public static let systemCancelled = PCSCStatus(rawValue: 0x80100012)
    /// SCARD_F_COMM_ERROR: talking to the service failed.
    public static let communicationError = PCSCStatus(rawValue: 0x80100013)
    /// SCARD_F_UNKNOWN_ERROR: something failed for no known reason.
    public static let unknownError = PCSCStatus(rawValue: 0x80100014)
    /// SCARD_E_INVALID_ATR: the answer to reset is invalid.
    public static let invalidATR = PCSCStatus(rawValue: 0x80100015)
    /// SCARD_E_NOT_TRANSACTED: the exchange with the card failed.
    public static let notTransacted = PCSCStatus(rawValue: 0x80100016)
    /// SCARD_E_READER_UNAVAILABLE: the reader is gone.
    public static let readerUnavailable = PCSCStatus(rawValue: 0x80100017)
    /// SCARD_P_SHUTDOWN: the service shuts down.
    public static let shutdown = PCSCStatus(rawValue: 0x80100018)
    /// SCARD_E_PCI_TOO_SMALL: the receive buffer was too small.
    public static let pciTooSmall = PCSCStatus(rawValue: 0x80100019)
    /// SCARD_E_READER_UNSUPPORTED: the reader's driver lacks something.
    public static let readerUnsupported = PCSCStatus(rawValue: 0x8010001A)
    /// SCARD_E_DUPLICATE_READER: two readers have one name.
    public static let duplicateReader = PCSCStatus(rawValue: 0x8010001B)
    /// SCARD_E_CARD_UNSUPPORTED: the card lacks something.
    public static let cardUnsupported = PCSCStatus(rawValue: 0x8010001C)
    /// SCARD_E_NO_SERVICE: the service does not run.
    public static let noService = PCSCStatus(rawValue: 0x8010001D)
    /// SCARD_E_SERVICE_STOPPED: the service has stopped.
    public static let serviceStopped = PCSCStatus(rawValue: 0x8010001E)
    /// SCARD_E_UNSUPPORTED_FEATURE: the reader lacks the function. `SCARD_E_UNEXPECTED` has the same value.
    public static let unsupportedFeature = PCSCStatus(rawValue: 0x8010001F)
    /// SCARD_E_ICC_INSTALLATION: the card has no provider.
    public static let providerMissing = PCSCStatus(rawValue: 0x80100020)
    /// SCARD_E_ICC_CREATEORDER: objects cannot be made in that order.
    public static let creationOrder = PCSCStatus(rawValue: 0x80100021)
    /// SCARD_E_DIR_NOT_FOUND: the directory is not in the card.
    public static let directoryNotFound = PCSCStatus(rawValue: 0x80100023)
    /// SCARD_E_FILE_NOT_FOUND: the file is not in the card.
    public static let fileNotFound = PCSCStatus(rawValue: 0x80100024)
    /// SCARD_E_NO_DIR: the path is no directory.
    public static let noDirectory = PCSCStatus(rawValue: 0x80100025)
    /// SCARD_E_NO_FILE: the path is no file.
    public static let noFile = PCSCStatus(rawValue: 0x80100026)
    /// SCARD_E_NO_ACCESS: the file may not be read.
    public static let noAccess = PCSCStatus(rawValue: 0x80100027)
    /// SCARD_E_WRITE_TOO_MANY: the card's memory is full.
    public static let writeTooMany = PCSCStatus(rawValue: 0x80100028)
    /// SCARD_E_BAD_SEEK: the file's position cannot be set.
    public static let badSeek = PCSCStatus(rawValue: 0x80100029)
    /// SCARD_E_INVALID_CHV: the PIN is not right.
    public static let invalidPIN = PCSCStatus(rawValue: 0x8010002A)
    /// SCARD_E_UNKNOWN_RES_MNG: a layer below failed.
    public static let unknownServiceError = PCSCStatus(rawValue: 0x8010002B)
    /// SCARD_E_NO_SUCH_CERTIFICATE: the certificate does not exist.
    public static let noSuchCertificate = PCSCStatus(rawValue: 0x8010002C)
    /// SCARD_E_CERTIFICATE_UNAVAILABLE: the certificate cannot be had.
    public static let certificateUnavailable = PCSCStatus(rawValue: 0x8010002D)
    /// SCARD_E_NO_READERS_AVAILABLE: there is no reader.
    public static let noReadersAvailable = PCSCStatus(rawValue: 0x8010002E)
    /// SCARD_E_COMM_DATA_LOST: data was lost between reader and card.
    public static let communicationDataLost = PCSCStatus(rawValue: 0x8010002F)
    /// SCARD_E_NO_KEY_CONTAINER: the key container is not in the card.
    public static let noKeyContainer = PCSCStatus(rawValue: 0x80100030)
    /// SCARD_E_SERVER_TOO_BUSY: the service has too much to do.
    public static let serverTooBusy = PCSCStatus(rawValue: 0x80100031)
    /// SCARD_W_UNSUPPORTED_CARD: reader and card cannot talk.
    public static let unsupportedCard = PCSCStatus(rawValue: 0x80100065)
    /// SCARD_W_UNRESPONSIVE_CARD: the card does not answer to reset.
    public static let unresponsiveCard = PCSCStatus(rawValue: 0x80100066)
    /// SCARD_W_UNPOWERED_CARD: the card has no power.
    public static let unpoweredCard = PCSCStatus(rawValue: 0x80100067)
    /// SCARD_W_RESET_CARD: somebody reset the card.
    public static let resetCard = PCSCStatus(rawValue: 0x80100068)
    /// SCARD_W_REMOVED_CARD: the card was removed.
    public static let removedCard = PCSCStatus(rawValue: 0x80100069)
    /// SCARD_W_SECURITY_VIOLATION: this user may not use the card.
    public static let securityViolation = PCSCStatus(rawValue: 0x8010006A)
    /// SCARD_W_WRONG_CHV: the PIN is wrong.
    public static let wrongPIN = PCSCStatus(rawValue: 0x8010006B)
    /// SCARD_W_CHV_BLOCKED: the PIN is blocked.
    public static let pinBlocked = PCSCStatus(rawValue: 0x8010006C)
    /// SCARD_W_EOF: the file ends here.
    public static let endOfFile = PCSCStatus(rawValue: 0x8010006D)
    /// SCARD_W_CANCELLED_BY_USER: the person cancelled.
    public static let cancelledByUser = PCSCStatus(rawValue: 0x8010006E)
    /// SCARD_W_CARD_NOT_AUTHENTICATED: no PIN was given.
    public static let notAuthenticated = PCSCStatus(rawValue: 0x8010006F)
}
