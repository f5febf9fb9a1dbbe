extension FIDOStatus: CustomStringConvertible {
    /// The name of the C constant, or the number for a value that has none.
    public var description: String {
        Self.names[rawValue] ?? "FIDO_ERR_\(rawValue)"
    }

    /// Every status that has a name, by value.
    package static var all: [FIDOStatus] {
        names.keys.sorted().map(FIDOStatus.init(rawValue:))
    }

    private static let names: [Int32: String] = [
        0x00: "FIDO_ERR_SUCCESS",
        0x01: "FIDO_ERR_INVALID_COMMAND",
        0x02: "FIDO_ERR_INVALID_PARAMETER",
        0x03: "FIDO_ERR_INVALID_LENGTH",
        0x04: "FIDO_ERR_INVALID_SEQ",
        0x05: "FIDO_ERR_TIMEOUT",
        0x06: "FIDO_ERR_CHANNEL_BUSY",
        0x0A: "FIDO_ERR_LOCK_REQUIRED",
        0x0B: "FIDO_ERR_INVALID_CHANNEL",
        0x11: "FIDO_ERR_CBOR_UNEXPECTED_TYPE",
        0x12: "FIDO_ERR_INVALID_CBOR",
        0x14: "FIDO_ERR_MISSING_PARAMETER",
        0x15: "FIDO_ERR_LIMIT_EXCEEDED",
        0x16: "FIDO_ERR_UNSUPPORTED_EXTENSION",
        0x17: "FIDO_ERR_FP_DATABASE_FULL",
        0x18: "FIDO_ERR_LARGEBLOB_STORAGE_FULL",
        0x19: "FIDO_ERR_CREDENTIAL_EXCLUDED",
        0x21: "FIDO_ERR_PROCESSING",
        0x22: "FIDO_ERR_INVALID_CREDENTIAL",
        0x23: "FIDO_ERR_USER_ACTION_PENDING",
        0x24: "FIDO_ERR_OPERATION_PENDING",
        0x25: "FIDO_ERR_NO_OPERATIONS",
        0x26: "FIDO_ERR_UNSUPPORTED_ALGORITHM",
        0x27: "FIDO_ERR_OPERATION_DENIED",
        0x28: "FIDO_ERR_KEY_STORE_FULL",
        0x29: "FIDO_ERR_NOT_BUSY",
        0x2A: "FIDO_ERR_NO_OPERATION_PENDING",
        0x2B: "FIDO_ERR_UNSUPPORTED_OPTION",
        0x2C: "FIDO_ERR_INVALID_OPTION",
        0x2D: "FIDO_ERR_KEEPALIVE_CANCEL",
        0x2E: "FIDO_ERR_NO_CREDENTIALS",
        0x2F: "FIDO_ERR_USER_ACTION_TIMEOUT",
        0x30: "FIDO_ERR_NOT_ALLOWED",
        0x31: "FIDO_ERR_PIN_INVALID",
        0x32: "FIDO_ERR_PIN_BLOCKED",
        0x33: "FIDO_ERR_PIN_AUTH_INVALID",
        0x34: "FIDO_ERR_PIN_AUTH_BLOCKED",
        0x35: "FIDO_ERR_PIN_NOT_SET",
        0x36: "FIDO_ERR_PIN_REQUIRED",
        0x37: "FIDO_ERR_PIN_POLICY_VIOLATION",
        0x38: "FIDO_ERR_PIN_TOKEN_EXPIRED",
        0x39: "FIDO_ERR_REQUEST_TOO_LARGE",
        0x3A: "FIDO_ERR_ACTION_TIMEOUT",
        0x3B: "FIDO_ERR_UP_REQUIRED",
        0x3C: "FIDO_ERR_UV_BLOCKED",
        0x3F: "FIDO_ERR_UV_INVALID",
        0x40: "FIDO_ERR_UNAUTHORIZED_PERM",
        0x7F: "FIDO_ERR_ERR_OTHER",
        0xDF: "FIDO_ERR_SPEC_LAST",
        -1: "FIDO_ERR_TX",
        -2: "FIDO_ERR_RX",
        -3: "FIDO_ERR_RX_NOT_CBOR",
        -4: "FIDO_ERR_RX_INVALID_CBOR",
        -5: "FIDO_ERR_INVALID_PARAM",
        -6: "FIDO_ERR_INVALID_SIG",
        -7: "FIDO_ERR_INVALID_ARGUMENT",
        -8: "FIDO_ERR_USER_PRESENCE_REQUIRED",
        -9: "FIDO_ERR_INTERNAL",
        -10: "FIDO_ERR_NOTFOUND",
        -11: "FIDO_ERR_COMPRESS",
    ]
}
