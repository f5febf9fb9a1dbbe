/// Why a text is no address or network.
public enum MalformedAddress: Error, Hashable, Sendable {
    /// It is none of the forms of RFC 791 (four decimal numbers) and RFC 4291 §2.2.
    case address
    /// The length of the prefix is missing, no number, or longer than the address.
    case prefixLength
    /// Bits behind the prefix are set.
    case hostBits

    /// A stable name for logs and replies.
    public var code: String {
        switch self {
        case .address: "malformed-address"
        case .prefixLength: "malformed-prefix-length"
        case .hostBits: "host-bits-set"
        }
    }
}
