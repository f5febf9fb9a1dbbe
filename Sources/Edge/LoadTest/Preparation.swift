import Cryptography
import Emulators
import Encoding
import LineProtocol
import NIOCore
import WebAuthn

/// Prepares a round: asks for its challenges, signs them and encodes the requests, so that the timed part has nothing
/// to do but to send and to read.
struct Preparation: Sendable {
    let plan: LoadPlan
    let connections: [BatchConnection]

    /// A round that is ready.
    struct Round: Sendable {
        /// For each connection, its requests.
        var batches: [Batch]
        /// How long the challenges live, in milliseconds, from before they were asked for.
        var lifetime: Int
    }

    private struct Challenge: Sendable {
        var transaction: String
        var bytes: [UInt8]
        var lifetime: Int
    }

    /// One request of the round.
    private struct Slot: Sendable {
        var connection: Int
        var number: Int
        var credential: Int
        var id: RequestID
    }

    /// Prepares the requests for these credentials, for each connection in the order of sending. The credentials count
    /// on.
    func prepare(
        _ round: [[Int]], with credentials: inout [SoftwareCredential], firstID: Int,
        counter: ReplyCounter
    ) async throws(LoadTestError) -> Round {
        let jobs = round.enumerated().map { (connection: $0.offset, credentials: $0.element) }
        let challenges = try await inParallel(jobs, lanes: jobs.count) {
            (job) async throws(LoadTestError) -> [Challenge] in
            try await challenge(job.credentials, over: connections[job.connection])
        }
        let signed = try await sign(round, challenges, &credentials, firstID: firstID)
        let batches = zip(round, signed).map { (indices, requests) in
            let users = indices.map { Array(plan.userName($0).utf8) }
            var batch = Batch(firstID: firstID, purpose: .measure(users: users), counter: counter)
            for request in requests { batch.append(request) }
            return batch
        }
        let lifetimes = challenges.flatMap { $0.map(\.lifetime) }
        return Round(batches: batches, lifetime: lifetimes.min() ?? 0)
    }

    // MARK: Challenges

    /// A challenge for each credential; a busy server is asked again for what it shed.
    private func challenge(
        _ credentials: [Int], over connection: BatchConnection
    ) async throws(LoadTestError) -> [Challenge] {
        var challenges: [Challenge?] = Array(repeating: nil, count: credentials.count)
        var missing = Array(credentials.indices)
        var attempt = 0
        while !missing.isEmpty {
            var batch = Batch(firstID: 0, purpose: .collect)
            for index in missing {
                let line = try requestLine(
                    "CHALLENGE", [plan.userName(credentials[index])],
                    ["kind": "webauthn", "rp": plan.relyingPartyID.text, "uv": "required"])
                batch.append(line.encoded(id: batch.nextID))
            }
            let depth = max(1, min(connection.window, 64))
            let outcome = try await connection.run(
                batch,
                window: SendWindow(
                    requests: missing.count, depth: depth, span: max(depth, missing.count),
                    pace: .closedLoop))
            for (index, reply) in zip(missing, outcome.replies) {
                guard reply.word != .busy || attempt >= 10 else { continue }
                challenges[index] = try Self.challenge(in: reply)
            }
            missing = missing.filter { challenges[$0] == nil }
            attempt += 1
            if !missing.isEmpty { try await pause(attempt) }
        }
        return challenges.compactMap { $0 }
    }

    private static func challenge(in reply: Reply) throws(LoadTestError) -> Challenge {
        guard reply.isSuccess else { throw .refused(request: "CHALLENGE", reply) }
        guard let transaction = reply["txn"], let text = reply["challenge"],
            let bytes = try? Base64URL.decode(text)
        else { throw .unexpectedReply(request: "CHALLENGE", missing: "txn and challenge") }
        guard let lifetime = reply["timeout"].flatMap(Int.init), (1...86_400_000).contains(lifetime)
        else {
            throw .unexpectedReply(request: "CHALLENGE", missing: "timeout")
        }
        return Challenge(transaction: transaction, bytes: bytes, lifetime: lifetime)
    }

    // MARK: Signatures

    /// Signs on all cores. A credential is signed with on one of them, in the order of its requests, so that its
    /// counter goes up in the order in which they are sent.
    private func sign(
        _ round: [[Int]], _ challenges: [[Challenge]],
        _ credentials: inout [SoftwareCredential], firstID: Int
    ) async throws(LoadTestError) -> [[[UInt8]]] {
        let lanes = max(1, System.coreCount)
        var shares: [[Slot]] = Array(repeating: [], count: lanes)
        for (connection, indices) in round.enumerated() {
            for (number, credential) in indices.enumerated() {
                let id = RequestID(number: UInt64(firstID + number))
                shares[credential % lanes].append(
                    Slot(connection: connection, number: number, credential: credential, id: id))
            }
        }
        let signers = credentials
        let results = try await inParallel(shares, lanes: lanes) {
            (slots) async throws(LoadTestError) -> (
                lines: [[UInt8]], used: [Int: SoftwareCredential]
            )
            in
            var used: [Int: SoftwareCredential] = [:]
            var lines: [[UInt8]] = []
            lines.reserveCapacity(slots.count)
            for slot in slots {
                if Task.isCancelled { throw .cancelled }
                let challenge = challenges[slot.connection][slot.number]
                lines.append(
                    try assertion(
                        slot, challenge, &used[slot.credential, default: signers[slot.credential]]))
            }
            return (lines, used)
        }
        var requests = round.map { Array(repeating: [UInt8](), count: $0.count) }
        for (slots, result) in zip(shares, results) {
            for (slot, line) in zip(slots, result.lines) {
                requests[slot.connection][slot.number] = line
            }
            for (index, credential) in result.used { credentials[index] = credential }
        }
        return requests
    }

    private func assertion(
        _ slot: Slot, _ challenge: Challenge, _ credential: inout SoftwareCredential
    ) throws(LoadTestError) -> [UInt8] {
        let clientData = ClientData(type: .get, challenge: challenge.bytes, origin: plan.origin)
            .encoded()
        let data: [UInt8]
        let signature: [UInt8]
        do throws(EmulatorError) {
            (data, signature) = try credential.sign(clientDataHash: SHA256.hash(clientData))
        } catch {
            throw .emulator(error)
        }
        return try requestLine(
            "ASSERT", [challenge.transaction],
            [
                "cred": credential.id.text, "cdj": Base64URL.encode(clientData),
                "ad": Base64URL.encode(data), "sig": Base64URL.encode(signature),
                "uh": credential.userHandle.text,
            ]
        ).encoded(id: slot.id)
    }
}
