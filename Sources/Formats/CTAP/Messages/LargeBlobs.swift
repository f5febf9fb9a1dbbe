internal import Encoding

/// The parameters of authenticatorLargeBlobs (CTAP 2.1 §6.10).
public struct LargeBlobsRequest: Hashable, Sendable {
    /// Reading or writing a fragment.
    public enum Operation: Hashable, Sendable {
        /// At most `count` bytes from the offset on.
        case get(count: Int)
        /// A fragment; the first one says how long the whole array is.
        case set([UInt8], totalLength: Int?)
    }

    /// What is asked for.
    public let operation: Operation
    /// Where the fragment begins.
    public let offset: Int
    /// Proof of a PIN/UV auth token, for writing.
    public let authorization: PINUVAuthorization

    /// A request from its parts.
    public init(operation: Operation, offset: Int, authorization: PINUVAuthorization = .absent) {
        self.operation = operation
        self.offset = offset
        self.authorization = authorization
    }

    init(_ parameters: Parameters) throws(MalformedMessage) {
        offset = try parameters.required(0x03, \.intValue)
        guard offset >= 0, offset <= Int(UInt32.max) else { throw .invalidParameter("3") }
        let count = try parameters.optional(0x01, \.intValue)
        let fragment = try parameters.optional(0x02, \.bytesValue)
        let totalLength = try parameters.optional(0x04, \.intValue)
        authorization = try PINUVAuthorization(
            parameters, protocolKey: 0x06, parameterKey: 0x05)
        switch (count, fragment) {
        case (let count?, nil):
            guard count >= 0 else { throw .invalidParameter("1") }
            guard totalLength == nil, authorization == .absent else {
                throw .invalidParameter("4")
            }
            operation = .get(count: count)
        case (nil, let fragment?): operation = .set(fragment, totalLength: totalLength)
        case (nil, nil), (.some, .some): throw .invalidParameter("2")
        }
    }

    /// What the authorization's code for a fragment is over.
    ///
    /// - Parameter fragmentHash: the SHA-256 of the fragment.
    public static func authenticatedMessage(offset: Int, fragmentHash: [UInt8]) -> [UInt8] {
        let number = UInt32(clamping: offset)
        let littleEndian = (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        return [UInt8](repeating: 0xFF, count: 32) + [CTAPCommand.largeBlobs.rawValue, 0x00]
            + littleEndian + fragmentHash
    }

    var cbor: CBOR {
        var entries: [CBOR: CBOR] = [0x03: CBOR(offset)]
        switch operation {
        case .get(let count): entries[0x01] = CBOR(count)
        case .set(let fragment, let totalLength):
            entries[0x02] = .bytes(fragment)
            entries[0x04] = totalLength.map { CBOR($0) }
        }
        entries[0x05] = authorization.parameterItem
        entries[0x06] = authorization.protocolItem
        return .map(entries)
    }
}
