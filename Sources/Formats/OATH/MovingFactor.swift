internal import Encoding

/// What changes from one code to the next: a counter, or the number of a time step.
public enum MovingFactor {
    /// The 8 bytes that the HMAC is computed over, the most significant first (RFC 4226 §5.1).
    public static func message(_ factor: UInt64) -> [UInt8] {
        var writer = ByteWriter(capacity: 8)
        writer.append(factor)
        return writer.bytes
    }

    /// The number of the time step of `period` seconds in which a time lies (RFC 6238 §4.2, with T0 = 0).
    ///
    /// - Parameter milliseconds: since 1970.
    /// - Returns: `nil` for a time before 1970, or a period below one second.
    public static func timeStep(atMilliseconds milliseconds: Int64, period: Int) -> UInt64? {
        guard milliseconds >= 0, period >= 1 else { return nil }
        return UInt64(milliseconds) / 1000 / UInt64(period)
    }
}
