import Authenticators
import Emulators
import Foundation
import ISO7816
import SmartCards
import TestSupport
import Testing

/// What happens at readers, at a PC/SC service of the tests' own.
@Suite(.enabled(if: CardService.isWanted, "\(CardService.absence)")) struct ReaderTests {
    @Test func `lists the readers and what is in them`() async throws {
        try await ServiceTurn.shared.with { service in
            let reader = VirtualReader(service)
            try await reader.waitUntilEmpty()
            let card = try SoftwareCard()
            let connection = try await reader.insert(card)
            let listed = try await CardReader.attached()
            #expect(
                listed == [
                    CardReader(
                        name: service.reader(0), slot: .card(answerToReset: card.answerToReset)),
                    CardReader(name: service.reader(1), slot: .empty),
                ])
            await connection.stop()
        }
    }

    @Test func `tells of cards that come and go`() async throws {
        try await ServiceTurn.shared.with { service in
            let reader = VirtualReader(service)
            try await reader.waitUntilEmpty()
            var changes = CardReader.changes.makeAsyncIterator()
            for number in 0..<2 {
                let empty = CardReader(name: service.reader(number), slot: .empty)
                #expect(try await changes.next() == .readerAdded(empty))
            }
            for configuration in [SoftwareCard.Configuration(), .init(lengths: .extended)] {
                let card = try SoftwareCard(configuration: configuration)
                let connection = try await reader.insert(card)
                let inserted = CardReaderChange.cardInserted(
                    reader: reader.name, answerToReset: card.answerToReset)
                #expect(try await changes.next() == inserted)
                await connection.stop()
                #expect(try await changes.next() == .cardRemoved(reader: reader.name))
            }
        }
    }

    @Test func `stops to tell when the task is cancelled`() async throws {
        try await ServiceTurn.shared.with { _ in
            let (seen, isSeen) = AsyncStream.makeStream(of: Void.self)
            let watching = Task {
                var count = 0
                for try await _ in CardReader.changes {
                    count += 1
                    if count == CardService.readerCount { isSeen.yield() }
                }
                return count
            }
            for await _ in seen { break }
            watching.cancel()
            let count = try await watching.value
            #expect(count == CardService.readerCount)
        }
    }

    @Test func `can be given up at any moment`() async throws {
        try await ServiceTurn.shared.with { _ in
            for _ in 0..<20 {
                let watching = Task {
                    for try await _ in CardReader.changes {}
                }
                watching.cancel()
                try await watching.value
            }
            for _ in 0..<20 {
                for try await _ in CardReader.changes { break }
            }
        }
    }

    @Test func `says so when the service ends, and finds it again`() async throws {
        try await ServiceTurn.shared.with { service in
            let reader = VirtualReader(service)
            try await reader.waitUntilEmpty()
            let (seen, isSeen) = AsyncStream.makeStream(of: Void.self)
            let watching = Task {
                for try await _ in CardReader.changes { isSeen.yield() }
            }
            for await _ in seen { break }
            service.stop()
            let gone = AuthenticatorFailure.serviceNotRunning(name: "pcscd")
            await #expect(throws: gone) { try await watching.value }
            await #expect(throws: gone) { _ = try await CardReader.attached() }
            await #expect(throws: gone) {
                try await SmartCardDevice(path: .reader(name: reader.name)).describe()
            }
            await #expect(throws: gone) { for try await _ in CardReader.changes {} }
            try service.start()
            let listed = try await CardReader.attached()
            #expect(listed.count == CardService.readerCount)
        }
    }

    @Test func `there is no reader of that name`() async throws {
        try await ServiceTurn.shared.with { _ in
            let device = try SmartCardDevice(path: .reader(name: "nowhere"))
            await #expect(throws: AuthenticatorFailure.notFound(path: "pcsc:nowhere")) {
                try await device.describe()
            }
        }
    }

    @Test(.enabled(if: OtherProgram.isHere, "opensc-tool is not installed"))
    func `another program resets the card while the PIN is awaited`() async throws {
        try await Rig.with(.service) { rig in
            let key = try await rig.enrol()
            let reader = try #require(rig.reader).name
            let socket = try CardService.shared.get().socket
            let statuses = AsyncStream.makeStream(of: Int32.self)
            let interaction = Interaction(
                report: { _ in },
                pin: { _ in
                    statuses.continuation.yield(OtherProgram.reset(reader, at: socket))
                    return PIN(Rig.pin)
                })
            let answer = try await rig.device.authenticate(
                Sample.authentication([key.keyIdentifier]), interaction: interaction)
            #expect(try key.verifies(answer))
            statuses.continuation.finish()
            for await status in statuses.stream { #expect(status == 0) }
        }
    }
}

/// A program that uses the card too.
private enum OtherProgram {
    private static let path = "/usr/bin/opensc-tool"

    static var isHere: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// Resets the card in a reader. Gives the exit status.
    static func reset(_ reader: String, at socket: String) -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = ["--reader", reader, "--reset"]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["PCSCLITE_CSOCK_NAME": socket]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            return -1
        }
        process.waitUntilExit()
        return process.terminationStatus
    }
}
