import ArgumentParser
import Authenticators
import Cryptography
import Encoding
import Foundation
import PIV
import SmartCards

extension Cards {
    struct Generate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "generate",
            abstract: "Have a card make a key, and print its public half in PEM.",
            discussion: "'countersign enroll --card' makes a key and enrols it in one go.")

        @Argument(help: "The card: its reader, or emulator:FILE.")
        var card: String

        @OptionGroup var making: KeyMakingOptions

        func run() async throws {
            try await reporting {
                let key = try await CardAccess.open(card).generate(
                    slot: making.slot, algorithm: making.algorithm.algorithm,
                    pinPolicy: making.pinPolicy, touchPolicy: making.touchPolicy,
                    managementKey: making.management.source(),
                    existing: making.replace ? .replaced : .kept, interaction: .terminal)
                Terminal.say(PEM.encode(key.publicKey, label: "PUBLIC KEY"))
            }
        }
    }

    struct Attest: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "attest",
            abstract: "Have a card attest that it made a key, and print the certificates in PEM.",
            discussion: """
                First the attestation, then the certificate of the card's attestation key. 'openssl verify' or a server \
                tells whether they lead to the maker's root.
                """)

        @Argument(help: "The card: its reader, or emulator:FILE.")
        var card: String

        @Option(
            help: ArgumentHelp(
                "The slot of the card: 9a, 9c, 9d, 9e or 82 to 95.", valueName: "slot"))
        var slot: PIVSlot = .authentication

        func run() async throws {
            try await reporting {
                let attested = try await CardAccess.open(card).attest(slot)
                Terminal.say(PEM.encode(attested.attestation, label: "CERTIFICATE"))
                Terminal.say(PEM.encode(attested.intermediate, label: "CERTIFICATE"))
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import",
            abstract: "Put the certificate that an authority issued for a key beside it.")

        @Argument(help: "The card: its reader, or emulator:FILE.")
        var card: String

        @Argument(help: "The file that has the certificate, in DER or PEM.")
        var certificate: String

        @Option(
            help: ArgumentHelp(
                "The slot of the card: 9a, 9c, 9d, 9e or 82 to 95.", valueName: "slot"))
        var slot: PIVSlot = .authentication

        @OptionGroup var management: ManagementKeyOptions

        func run() async throws {
            try await reporting {
                let (device, contents) = (try CardAccess.open(card), try read())
                let source = try management.source()
                do {
                    try await device.importCertificate(
                        contents, into: slot, managementKey: source, interaction: .terminal)
                } catch AuthenticatorFailure.invalidRequest {
                    throw CommandFailure(
                        .refused, "the certificate is for another key than slot \(slot) has")
                }
                Terminal.say("Slot \(slot) has the certificate.")
            }
        }

        private func read() throws(CommandFailure) -> [UInt8] {
            guard let contents = FileManager.default.contents(atPath: certificate) else {
                throw CommandFailure(.configuration, "\(certificate) cannot be read")
            }
            guard
                let found = try? Certificate.decodeAll(Array(contents)), found.count == 1,
                let only = found.first
            else {
                throw CommandFailure(
                    .configuration, "\(certificate) is not one certificate in DER or PEM")
            }
            return only.derRepresentation
        }
    }
}

/// The text form of keys and certificates (RFC 7468).
enum PEM {
    static func encode(_ der: [UInt8], label: String) -> String {
        let lines = Data(der).base64EncodedString(
            options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(lines)\n-----END \(label)-----"
    }
}
