import Cryptography
import Emulators
import Encoding
import LineProtocol
import WebAuthn

/// Emulated security keys.
struct WebAuthnMethod: LoadMethod {
    let relyingPartyID: RelyingPartyID
    let origin: String

    /// A challenge that was issued.
    struct Ticket: Sendable {
        var transaction: String
        var challenge: [UInt8]
        /// In milliseconds.
        var lifetime: Int
    }

    /// A challenge for each user; a busy server is asked again for what it shed.
    func tickets(
        for users: [String], over connection: BatchConnection
    ) async throws(LoadTestError) -> [Ticket] {
        var tickets: [Ticket?] = Array(repeating: nil, count: users.count)
        var missing = Array(users.indices)
        var attempt = 0
        while !missing.isEmpty {
            var batch = Batch(firstID: 0, purpose: .collect)
            for index in missing {
                let line = try requestLine(
                    "CHALLENGE", [users[index]],
                    ["kind": "webauthn", "rp": relyingPartyID.text, "uv": "required"])
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
                tickets[index] = try Self.ticket(in: reply)
            }
            missing = missing.filter { tickets[$0] == nil }
            attempt += 1
            if !missing.isEmpty { try await pause(attempt) }
        }
        return tickets.compactMap { $0 }
    }

    private static func ticket(in reply: Reply) throws(LoadTestError) -> Ticket {
        guard reply.isSuccess else { throw .refused(request: "CHALLENGE", reply) }
        guard let transaction = reply["txn"], let text = reply["challenge"],
            let challenge = try? Base64URL.decode(text)
        else { throw .unexpectedReply(request: "CHALLENGE", missing: "txn and challenge") }
        guard let lifetime = reply["timeout"].flatMap(Int.init), (1...86_400_000).contains(lifetime)
        else {
            throw .unexpectedReply(request: "CHALLENGE", missing: "timeout")
        }
        return Ticket(transaction: transaction, challenge: challenge, lifetime: lifetime)
    }

    func lifetime(of ticket: Ticket) -> Int? { ticket.lifetime }

    /// Signs. The counter goes up, and stays up for what is not sent: authenticators leave gaps too.
    func request(
        of user: String, with credential: inout SoftwareCredential, _ ticket: Ticket
    ) throws(LoadTestError) -> RequestLine {
        let clientData = ClientData(type: .get, challenge: ticket.challenge, origin: origin)
            .encoded()
        let data: [UInt8]
        let signature: [UInt8]
        do throws(EmulatorError) {
            (data, signature) = try credential.sign(clientDataHash: SHA256.hash(clientData))
        } catch {
            throw .emulator(error)
        }
        return try requestLine(
            "ASSERT", [ticket.transaction],
            [
                "cred": credential.id.text, "cdj": Base64URL.encode(clientData),
                "ad": Base64URL.encode(data), "sig": Base64URL.encode(signature),
                "uh": credential.userHandle.text,
            ])
    }

    /// OpenSSL's verification of P-256 signatures over the bytes of an assertion, each with its hash.
    func baseline() throws(LoadTestError) -> Baseline {
        var samples: [(key: PublicKey, message: [UInt8], signature: [UInt8])] = []
        do throws(CryptographyError) {
            for _ in 0..<16 {
                let key = try P256PrivateKey()
                // Authenticator data and the hash of client data: 37 and 32 bytes.
                let message = SecureRandom.bytes(69)
                samples.append((key.publicKey, message, try key.signature(for: message)))
            }
        } catch {
            throw .cryptography(code: error.code)
        }
        return Baseline(name: "OpenSSL P-256", unit: "verifications") { [samples] in
            for sample in samples {
                let isValid = sample.key.isValidSignature(
                    sample.signature, for: sample.message, scheme: .ecdsaSHA256)
                guard isValid else { return nil }
            }
            return samples.count
        }
    }
}
