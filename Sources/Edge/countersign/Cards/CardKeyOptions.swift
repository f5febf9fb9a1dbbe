import ArgumentParser
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

    @OptionGroup var making: KeyMakingOptions

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
            "When the card wants its PIN for the key: default, never, once or always.",
            valueName: "policy"))
    var pinPolicy: PINPolicy = .once

    @Option(
        help: ArgumentHelp(
            "When the card wants a touch for the key: default, never, always or cached.",
            valueName: "policy"))
    var touchPolicy: TouchPolicy = .defaultPolicy

    @Flag(help: "Destroy the key that the slot has, for good.")
    var replace = false

    @OptionGroup var management: ManagementKeyOptions
}
