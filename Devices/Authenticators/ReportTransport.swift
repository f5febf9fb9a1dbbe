/// A pipe of CTAPHID reports to one authenticator, 64 bytes each way without a report number (CTAP 2.1 §11.2).
///
/// The driver calls it from one thread at a time and may block there.
public protocol ReportTransport: Sendable {
    /// Sends one report of 64 bytes. Returns `false` once the authenticator is gone.
    func write(_ report: [UInt8]) -> Bool

    /// The next report of 64 bytes, or `nil` where none came within `timeout` or the authenticator is gone.
    func read(timeout: Duration) -> [UInt8]?

    /// Ends the connection. Nothing is called after it.
    func close()
}
