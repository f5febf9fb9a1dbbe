import ArgumentParser
import SecurityKeys
import SmartCards

/// Which authenticator: a security key or a card.
struct AuthenticatorOptions: ParsableArguments {
    /// The authenticator that was chosen. Nothing is opened yet but a software authenticator's state.
    enum Choice {
        case key(SecurityKeyDevice)
        case card(SmartCardDevice)
    }

    @Option(
        help: ArgumentHelp(
            "The security key.",
            discussion: """
                /dev/hidrawN, as 'countersign devices list' shows it; udp:127.0.0.1:8111 for one that speaks \
                CTAPHID over UDP; or emulator:FILE for one in software that keeps its state in FILE.
                """,
            valueName: "path"))
    var device: String?

    @Option(
        help: ArgumentHelp(
            "The smart card, in the place of a security key.",
            discussion: """
                A reader's name, as 'countersign cards list' shows it; or emulator:FILE for a card in software that \
                keeps its state in FILE.
                """,
            valueName: "reader"))
    var card: String?

    func validate() throws {
        guard (device == nil) != (card == nil) else {
            throw ValidationError("Name one authenticator, with --device or with --card.")
        }
    }

    /// What was named, as people know it.
    var place: String { device ?? card ?? "" }

    /// The authenticator.
    func open() throws -> Choice {
        if let card { return .card(try CardAccess.open(card)) }
        return .key(try SecurityKeyAccess.open(DevicePath(device ?? "")))
    }
}
