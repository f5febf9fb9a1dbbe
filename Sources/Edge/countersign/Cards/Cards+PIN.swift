import ArgumentParser
import Authenticators
import SmartCards

extension Cards {
    struct ChangePIN: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pin", abstract: "Change a card's PIN, or set a new one by its PUK.")

        @Argument(help: "The card: its reader, or emulator:FILE.")
        var card: String

        @Flag(help: "Set a new PIN in the place of a blocked or forgotten one; this takes the PUK.")
        var unblock = false

        func run() async throws {
            try await reporting {
                let device = try CardAccess.open(card)
                if unblock {
                    let puk = try Terminal.demandPIN("PUK of the card: ")
                    let new = try Terminal.newPIN("New PIN")
                    try await device.unblockPIN(puk: puk, newPIN: new)
                } else {
                    let old = try Terminal.demandPIN("PIN of the card: ")
                    let new = try Terminal.newPIN("New PIN")
                    try await device.changePIN(from: old, to: new)
                }
                Terminal.say("The card has the new PIN.")
            }
        }
    }

    struct ChangePUK: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "puk", abstract: "Change a card's PUK, which unblocks its PIN.")

        @Argument(help: "The card: its reader, or emulator:FILE.")
        var card: String

        func run() async throws {
            try await reporting {
                let device = try CardAccess.open(card)
                let old = try Terminal.demandPIN("PUK of the card: ")
                let new = try Terminal.newPIN("New PUK")
                try await device.changePUK(from: old, to: new)
                Terminal.say("The card has the new PUK.")
            }
        }
    }
}

extension Terminal {
    /// Asks for a PIN that the command cannot do without.
    fileprivate static func demandPIN(_ prompt: String) throws(AuthenticatorFailure) -> PIN {
        guard let pin = readPIN(prompt: prompt) else { throw .pinNotGiven }
        return pin
    }

    /// Asks twice for a new PIN, since nobody sees what is typed.
    fileprivate static func newPIN(_ name: String) throws -> PIN {
        let new = try demandPIN("\(name): ")
        guard try new.isEqual(to: demandPIN("\(name) again: ")) else {
            throw CommandFailure(
                .refused, "the two are not the same", advice: "Nothing was changed.")
        }
        return new
    }
}
