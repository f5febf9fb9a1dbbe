import ArgumentParser
import Encoding
import SmartCards

struct Cards: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List smart cards, show what they are, and manage their PIN, PUK and keys.",
        discussion: """
            A card is named by its reader, as 'countersign cards list' shows it, or as emulator:FILE for one in \
            software. PINs are asked for on the terminal and never taken from the command line.
            """,
        subcommands: [
            List.self, Show.self, ChangePIN.self, ChangePUK.self, Generate.self, Attest.self,
            Import.self,
        ])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the card readers, and the cards in them.")

        @Flag(help: "Print JSON.")
        var json = false

        @Flag(help: "Go on, and tell of readers and cards that come and go.")
        var watch = false

        func validate() throws {
            guard !json || !watch else {
                throw ValidationError("--watch tells people; it does not go with --json.")
            }
        }

        func run() async throws {
            try await reporting {
                if watch {
                    for try await change in CardReader.changes { Terminal.say(change.text) }
                    return
                }
                let readers = try await CardReader.attached()
                if json {
                    Terminal.say(JSON.array(readers.map(\.json)).encoded())
                    return
                }
                if readers.isEmpty {
                    Terminal.say(
                        "No card reader is plugged in. 'emulator:FILE' names a card in software.")
                }
                for reader in readers { Terminal.say("\(reader.name)  \(reader.slot.text)") }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info",
            abstract: "Ask a card what it is, and look it up in the catalogue.")

        @Argument(help: "The card: its reader, or emulator:FILE.")
        var card: String

        @Flag(help: "Print JSON.")
        var json = false

        func run() async throws {
            try await reporting {
                let view = CardView(
                    report: try await CardAccess.open(card).report(),
                    catalogue: try RunningServer.loadCatalogue())
                Terminal.say(json ? view.json.encoded() : view.text)
            }
        }
    }
}

extension CardReader {
    fileprivate var json: JSON {
        var members: [String: JSON] = [
            "reader": .string(name), "state": .string(slot.word),
        ]
        if case .card(let answerToReset) = slot {
            members["atr"] = .string(Hex.encode(answerToReset))
        }
        return .object(members)
    }
}

extension CardReader.Slot {
    fileprivate var word: String {
        switch self {
        case .empty: "empty"
        case .card: "card"
        case .unresponsive: "unresponsive"
        case .unavailable: "unavailable"
        }
    }

    fileprivate var text: String {
        switch self {
        case .empty: "no card"
        case .card(let answerToReset): "card \(Hex.encode(answerToReset))"
        case .unresponsive: "a card that does not answer"
        case .unavailable: "the reader does not work"
        }
    }
}

extension CardReaderChange {
    fileprivate var text: String {
        switch self {
        case .readerAdded(let reader): "reader added    \(reader.name)  \(reader.slot.text)"
        case .readerRemoved(let name): "reader removed  \(name)"
        case .cardInserted(let reader, let answerToReset):
            "card inserted   \(reader)  \(Hex.encode(answerToReset))"
        case .cardUnresponsive(let reader): "card is mute    \(reader)"
        case .cardRemoved(let reader): "card removed    \(reader)"
        }
    }
}
