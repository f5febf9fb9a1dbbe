/// Why there is no symbol, or no picture of one.
public enum QRSymbolError: Error, Hashable, Sendable {
    /// There is nothing to encode.
    case empty
    /// The content has `bytes` bytes, and the largest symbol holds fewer at the level of correction asked for.
    case tooLong(bytes: Int)
    /// The picture's scale is not 1 to 64 pixels a module.
    case scale(Int)
    /// The encoder reported a failure of its own, such as a want of memory.
    case encoderFailed

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .empty: "qr-empty"
        case .tooLong: "qr-too-long"
        case .scale: "qr-scale"
        case .encoderFailed: "qr-encoder-failed"
        }
    }
}
