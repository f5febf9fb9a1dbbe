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
                program sees: 'countersign cards list', opensc-tool, yubico-piv-tool. A new card has the PIN 123456 and \
                the PUK 12345678. It ends when vpcd does.
                """)

        @Option(help: ArgumentHelp("Where vpcd listens, on this machine.", valueName: "host:port"))
        var vpcd: String = "127.0.0.1:35963"

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

        func validate() throws { try Emulate.validate(gestures: person) }

        func run() async throws {
            try await reporting {
                guard let address = HostAndPort(vpcd) else {
                    throw CommandFailure(
                        .configuration, "'\(vpcd)' is not an address",
                        advice: "Give it as 127.0.0.1:35963.")
                }
                do throws(EmulatorError) {
                    let card = try SoftwareCard(
                        storage: state.map { .file(path: $0) } ?? .memory,
                        person: PersonScript(Emulate.gestures(person)))
                    Emulate.export(root: card.attestationRoot, to: attestationRoot)
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
                } catch {
                    throw CommandFailure(.unavailable, "\(error)")
                }
            }
        }
    }
}
