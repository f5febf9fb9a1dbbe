import Accounts
import CredentialStore
import Cryptography
import Emulators
import Encoding
import Foundation
import LineClient
import LineProtocol
import NIOPosix
import Testing
import WebAuthn

/// A server of the program's own, in a process of its own.
final class TestServer {
    let scratch: Scratch
    private(set) var program: RunningProgram
    private let arguments: [String]

    var socket: String { scratch.file("s.sock") }
    var database: String { scratch.file("data/countersign.sqlite") }

    init(options: [String] = []) async throws {
        scratch = try Scratch()
        arguments =
            [
                "serve", "--data", scratch.file("data"), "--socket", scratch.file("s.sock"), "--rp",
                "example.org",
            ] + options
        program = try await RunningProgram(arguments, readiness: "serves on")
        try #require(program.announcement.contains("serves on"), "\(program.announcement)")
    }

    func startAgain() async throws {
        program = try await RunningProgram(arguments, readiness: "serves on")
        try #require(program.announcement.contains("serves on"), "\(program.announcement)")
    }

    func connect() async throws -> LineConnection { try await Self.connect(to: socket) }

    /// Connects to the server at a socket.
    static func connect(to socket: String) async throws -> LineConnection {
        try await LineConnection.connect(
            to: .socket(path: socket), mode: .oneAtATime, credentials: nil, agent: "tests",
            on: MultiThreadedEventLoopGroup.singleton, timeout: .seconds(10))
    }

    /// The sign-in record, read after the server has ended.
    func signIns() throws -> [SignIn] {
        let store = try SQLiteStore(path: database)
        let rows = try store.signIns(limit: 100_000)
        try store.close()
        return rows
    }
}

extension LineConnection {
    func ask(
        _ verb: String, _ positionals: [String] = [], _ options: KeyValuePairs<String, String> = [:]
    ) async throws -> Reply {
        try await request(try RequestLine(verb, positionals, options))
    }
}

/// A user with a credential in software, who signs in over the wire.
struct Member {
    let name: String
    var credential: SoftwareCredential

    /// Adds a user and enrols a credential.
    init(_ name: String, on connection: LineConnection) async throws {
        self.name = name
        _ = try await connection.ask("USER ADD", [name])
        let begun = try await connection.ask("ENROLL BEGIN", [name], ["kind": "webauthn"])
        let options = try CreationOptions(
            decoding: Base64URL.decode(#require(begun["options"])))
        credential = try SoftwareCredential(
            relyingPartyID: options.relyingPartyID, userHandle: options.userHandle)
        let clientData = ClientData(
            type: .create, challenge: options.challenge, origin: "https://example.org"
        ).encoded()
        let object = try credential.attestationObject(
            .packedSelf, clientDataHash: SHA256.hash(clientData))
        let response = RegistrationResponse(
            credentialID: credential.id, clientDataJSON: clientData,
            attestationObject: object.encoded(), transports: [.usb])
        let finished = try await connection.ask(
            "ENROLL FINISH", [try #require(begun["txn"])],
            ["json": Base64URL.encode(response.encoded().utf8)])
        try #require(finished.isSuccess, "\(finished)")
    }

    /// Asks for a challenge and answers it; what is to be sent.
    mutating func answer(
        on connection: LineConnection, origin: String = "https://example.org"
    ) async throws -> RequestLine {
        let challenge = try await connection.ask("CHALLENGE", [name], ["kind": "webauthn"])
        let clientData = ClientData(
            type: .get, challenge: try Base64URL.decode(#require(challenge["challenge"])),
            origin: origin
        ).encoded()
        let (data, signature) = try credential.sign(clientDataHash: SHA256.hash(clientData))
        return try RequestLine(
            "ASSERT", [try #require(challenge["txn"])],
            [
                "cred": credential.id.text, "cdj": Base64URL.encode(clientData),
                "ad": Base64URL.encode(data), "sig": Base64URL.encode(signature),
            ])
    }
}
