public import CTAP

/// Faults that a software security key commits on purpose, so that clients can show that they bear them.
public struct FaultPlan: Sendable {
    /// One way to fail.
    public enum Fault: Hashable, Sendable {
        /// The reply's first report is cut in half and the rest never comes.
        case tornFrame
        /// The reply's second report is left out.
        case missingFrame
        /// There is no reply and no keepalive.
        case stall
        /// The map in the reply is not CBOR.
        case badCBOR
    }

    private var pending: [(command: CTAPCommand, fault: Fault)]

    /// Commits each fault once, at the first reply to its command that comes after the faults before it.
    public init(_ faults: [(command: CTAPCommand, fault: Fault)]) {
        pending = faults
    }

    /// No faults.
    public static let none = FaultPlan([])

    mutating func nextFault(for command: CTAPCommand) -> Fault? {
        guard let next = pending.first, next.command == command else { return nil }
        pending.removeFirst()
        return next.fault
    }
}
