import Cryptography
import Encoding
import Foundation
import PhoneEmulator
import PushMessages
import Testing

/// The phone's endpoint against a sender that nobody here wrote: pywebpush encrypts, authorises and posts.
@Suite(
    .enabled(if: PythonPeer.python != nil, "COUNTERSIGN_PEERS names no Python"),
    .timeLimit(.minutes(2)))
struct WebPushPeerTests {
    @Test func `a prompt from pywebpush shows and is answered`() async throws {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let prompt = try office.prompt(registration)
        let line = try await PythonPeer.post(
            try office.press.sign(prompt).encoded(), to: registration, from: office.press.key)
        let endpoint = try #require(registration.subscription?.endpoint)
        let origin = try #require(endpoint.split(separator: "/push/").first)
        #expect(line == "201 \(origin)/messages/1")
        try await phone.run(person: .script([.approve], number: { _ in "60" }))
        var outcomes = phone.outcomes.makeAsyncIterator()
        #expect(await outcomes.next() == .shown(ShownPrompt(prompt: prompt, ordinal: 0)))
        #expect(await outcomes.next() == .answered(prompt.id, .approve, [.accepted]))
    }

    @Test func `another sender's is refused, and after the end of the subscription everybody's`()
        async throws
    {
        let office = try await PhoneOffice.start()
        let (phone, registration) = try await office.enrolled()
        let bytes = try office.press.sign(office.prompt(registration)).encoded()
        let stranger = try P256PrivateKey()
        #expect(try await PythonPeer.post(bytes, to: registration, from: stranger) == "403 -")
        phone.planEndpointFaults([.tooLarge, .tooMany(retryAfter: 5)])
        let own = office.press.key
        #expect(try await PythonPeer.post(bytes, to: registration, from: own) == "413 -")
        #expect(try await PythonPeer.post(bytes, to: registration, from: own) == "429 -")
        try await phone.unsubscribe(PhoneOffice.phoneID(registration))
        #expect(try await PythonPeer.post(bytes, to: registration, from: own) == "410 -")
    }
}

/// The phone against a server that was written from the documents of the formats, in another language.
@Suite(
    .enabled(if: PythonPeer.python != nil, "COUNTERSIGN_PEERS names no Python"),
    .timeLimit(.minutes(2)))
struct ServerPeerTests {
    @Test(arguments: [
        (PhoneAct.approve, ["decision 1 number 60 signed True prompt True"]),
        (.wrongNumber, ["decision 1 number 07 signed True prompt True"]),
        (.decline, ["decision 2 number - signed True prompt True"]),
        (.notMe, ["decision 3 number - signed True prompt True"]),
        (
            .twice,
            [
                "decision 1 number 60 signed True prompt True",
                "decision 1 number 60 signed True prompt True",
            ]
        ), (.forAnother, ["decision 1 number 60 signed True prompt False"]),
        (.forgeKey, ["decision 1 number 60 signed False prompt True"]),
        (.forgePrompt, ["decision 1 number 60 signed True prompt False"]),
    ])
    func `a server in Python sees what each act says`(
        _ act: PhoneAct, _ expected: [String]
    ) async throws {
        let (process, lines) = try PythonPeer.start("phone_server.py")
        defer { kill(process.processIdentifier, SIGKILL) }
        var iterator = lines.makeAsyncIterator()
        let ticket = try EnrolmentTicket(decoding: #require(await iterator.next()))
        var configuration = SoftwarePhone.Configuration()
        configuration.delivery = .poll
        let phone = try SoftwarePhone(configuration: configuration)
        #expect(try await phone.enrol(ticket).server == "Python's")
        let numbers = ShownNumbers()
        async let run: Void = phone.run(person: .script([act], numbers: numbers))
        numbers.show(try #require(await iterator.next()))
        try await run
        for line in expected { #expect(await iterator.next() == line) }
    }
}

/// The Python with pywebpush in it that `make test` installs. Where it is missing its tests are skipped and say so; on
/// continuous integration they run, and fail.
private enum PythonPeer {
    static let python: String? = {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment["COUNTERSIGN_PEERS"] else {
            return environment["CI"] == "true" ? "/nonexistent/python" : nil
        }
        return "\(folder)/bin/python"
    }()

    /// A script, started, and the lines that it prints.
    static func start(
        _ script: String, _ arguments: [String] = []
    ) throws -> (process: Process, lines: AsyncStream<String>) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: try #require(python))
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Peers/\(script)").path
        process.arguments = [path] + arguments
        process.standardOutput = output
        try process.run()
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        let reader = output.fileHandleForReading
        // Reading waits, and must not do so where tasks run.
        Thread.detachNewThread {
            var rest: [UInt8] = []
            while true {
                let chunk = reader.availableData
                guard !chunk.isEmpty else { return continuation.finish() }
                rest += chunk
                while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                    continuation.yield(String(decoding: rest[..<end], as: UTF8.self))
                    rest.removeSubrange(...end)
                }
            }
        }
        return (process, lines)
    }

    /// What the script prints about a message with these bytes.
    static func post(
        _ bytes: [UInt8], to registration: PhoneRegistration, from key: P256PrivateKey
    ) async throws -> String {
        let subscription = try #require(registration.subscription)
        let (process, lines) = try start(
            "push_prompt.py",
            [
                subscription.endpoint, Base64URL.encode(subscription.publicKey),
                Base64URL.encode(subscription.authenticationSecret),
                Hex.encode(key.rawRepresentation), Hex.encode(bytes),
            ])
        var iterator = lines.makeAsyncIterator()
        let line = await iterator.next()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return try #require(line)
    }
}
