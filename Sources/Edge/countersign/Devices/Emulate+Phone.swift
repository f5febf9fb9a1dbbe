import ArgumentParser
import Foundation
import PhoneEmulator
import PushMessages

extension Emulate {
    struct Phone: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "phone",
            abstract: "Be a phone that is asked whether it is its owner who signs in.",
            discussion: """
                The phone is enrolled with what the QR code of 'countersign phones enroll' shows, and then waits for prompts: \
                it takes Web Push messages at an endpoint of its own, on this machine, and asks the server. A prompt \
                shows here, and the number that the person who signs in sees is typed here:

                  countersign emulate phone --state alice.phone --enrol 'countersign://enrol?v=1&…'
                  countersign emulate phone --state alice.phone

                A script acts for the person, one act a prompt, separated by commas, and ends the phone: approve, \
                wrong-number, decline, not-me, ignore, late, twice, for-another, replay, forge-key, forge-prompt, \
                bad-clock; decline@500 acts after 500 ms. What came of each is a line on standard output. With an empty \
                script the phone is enrolled and ends.
                """)

        @Option(help: ArgumentHelp("The file to keep the phone's state in.", valueName: "file"))
        var state: String

        @Option(
            help: ArgumentHelp(
                "Enrol the phone first, with this ticket; - reads it from standard input.",
                valueName: "uri"))
        var enrol: String?

        @Flag(help: "Only ask the server for prompts; have no push endpoint.")
        var poll = false

        @Option(
            help: ArgumentHelp(
                "Only take pushes, at this port of this machine; 0 for any free one.",
                valueName: "port"))
        var push: Int?

        @Option(help: ArgumentHelp("What the person does.", valueName: "acts"))
        var script: String?

        @Option(
            help: ArgumentHelp(
                "Where a script finds the numbers that front ends show: a file, which may grow, or - for standard input.",
                discussion:
                    "The first line is for the first prompt that shows, and so on; one that needs no number may be empty.",
                valueName: "file"))
        var numberFrom: String?

        @Option(help: "The phone's name for people, when it is enrolled.")
        var name = "software phone"

        @Option(
            name: .customLong("guard"),
            help:
                "How the phone says that it guards its key, when it is enrolled: biometric, pin or none."
        )
        var keyGuard = KeyGuard.pin.rawValue

        func validate() throws {
            if poll, push != nil { throw ValidationError("Give --poll or --push, not both.") }
            if let push, !(0...65_535).contains(push) {
                throw ValidationError("'\(push)' is not a port")
            }
            guard KeyGuard(rawValue: keyGuard) != nil else {
                throw ValidationError("'\(keyGuard)' is not biometric, pin or none")
            }
            for word in acts where PhoneAct(word) == nil {
                throw ValidationError("'\(word)' is not an act")
            }
            let needsNumbers = acts.contains { word in
                !["decline", "not-me", "ignore", "replay"].contains(word.prefix { $0 != "@" })
            }
            if needsNumbers, numberFrom == nil {
                throw ValidationError("Say with --number-from where the script finds its numbers.")
            }
            if numberFrom == "-", enrol == "-" {
                throw ValidationError("Standard input cannot be both ticket and numbers.")
            }
        }

        func run() async throws {
            try await reporting {
                let phone: SoftwarePhone
                do throws(PhoneFailure) {
                    phone = try SoftwarePhone(
                        storage: .file(path: state), configuration: configuration)
                } catch {
                    throw CommandFailure(error)
                }
                let told = Task { await tell(phone.outcomes) }
                do throws(PhoneFailure) {
                    if let ticket = try await ticket() {
                        let account = try await phone.enrol(ticket)
                        Terminal.say("enrolled for \(account.user) at \(account.server)")
                    }
                    try await phone.open()
                    if script == nil || !acts.isEmpty { announce(phone) }
                    try await Self.use(phone, person)
                } catch {
                    throw CommandFailure(error)
                }
                await phone.close()
                await told.value
            }
        }
    }
}

extension Emulate.Phone {
    private var acts: [Substring] { (script ?? "").split(separator: ",") }

    private var configuration: SoftwarePhone.Configuration {
        var configuration = SoftwarePhone.Configuration()
        configuration.name = name
        configuration.keyGuard = KeyGuard(rawValue: keyGuard) ?? .none
        if poll { configuration.delivery = .poll }
        if let push { configuration.delivery = .push(port: push) }
        return configuration
    }

