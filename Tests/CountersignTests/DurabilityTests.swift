import CredentialStore
import Foundation
import LineClient
import LineProtocol
import Synchronization
import Testing

/// Yes is said once, and only for what is on disk.
@Suite struct DurabilityTests {
    @Test(.timeLimit(.minutes(5)))
    func `six copies of one answer on six connections give one yes, a hundred times`() async throws {
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
        let acknowledged = Mutex<[(credential: [UInt8], counter: UInt32)]>([])
        await withTaskGroup(of: Void.self) { group in
            for member in members {
                group.addTask {
                    // Ends when the server is gone.
                    _ = try? await Self.signIn(member, to: server.socket) { counter in
                        let count = acknowledged.withLock { list in
                            list.append((member.credential.id.bytes, counter))
                            return list.count
                        }
                        if count == 400 { server.program.signal(SIGKILL) }
                    }
                }
            }
        }
        server.program.killNow()
        let promised = acknowledged.withLock { $0 }
        #expect(promised.count >= 400)

        let rows = try server.signIns().filter(\.isAccepted)
        let found = Set(rows.map { Row(credential: $0.credentialID, counter: $0.signatureCounter) })
        for item in promised {
            #expect(found.contains(Row(credential: item.credential, counter: item.counter)))
        }
        // A counter that was acknowledged is never behind, and whoever signed in can go on.
        try await server.startAgain()
        let connection = try await server.connect()
        for member in members {
            var later = member
            let highest = promised.filter { $0.credential == member.credential.id.bytes }
                .map(\.counter).max() ?? 0
            while later.credential.signatureCounter + 1 < highest {
                _ = try later.credential.sign(clientDataHash: [])
            }
            let stale = try await later.answer(on: connection)
            #expect(try await connection.request(stale).word == .no)
        }
        #expect(server.program.end() == 0)
    }

    private struct Row: Hashable {
        let credential: [UInt8]?
        let counter: UInt32?
    }

    /// Signs in time after time, and reports each counter that was acknowledged.
    private static func signIn(
        _ member: Member, to socket: String, acknowledge: @Sendable (UInt32) -> Void
    ) async throws {
        let connection = try await LineConnection.connect(
            to: .socket(path: socket), mode: .oneAtATime, credentials: nil, agent: "tests",
            on: .singletonMultiThreadedEventLoopGroup, timeout: .seconds(10))
        var member = member
        while true {
            let answer = try await member.answer(on: connection)
            let reply = try await connection.request(answer)
            guard reply.isSuccess else { return }
            acknowledge(member.credential.signatureCounter)
        }
    }
}
