import Authenticators
import Emulators
import Foundation
import SmartCards
import TestSupport
import Testing

/// A way to reach a software card: all of them must pass the same suite.
enum Reach: Sendable, Hashable, CustomTestStringConvertible {
    case inProcess
    case service

    /// The ways that there are on this machine.
    static let available: [Reach] = CardService.isWanted ? [.inProcess, .service] : [.inProcess]

    var testDescription: String {
        switch self {
        case .inProcess: "in process"
        case .service: "through pcscd and vpcd"
        }
    }
}

extension CardService {
    /// Whether what needs the service is to be tested. Where the service is missing it is skipped and says so; on
    /// continuous integration it runs, and fails.
    static let isWanted = ProcessInfo.processInfo.environment["CI"] == "true" || isHere
}

/// Whose turn it is at the tests' PC/SC service: vpcd's driver mixes up what two readers do at the same time.
actor ServiceTurn {
    static let shared = ServiceTurn()

    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Runs `body` with the service for itself.
    func with<Value: Sendable>(
        _ body: @Sendable (CardService) async throws -> Value
    ) async throws -> Value {
        while isTaken {
            await withCheckedContinuation { waiting.append($0) }
        }
        isTaken = true
        defer {
            isTaken = false
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
        return try await body(CardService.shared.get())
    }
}

/// A software card in a reader of the tests' PC/SC service.
struct VirtualReader {
    let name: String
    private let port: Int

    init(_ service: CardService, _ number: Int = 0) {
        name = service.reader(number)
        port = service.port(number)
    }

    /// Puts a card in, and waits until the service has seen it.
    func insert(_ card: SoftwareCard) async throws -> SoftwareCardVPCDClient {
        let connection = try await SoftwareCardVPCDClient.start(card, port: port)
        try await wait { $0 == .card(answerToReset: card.answerToReset) }
        return connection
    }

    /// Waits until the service has seen that the reader is empty.
    func waitUntilEmpty() async throws {
        try await wait { $0 == .empty }
    }

    private func wait(until isReached: (CardReader.Slot) -> Bool) async throws {
        for try await change in CardReader.changes {
            let slot: CardReader.Slot? =
                switch change {
                case .readerAdded(let reader) where reader.name == name: reader.slot
                case .cardInserted(name, let answer): .card(answerToReset: answer)
                case .cardRemoved(name): .empty
                default: nil
                }
            if let slot, isReached(slot) { return }
        }
    }
}
