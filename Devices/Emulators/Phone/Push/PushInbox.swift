import PhonePush
import Synchronization

/// What is behind the phone's push endpoint: the distributor, a lock and a clock.
final class PushInbox: Sendable {
    private struct State {
        var distributor = Distributor()
        var listener: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let clock: PhoneClock
    private let report: @Sendable (PhoneOutcome) -> Void

    init(clock: PhoneClock, report: @escaping @Sendable (PhoneOutcome) -> Void) {
        self.clock = clock
        self.report = report
    }

    /// Changes the distributor, or asks it something.
    func withDistributor<Value>(_ body: (inout Distributor) -> Value) -> Value
    where Value: Sendable {
        state.withLock { body(&$0.distributor) }
    }

    /// Calls `listener` whenever there is a message to be taken; `nil` to have messages wait.
    func listen(_ listener: (@Sendable () -> Void)?) {
        state.withLock { $0.listener = listener }
    }

    /// The messages that wait.
    func takeMessages() -> [Distributor.Message] {
        let now = clock.now()
        return withDistributor { $0.takeMessages(at: now) }
    }

    /// Takes a request.
    func receive(_ request: PushRequest) -> Distributor.Reply {
        let now = clock.now()
        let (reply, listener) = state.withLock { state in
            let origin = state.distributor.origin
            let reply = state.distributor.receive(
                request, at: now, isListening: state.listener != nil
            ) { authorization in
                try? VAPID.verify(authorization, audience: origin, at: now / 1_000)
            }
            return (reply, state.listener)
        }
        switch reply {
        case .answer(let answer):
            if let code = answer.refusal {
                report(.pushRefused(status: answer.status, code: code))
            } else {
                listener?()
            }
        case .fault: report(.pushRefused(status: 0, code: "planned"))
        }
        return reply
    }
}
