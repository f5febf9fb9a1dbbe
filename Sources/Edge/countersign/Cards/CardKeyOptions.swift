import ArgumentParser
import Cryptography
import Foundation
import PIV
import SmartCards

/// Which key of a card to enrol, and how it is made.
struct CardKeyOptions: ParsableArguments {
    @Flag(
        help: """
            Enrol the key that the card has: one that an authority issued a certificate for, or one that the card made \
            earlier and attests.
            """)
    var existing = false

    @Option(
        help: ArgumentHelp(
            "The certificates between the card's and the issuer that the server knows.",
            discussion: "In DER, or any number of them in PEM; with --existing.",
            valueName: "file"))
    var chain: String?

    @OptionGroup var making: KeyMakingOptions

    func validate() throws {
        guard chain == nil || existing else {
            throw ValidationError("--chain goes with --existing.")
        }
    }

    /// The certificates between the card's and the issuer.
    func intermediates() throws(CommandFailure) -> [[UInt8]] {
        guard let chain else { return [] }
        guard let contents = FileManager.default.contents(atPath: chain) else {
            throw CommandFailure(.configuration, "\(chain) cannot be read")
        }
        do throws(CryptographyError) {
            return try Certificate.decodeAll(Array(contents)).map(\.derRepresentation)
        } catch {
            throw CommandFailure(.configuration, "\(chain) holds no certificates in DER or PEM")
        }
    }

    /// The way to enrol.
    func way() throws(CommandFailure) -> CardRegistrationRequest.Way {
        if existing { return .existing(slot: making.slot) }
        return .generate(
            slot: making.slot, algorithm: making.algorithm.algorithm, pinPolicy: making.pinPolicy,
            touchPolicy: making.touchPolicy, managementKey: try making.management.source(),
            existing: making.replace ? .replaced : .kept)
    }
}

/// How a card makes a key.
struct KeyMakingOptions: ParsableArguments {
    /// The kinds of key that cards make, by their names for people.
    enum Algorithm: String, CaseIterable, ExpressibleByArgument {
        case p256
        case p384
        case rsa2048

        var algorithm: PIVAlgorithm {
            switch self {
            case .p256: .p256
            case .p384: .p384
            case .rsa2048: .rsa2048
            }
        }
    }

    @Option(
        help: ArgumentHelp("The slot of the card: 9a, 9c, 9d, 9e or 82 to 95.", valueName: "slot"))
    var slot: PIVSlot = .authentication

    @Option(help: "The kind of key that the card makes.")
    var algorithm: Algorithm = .p256

    @Option(
        help: ArgumentHelp(
            "When the card wants its PIN for the key.",
            valueName: "policy"))
    var pinPolicy: PINPolicy = .once

    @Option(
        help: ArgumentHelp(
            "When the card wants a touch for the key.",
            valueName: "policy"))
    var touchPolicy: TouchPolicy = .defaultPolicy

    @Flag(help: "Destroy the key that the slot has, for good.")
    var replace = false

    @OptionGroup var management: ManagementKeyOptions
}
