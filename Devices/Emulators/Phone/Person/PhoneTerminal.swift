import PushMessages

/// A terminal that stands for the phone's screen and keys.
public struct PhoneTerminal: Sendable {
    private let write: @Sendable (String) -> Void
    let lines: TypedLines

    /// A terminal.
    ///
    /// - Parameters:
    ///   - lines: what is typed.
    ///   - write: shows text; lines end as it says.
    public init(lines: TypedLines, write: @escaping @Sendable (String) -> Void) {
        self.lines = lines
        self.write = write
    }

    /// What somebody did about a prompt.
    enum Answer: Sendable, Hashable {
        case act(PhoneAct.Kind, number: String?)
        case silence(PhoneSilence)
    }

    /// Shows a prompt and waits for the answer, until its time is over.
    ///
    /// - Parameter offset: how far the server's clock is ahead of `clock`, in ms.
    func ask(_ prompt: Prompt, clock: PhoneClock, offset: Int64) async -> Answer {
        lines.beginAsking()
        defer { lines.endAsking() }
        write(PhoneScreen.text(prompt, at: clock.now() + offset))
        while true {
            switch await nextLine(until: prompt.expiresAt - offset, clock) {
            case nil:
                write("\n  The request has expired.\n")
                return .silence(.expired)
            case .interrupted:
                write("\n  A newer request takes its place.\n")
                return .silence(.superseded)
            case .ended:
                return .silence(Task.isCancelled ? .stopped : .ignored)
            case .typed(let line):
                switch PhoneScreen.entry(line, for: prompt) {
                case .approve(let number): return .act(.approve, number: number)
                case .decline: return .act(.decline, number: nil)
                case .notMe: return .act(.notMe, number: nil)
                case .unclear(let advice): write(advice)
                }
            }
        }
    }

    /// Says what came of it.
    func tell(_ outcome: PhoneOutcome) {
        switch outcome {
        case .answered(_, let act, let replies):
            let said = replies.map(\.description).joined(separator: ", ")
            write("  \(act == .approve ? "Approved" : "Declined"): the server says \(said).\n")
        case .unanswered(_, .cannotSign): write("  The phone could not sign.\n")
        default: break
        }
    }

    /// The next line, or `nil` where `time` comes first.
    private func nextLine(until time: Int64, _ clock: PhoneClock) async -> TypedLines.Line? {
        await withTaskGroup(of: TypedLines.Line?.self) { group in
            group.addTask { await lines.next() }
            group.addTask {
                await clock.sleep(until: time)
                return Task.isCancelled ? .ended : nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? .ended
        }
    }
}
