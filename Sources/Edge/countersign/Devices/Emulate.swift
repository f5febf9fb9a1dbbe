import ArgumentParser
import Dispatch
import Emulators
import Foundation
import Glibc

struct Emulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Be an authenticator in software.",
        subcommands: [Key.self, Card.self, Phone.self])

    struct Key: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "key",
            abstract: "Be a FIDO2 and U2F security key, for any client of CTAPHID over UDP.",
            discussion: """
                countersign devices info udp:127.0.0.1:8111 then asks it what it is. The person at the key is a list \
                of gestures, one a prompt, separated by commas: finger, touch, wrong-finger, decline, wait, unplug; \
                finger@500 acts after 500 ms. After the last, every prompt is met with the enrolled finger. SIGUSR1 \
                plugs the key in again.
                """)

        @Option(help: ArgumentHelp("The loopback address to listen on.", valueName: "host:port"))
        var udp: String = "127.0.0.1:8111"

        @Option(
            help: ArgumentHelp(
                "The file to keep the key's state in; it ends with the process if not given.",
                valueName: "file"))
        var state: String?

        @Option(help: ArgumentHelp("What the person does.", valueName: "gestures"))
        var person: String = ""

        @Flag(help: "Make a new key without an enrolled finger.")
        var noFinger = false

        @Flag(help: "Allow a reset at any time, not just in the first ten seconds.")
        var resetAnyTime = false

        @Flag(help: "Attest with the credential's own key, not with the batch certificate.")
        var selfAttestation = false

        @Option(
            help: ArgumentHelp(
                "Write the root certificate of the key's attestations here, in DER, for 'serve --attestation-root'.",
                valueName: "file"))
        var attestationRoot: String?

        func run() async throws {
            try await reporting {
                guard let address = HostAndPort(udp) else {
                    throw CommandFailure(
                        .configuration, "'\(udp)' is not an address",
                        advice: "Give it as 127.0.0.1:8111.")
                }
                do throws(EmulatorError) {
                    let key = try makeKey()
                    let server = try await SecurityKeyUDPServer.start(
                        key, host: address.host, port: address.port)
                    Emulate.export(root: key.attestationRoot, to: attestationRoot)
                    let replug = Self.plugInAgain(key)
                    defer { replug.cancel() }
                    Terminal.complain(
                        "a software security key listens on udp:\(address.host):\(server.port)")
                    await Signals.termination()
                    await server.stop()
                } catch {
                    throw CommandFailure(.unavailable, "\(error)")
                }
            }
        }

        private func makeKey() throws(EmulatorError) -> SoftwareSecurityKey {
            var configuration = SoftwareSecurityKey.Configuration()
            if noFinger { configuration.initialFingers = [] }
            if resetAnyTime { configuration.resetWindow = .anyTime }
            if selfAttestation { configuration.attestation = .selfAttestation }
            return try SoftwareSecurityKey(
                storage: state.map { .file(path: $0) } ?? .memory, configuration: configuration,
                person: PersonScript(Emulate.gestures(person)))
        }

        func validate() throws { try Emulate.validate(gestures: person) }

        private static func plugInAgain(
            _ key: SoftwareSecurityKey
        ) -> any DispatchSourceSignal {
            signal(SIGUSR1, SIG_IGN)
            let source = DispatchSource.makeSignalSource(
                signal: SIGUSR1, queue: DispatchQueue(label: "countersign.replug"))
            source.setEventHandler {
                do throws(EmulatorError) {
                    try key.plugIn()
                } catch {
                    Terminal.complain("countersign: \(error)")
                }
            }
            source.resume()
            return source
        }
    }

    /// What a person at a software authenticator does, as the command line has it.
    static func gestures(_ list: String) -> [PersonScript.Gesture] {
        list.split(separator: ",").compactMap(gesture)
    }

    static func validate(gestures list: String) throws {
        for word in list.split(separator: ",") where gesture(word) == nil {
            throw ValidationError("'\(word)' is not a gesture")
        }
    }

    private static func gesture(_ text: Substring) -> PersonScript.Gesture? {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let gestures: [Substring: PersonScript.Gesture] = [
            "finger": .enrolledFinger, "touch": .touch, "wrong-finger": .wrongFinger,
            "decline": .decline, "wait": .wait, "unplug": .unplug,
        ]
        guard let word = parts.first, let gesture = gestures[word] else { return nil }
        switch parts.count {
        case 1: return gesture
        case 2:
            guard let delay = Int(parts[1]), (0...600_000).contains(delay) else { return nil }
            return gesture.after(.milliseconds(delay))
        default: return nil
        }
    }

    /// Writes the root certificate of a software authenticator's attestations, where that was asked for.
    static func export(root: [UInt8], to file: String?) {
        guard let file else { return }
        do {
            try Data(root).write(to: URL(fileURLWithPath: file))
        } catch {
            Terminal.complain("countersign: \(file) cannot be written")
        }
    }
}
