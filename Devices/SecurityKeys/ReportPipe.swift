import Authenticators
import CTAP
import Synchronization

/// The reports between libfido2 and one authenticator, for as long as one connection to it lasts.
///
/// The library waits without limit and speaks of neither keepalives nor other clients, so this is where waiting ends
/// (time-out, cancellation, removal), where the authenticator's wish to be touched is seen, and where reports that
/// are for somebody else are dropped: every client of a HID device is sent all of its reports.
///
/// All calls but the cancellation come from the authenticator's own thread, so the lock is never waited for.
final class ReportPipe: Sendable {
    /// Why the library's call was made to fail.
    enum Interruption: Sendable {
        case timedOut
        case cancelled
        case unplugged
    }

    /// How long to wait before looking up from the authenticator to see whether the task was cancelled.
    static let slice = Duration.milliseconds(50)

    /// How often in a row a transport returns early with nothing before the authenticator counts as gone. Once would
    /// do, but for a transport that is woken without cause.
    private static let earlyReturnsThatMeanGone = 3

    /// How long an authenticator that has sent keepalives may be silent before it counts as gone. It owes one every
    /// 100 ms (CTAP 2.1 §11.2.9.2.1), and over UDP nothing else tells.
    private static let silenceThatMeansGone = Duration.seconds(3)

    private struct State {
        var deadline: ContinuousClock.Instant
        var lastKeepalive: ContinuousClock.Instant?
        var interruption: Interruption?
        var isClosed = false
        var traffic = ReportTraffic()
        var prompts = Prompts.touch
        /// What is left of a message that was found sound, the next report last.
        var checked: [[UInt8]] = []
    }

    /// What it means when the authenticator asks for its person.
    struct Prompts: Sendable {
        /// While it was asked for a PIN/UV auth token.
        var forToken: AuthenticatorEvent
        /// While it carries the ceremony's own command out.
        var forCommand: AuthenticatorEvent

        static let touch = Prompts(forToken: .touchNeeded, forCommand: .touchNeeded)
    }

    private let transport: any ReportTransport
    private let cancellation: Cancellation
    private let report: @Sendable (AuthenticatorEvent) -> Void
    private let state: Mutex<State>

    init(
        transport: any ReportTransport, cancellation: Cancellation,
        report: @escaping @Sendable (AuthenticatorEvent) -> Void
    ) {
        self.transport = transport
        self.cancellation = cancellation
        self.report = report
        state = Mutex(State(deadline: .now))
    }

    /// Why the call that was last begun was made to fail, if it was.
    var interruption: Interruption? { state.withLock { $0.interruption } }

    /// Whether the authenticator has ever answered.
    var hasAnswered: Bool { state.withLock { $0.traffic.hasAnswered } }

    /// Whether the authenticator's last word was that it serves somebody else.
    var isBusy: Bool { state.withLock { $0.traffic.isBusy } }

    /// Starts the time of a call of the library.
    func begin(timeout: Duration, prompts: Prompts = .touch) {
        state.withLock { state in
            state.deadline = .now + timeout
            state.lastKeepalive = nil
            state.interruption = nil
            state.prompts = prompts
            state.traffic.forgetPrompts()
            state.checked = []
        }
    }

    /// Sends a report of 64 bytes; `false` where the authenticator is gone.
    func write(_ bytes: [UInt8]) -> Bool {
        state.withLock { $0.traffic.noteSent(bytes) }
        guard transport.write(bytes) else {
            state.withLock { $0.interruption = .unplugged }
            return false
        }
        return true
    }

    /// The next report of 64 bytes for the library, or `nil` where the call is to fail.
    func read() -> [UInt8]? {
        if let report = state.withLock({ $0.checked.popLast() }) { return report }
        guard let first = receive() else { return nil }
        guard let command = state.withLock({ $0.traffic.command(answeredBy: first) }) else {
            return first
        }
        guard let reports = collect(first, command: command) else { return nil }
        state.withLock { $0.checked = reports.dropFirst().reversed() }
        return first
    }

    /// All reports of the CTAP2 reply that begins with `first`, once it is whole and found sound.
    private func collect(_ first: [UInt8], command: CTAPCommand) -> [[UInt8]]? {
        do throws(MalformedMessage) {
            guard var reply = try HIDReassembler(first: HIDPacket(decoding: first)) else {
                return nil
            }
            var reports = [first]
            var progress = try reply.progress
            while true {
                if case .complete(let message) = progress {
                    let isSound = ReplySoundness.isSound(message.payload, to: command)
                    return isSound ? reports : nil
                }
                guard let next = receive() else { return nil }
                reports.append(next)
                progress = try reply.append(HIDPacket(decoding: next))
            }
        } catch {
            return nil
        }
    }

    /// The next report from the authenticator for this client.
    private func receive() -> [UInt8]? {
        var earlyReturns = 0
        while let slice = nextSlice() {
            let start = ContinuousClock.now
            if let bytes = transport.read(timeout: slice) {
                earlyReturns = 0
                if let accepted = accept(bytes) { return accepted }
            } else if ContinuousClock.now - start < slice / 2 {
                earlyReturns += 1
                if earlyReturns == Self.earlyReturnsThatMeanGone {
                    state.withLock { $0.interruption = .unplugged }
                }
            } else {
                earlyReturns = 0
            }
        }
        return nil
    }

    /// Reads on after the authenticator was told to cancel, until it has said its last word or `limit` has passed,
    /// so that nothing of this request is left for the next client.
    func drain(for limit: Duration) {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            guard let bytes = transport.read(timeout: min(Self.slice, end - .now)) else { continue }
            if state.withLock({ $0.traffic.isLastWord(bytes) }) { return }
        }
    }

    /// Closes the transport. Only the first call does.
    func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        if isFirst { transport.close() }
    }

    /// How long to wait next; `nil` where the call is to fail, for a reason that is then known.
    private func nextSlice() -> Duration? {
        state.withLock { state in
            guard state.interruption == nil else { return nil }
            if cancellation.isRequested {
                state.interruption = .cancelled
                return nil
            }
            if let last = state.lastKeepalive, .now - last > Self.silenceThatMeansGone {
                state.interruption = .unplugged
                return nil
            }
            let remaining = state.deadline - .now
            guard remaining > .zero else {
                state.interruption = .timedOut
                return nil
            }
            return min(Self.slice, remaining)
        }
    }

    private func accept(_ bytes: [UInt8]) -> [UInt8]? {
        let (isAccepted, event) = state.withLock { state -> (Bool, AuthenticatorEvent?) in
            guard state.traffic.accepts(bytes) else { return (false, nil) }
            state.lastKeepalive = ReportTraffic.isKeepalive(bytes) ? .now : nil
            switch state.traffic.noteReceived(bytes) {
            case nil: return (true, nil)
            case .forToken: return (true, state.prompts.forToken)
            case .forCommand: return (true, state.prompts.forCommand)
            }
        }
        if let event { report(event) }
        return isAccepted ? bytes : nil
    }
}
