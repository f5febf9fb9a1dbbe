/// The payload of a CTAPHID_KEEPALIVE message: what the authenticator is waiting for (CTAP 2.1 §11.2.9.2.3). Unknown
/// values are kept.
public struct KeepaliveStatus: RawRepresentable, Hashable, Sendable {
    /// The status's number.
    public let rawValue: UInt8

    /// The status with this number.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// STATUS_PROCESSING: the authenticator is at work.
    public static let processing = KeepaliveStatus(rawValue: 1)
    /// STATUS_UPNEEDED: the authenticator waits for the person.
    public static let userPresenceNeeded = KeepaliveStatus(rawValue: 2)
}
