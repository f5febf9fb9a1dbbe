import CTAP
import Cryptography
import Encoding

extension SoftwareAuthenticator {
    /// A large-blob array of which not all fragments have come.
    struct LargeBlobWrite: Sendable {
        var bytes: [UInt8]
        let totalLength: Int
    }

    /// authenticatorLargeBlobs (CTAP 2.1 §6.10.2).
    mutating func largeBlobs(_ request: LargeBlobsRequest) throws(CTAPStatus) -> CTAPResponse {
        switch request.operation {
        case .get(let count):
            guard count <= Limits.largeBlobFragmentLength else { throw .invalidLength }
            guard request.offset <= state.largeBlobArray.count else { throw .invalidParameter }
            let fragment = state.largeBlobArray.dropFirst(request.offset).prefix(count)
            return .success([0x01: .bytes(Array(fragment))])
        case .set(let fragment, let totalLength):
            return try writeLargeBlobs(fragment, totalLength, request)
        }
    }

    private mutating func writeLargeBlobs(
        _ fragment: [UInt8], _ totalLength: Int?, _ request: LargeBlobsRequest
    ) throws(CTAPStatus) -> CTAPResponse {
        guard fragment.count <= Limits.largeBlobFragmentLength else { throw .invalidLength }
        if request.offset == 0 {
            guard let totalLength, totalLength >= LargeBlobArray.minimumLength else {
                throw .invalidParameter
            }
            guard totalLength <= Limits.largeBlobArrayLength else {
                throw .largeBlobStorageFull
            }
            session.largeBlobWrite = LargeBlobWrite(bytes: [], totalLength: totalLength)
        } else if totalLength != nil {
            throw .invalidParameter
        }
        guard var write = session.largeBlobWrite, write.bytes.count == request.offset else {
            throw .invalidSequence
        }
        if state.isProtected || state.alwaysUv {
            _ = try checkToken(
                request.authorization,
                message: LargeBlobsRequest.authenticatedMessage(
                    offset: request.offset, fragmentHash: SHA256.hash(fragment)),
                permission: .largeBlobWrite)
        }
        guard fragment.count <= write.totalLength - write.bytes.count else {
            throw .invalidParameter
        }
        write.bytes += fragment
        guard write.bytes.count == write.totalLength else {
            session.largeBlobWrite = write
            return .success
        }
        session.largeBlobWrite = nil
        guard LargeBlobArray.isIntact(write.bytes) else { throw .integrityFailure }
        state.largeBlobArray = write.bytes
        return .success
    }
}
