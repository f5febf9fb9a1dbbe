public import Encoding

/// A CTAP2 response: a status and, where it is success, perhaps a map (CTAP 2.1 §8).
public struct CTAPResponse: Hashable, Sendable {
    /// How the command ended.
    public let status: CTAPStatus
    /// What follows the status; empty for most failures.
    public let payload: [UInt8]

    /// A response from its parts.
    public init(status: CTAPStatus, payload: [UInt8] = []) {
        self.status = status
        self.payload = payload
    }

    /// Success with a map.
    public static func success(_ value: CBOR) -> CTAPResponse {
        CTAPResponse(status: .success, payload: value.encoded())
    }

    /// Success with nothing to tell.
    public static let success = CTAPResponse(status: .success)

    /// A failure.
    public static func failure(_ status: CTAPStatus) -> CTAPResponse {
        CTAPResponse(status: status)
    }

    /// Splits the payload of a CTAPHID_CBOR message. What follows the status is decoded by the command's response
    /// type.
    public init(decoding message: [UInt8]) throws(MalformedMessage) {
        guard let first = message.first else { throw .empty }
        status = CTAPStatus(rawValue: first)
        payload = Array(message.dropFirst())
    }

    /// The payload of a CTAPHID_CBOR message.
    public func encoded() -> [UInt8] { [status.rawValue] + payload }
}
