import Accounts
import CredentialStore
import Emulators
import Foundation
import LineClient
import LineProtocol
import NIOPosix
import Synchronization
import Testing
import WebAuthn

/// Yes is said once, and only for what is on disk.
@Suite struct DurabilityTests {
    @Test(.timeLimit(.minutes(5)))
    func `six copies of one answer on six connections give one yes, a hundred times`() async throws
    {
        let server = try await TestServer()
        var connections: [LineConnection] = []
        for _ in 0..<6 { connections.append(try await server.connect()) }
        var member = try await Member("alice", on: connections[0])
        for round in 0..<100 {
            let answer = try await member.answer(on: connections[0])
            let yeses = try await withThrowingTaskGroup(of: Bool.self) { group in
                for connection in connections {
                    group.addTask { try await connection.request(answer).isSuccess }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(yeses == 1, "round \(round)")
        }
        #expect(server.program.end() == 0)
        let rows = try server.signIns()
        #expect(rows.count == 600)
        #expect(rows.filter(\.isAccepted).count == 100)
        #expect(Set(rows.filter { !$0.isAccepted }.map(\.reason)) == ["challenge-spent"])
    }

    @Test(.timeLimit(.minutes(5)))
    func `every acknowledged sign-in survives SIGKILL under load`() async throws {
        let server = try await TestServer()
        let first = try await server.connect()
        var members: [Member] = []
        for index in 0..<8 { members.append(try await Member("user\(index)", on: first)) }
        let (socket, process) = (server.socket, server.program.processIdentifier)
        let ledger = Ledger()
        await withTaskGroup(of: Void.self) { group in
            for member in members {
                group.addTask {
                    // Ends when the server is gone.
                    _ = try? await Self.signIn(member, to: socket) { counter in
                        let count = ledger.add(member.credential.id, counter)
                        if count == 400 { kill(process, SIGKILL) }
                    }
                }
            }
        }
        server.program.killNow()
        let promised = ledger.entries
        #expect(promised.count >= 400)

        let rows = try server.signIns().filter(\.isAccepted)
        let found = Set(
            rows.map { Entry(credential: $0.credentialID, counter: $0.signatureCounter) })
        #expect(Set(promised).subtracting(found) == [])
        // A counter that was acknowledged is never behind, and whoever signed in can go on.
        try await server.startAgain()
        let connection = try await server.connect()
        for member in members {
            var later = member
            let highest = try #require(
                promised.filter { $0.credential == member.credential.id.bytes }
                    .compactMap(\.counter).max())
            while later.credential.signatureCounter + 1 < highest {
                _ = try later.credential.sign(clientDataHash: [])
            }
            let stale = try await later.answer(on: connection)
            #expect(try await connection.request(stale).word == .no)
        }
        #expect(server.program.end() == 0)
    }

    private struct Entry: Hashable {
        let credential: [UInt8]?
        let counter: UInt32?
    }

    /// What was acknowledged, by whichever task heard it.
    private final class Ledger: Sendable {
        private let list = Mutex<[Entry]>([])

        var entries: [Entry] { list.withLock { $0 } }

        /// Adds an entry; returns how many there are.
        func add(_ credential: CredentialID, _ counter: UInt32) -> Int {
            list.withLock { list in
                list.append(Entry(credential: credential.bytes, counter: counter))
                return list.count
            }
        }
    }

    /// Signs in time after time, and reports each counter that was acknowledged.
    private static func signIn(
        _ member: Member, to socket: String, acknowledge: @Sendable (UInt32) -> Void
    ) async throws {
        let connection = try await LineConnection.connect(
            to: .socket(path: socket), mode: .oneAtATime, credentials: nil, agent: "tests",
            on: MultiThreadedEventLoopGroup.singleton, timeout: .seconds(10))
        var member = member
        while true {
            let answer = try await member.answer(on: connection)
            let reply = try await connection.request(answer)
            guard reply.isSuccess else { return }
            acknowledge(member.credential.signatureCounter)
        }
    }
}
