import ArgumentParser
import Emulators
import PIV

extension Emulate {
    struct Card: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "card",
            abstract: "Be a PIV smart card, in the reader of a virtual smart card driver.",
            discussion: """
                The card connects to vpcd, the driver of Debian's package vsmartcard-vpcd, whose reader every PC/SC \
                program sees: 'countersign cards list', opensc-tool, yubico-piv-tool. It ends when vpcd does. A new card \
                has the PIN 123456 and the PUK 12345678.

                Without --vpcd the card is made and put away, for '--card emulator:FILE':

                  countersign emulate card --state alice.card --attestation-root card-root.der
                """)

        @Option(
            help: ArgumentHelp(
                "Where vpcd listens, on this machine: 127.0.0.1:35963 as a rule.",
                valueName: "host:port"))
        var vpcd: String?

        @Option(
            help: ArgumentHelp(
                "The file to keep the card's state in; it ends with the process if not given.",
                valueName: "file"))
        var state: String?

        @Option(
            help: ArgumentHelp(
                "What the person does when the card wants a touch: touch, wait or unplug, separated by commas.",
                valueName: "gestures"))
        var person: String = ""

        @Option(
            help: ArgumentHelp(
                "Write the root certificate of the card's attestations here, in DER, for 'serve --card-root'.",
                valueName: "file"))
        var attestationRoot: String?

        func validate() throws {
            try Emulate.validate(gestures: person)
            guard vpcd != nil || state != nil else {
                throw ValidationError("Name a reader with --vpcd, or a file with --state.")
            }
        }

        func run() async throws {
            try await reporting {
                let address = try vpcd.map { (text) throws(CommandFailure) in
                    guard let address = HostAndPort(text) else {
                        throw CommandFailure(
                            .configuration, "'\(text)' is not an address",
                            advice: "Give it as 127.0.0.1:35963.")
                    }
                    return address
                }
                do throws(EmulatorError) {
                    let card = try SoftwareCard(
                        storage: state.map { .file(path: $0) } ?? .memory,
                        person: PersonScript(Emulate.gestures(person)))
                    Emulate.export(root: card.attestationRoot, to: attestationRoot)
                    if let address {
                        try await Self.insert(card, at: address)
                    } else {
                        Terminal.say("card number \(card.serialNumber)")
                    }
                } catch {
                    throw CommandFailure(.unavailable, "\(error)")
                }
            }
        }

        /// Leaves the card in the reader until a signal comes or vpcd ends.
        private static func insert(
            _ card: SoftwareCard, at address: HostAndPort
        ) async throws(EmulatorError) {
            let reader = try await SoftwareCardVPCDClient.start(
                card, host: address.host, port: address.port)
            Terminal.complain(
                "a software card is in the reader at \(address.host):\(address.port)")
            await withTaskGroup { group in
                group.addTask { await Signals.termination() }
                group.addTask { await reader.run() }
                await group.next()
                await reader.stop()
                group.cancelAll()
            }
        }
    }
}