    private var person: PhonePerson {
        guard script != nil else {
            let lines = TypedLines()
            LineReader.follow(nil, line: { lines.type($0) }, end: { lines.end() })
            return .interactive(PhoneTerminal(lines: lines) { Self.show($0) })
        }
        let numbers = ShownNumbers()
        if let numberFrom {
            LineReader.follow(
                numberFrom == "-" ? nil : numberFrom, line: { numbers.show($0) },
                end: { numbers.finish() })
        } else {
            numbers.finish()
        }
        return .script(acts.compactMap { PhoneAct($0) }, numbers: numbers)
    }

    /// The ticket, where one is given.
    private func ticket() async throws(PhoneFailure) -> EnrolmentTicket? {
        guard let enrol else { return nil }
        let text = enrol == "-" ? await LineReader.firstLine() : enrol
        do throws(MalformedPush) {
            return try EnrolmentTicket(decoding: text)
        } catch {
            throw .malformedTicket(error)
        }
    }

    private func announce(_ phone: SoftwarePhone) {
        let accounts = phone.accounts.map { "\($0.user) at \($0.server)" }
        Terminal.complain(
            "a software phone waits for prompts to "
                + (accounts.isEmpty ? "nobody" : accounts.joined(separator: ", ")))
    }

    /// Uses the phone until a signal comes or the script ends.
    private static func use(
        _ phone: SoftwarePhone, _ person: PhonePerson
    ) async throws(PhoneFailure) {
        let result = await withTaskGroup(of: Result<Void, PhoneFailure>?.self) { group in
            group.addTask {
                await Signals.termination()
                return nil
            }
            group.addTask {
                do throws(PhoneFailure) {
                    try await phone.run(person: person)
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            await group.waitForAll()
            return first
        }
        try result?.get()
    }

    /// Says what happens: a script's acts on standard output, and what went wrong on standard error.
    private func tell(_ outcomes: AsyncStream<PhoneOutcome>) async {
        for await outcome in outcomes {
            switch outcome {
            case .shown, .answered, .unanswered:
                if script != nil { Terminal.say("\(outcome)") }
            case .subscribed: break
            case .discarded, .pushRefused, .interrupted: Terminal.complain("\(outcome)")
            }
        }
    }

    private static func show(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}

extension CommandFailure {
    init(_ failure: PhoneFailure) {
        let status: Status =
            switch failure {
            case .refused, .ticketExpired: .refused
            case .malformedTicket, .unsendable, .notLoopback: .configuration
            case .cryptography: .internalError
            default: .unavailable
            }
        self.init(status, "\(failure)")
    }
}

/// Reads lines on a thread of its own, which ends with the process.
private enum LineReader {
    /// What a line may have, in bytes; the rest of a longer one is dropped.
    private static let maximumLength = 256

    /// Reads standard input to its end, or a file that may not be there yet and may grow, for ever.
    static func follow(
        _ path: String?, line: @escaping @Sendable (String) -> Void,
        end: @escaping @Sendable () -> Void
    ) {
        Thread.detachNewThread {
            guard let path else {
                read(.standardInput, line)
                return end()
            }
            while true {
                guard let file = FileHandle(forReadingAtPath: path) else {
                    Thread.sleep(forTimeInterval: 0.1)
                    continue
                }
                read(file, isGrowing: true, line)
            }
        }
    }

    /// The first line of standard input, and no byte of what follows it.
    static func firstLine() async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var bytes: [UInt8] = []
                while bytes.count <= EnrolmentTicket.maximumLength,
                    let byte = try? FileHandle.standardInput.read(upToCount: 1)?.first,
                    byte != UInt8(ascii: "\n")
                {
                    bytes.append(byte)
                }
                continuation.resume(returning: text(bytes))
            }
        }
    }

    private static func read(
        _ file: FileHandle, isGrowing: Bool = false, _ line: (String) -> Void
    ) {
        var pending: [UInt8] = []
        while true {
            let chunk = file.availableData
            if chunk.isEmpty {
                guard isGrowing else { break }
                Thread.sleep(forTimeInterval: 0.1)
            }
            for byte in chunk {
                if byte == UInt8(ascii: "\n") {
                    line(text(pending))
                    pending = []
                } else if pending.count < maximumLength {
                    pending.append(byte)
                }
            }
        }
        if !pending.isEmpty { line(text(pending)) }
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    }
}
