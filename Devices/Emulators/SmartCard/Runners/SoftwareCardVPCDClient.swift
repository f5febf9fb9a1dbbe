internal import Dispatch
internal import Synchronization

/// Puts a software card into a virtual reader of vpcd, so that every program on this machine that uses PC/SC finds it.
///
/// vpcd listens and the card connects: the connection is the card in the reader, and its end is the card taken out. vpcd
/// binds every address unless it is kept from it; the card connects to loopback addresses only.
///
/// Faults look a little different from here: what another program's reset interrupts is a command to a card that has
/// nothing selected, and where there is no answer there is an empty one.
public final class SoftwareCardVPCDClient: Sendable {
    private let card: SoftwareCard
    private let stream: LoopbackStream
    private let ending: Ending

    private init(_ card: SoftwareCard, _ stream: LoopbackStream, _ ending: Ending) {
        self.card = card
        self.stream = stream
        self.ending = ending
    }

    deinit {
        stream.end()
    }

    /// Puts the card into the reader.
    ///
    /// - Parameters:
    ///   - card: the card, which must be inserted.
    ///   - host: an IPv4 loopback address in numbers, which is all that vpcd knows.
    ///   - port: where vpcd listens for the reader's card.
    public static func start(
        _ card: SoftwareCard, host: String = "127.0.0.1", port: Int = 35_963
    ) async throws(EmulatorError) -> SoftwareCardVPCDClient {
        // A thread of its own: the card signs, syncs its state file and waits for the person on it.
        let queue = DispatchQueue(label: "software card")
        let connected: Result<LoopbackStream, EmulatorError> =
            await withCheckedContinuation { continuation in
                queue.async {
                    continuation.resume(returning: connect(host: host, port: port))
                }
            }
        let stream = try connected.get()
        let ending = Ending()
        queue.async {
            serve(card, stream)
            ending.come()
        }
        return SoftwareCardVPCDClient(card, stream, ending)
    }

    private static func connect(
        host: String, port: Int
    ) -> Result<LoopbackStream, EmulatorError> {
        do throws(EmulatorError) {
            return .success(try LoopbackStream(host: host, port: port))
        } catch {
            return .failure(error)
        }
    }

    /// Waits until the card is out of the reader: because it was taken out, vpcd has ended, or ``stop()`` was called.
    /// Cancelling the task takes it out.
    public func run() async {
        await withTaskCancellationHandler {
            await ending.wait()
        } onCancel: {
            end()
        }
    }

    /// Takes the card out of this reader. It loses its power, and otherwise stays as it is.
    public func stop() async {
        end()
        await ending.wait()
    }

    private func end() {
        stream.end()
        // Nobody waits for the person any more.
        card.reset()
    }

    private static func serve(_ card: SoftwareCard, _ stream: LoopbackStream) {
        let listener = card.addRemovalListener { stream.end() }
        defer {
            card.dropRemovalListener(listener)
            stream.closeDescriptor()
            card.reset()
        }
        guard card.isInserted else { return }
        var frames = VPCDFrames()
        while let bytes = stream.receive() {
            frames.append(bytes)
            while let message = frames.next() {
                guard let answer = answer(to: message, card) else { return }
                guard let answer else { continue }
                guard stream.send(VPCDFrames.encoded(answer)) else { return }
            }
        }
    }

    /// What to send: `.some(nil)` for nothing, `nil` once the card is gone.
    private static func answer(to message: VPCDFrames.Message, _ card: SoftwareCard) -> [UInt8]?? {
        switch message {
        case .powerOff, .powerOn, .reset:
            card.reset()
            return .some(nil)
        case .answerToReset: return card.answerToReset
        case .command(let command): return respond(to: command, card)
        }
    }

    private static func respond(to command: [UInt8], _ card: SoftwareCard) -> [UInt8]? {
        card.beginTurn()
        defer { card.endTurn() }
        var outcome = card.transmit(command)
        if outcome == .reset { outcome = card.transmit(command) }
        switch outcome {
        case .response(let response): return response
        case .silence, .reset: return []
        case .pulledOut: return nil
        }
    }
}

/// Something that happens once, for tasks to wait for.
private final class Ending: Sendable {
    private struct State: Sendable {
        var hasCome = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func come() {
        let waiting = state.withLock { state in
            defer { state = State(hasCome: true) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let hasCome = state.withLock { state in
                if !state.hasCome { state.waiting.append(continuation) }
                return state.hasCome
            }
            if hasCome { continuation.resume() }
        }
    }
}
