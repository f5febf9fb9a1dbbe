import Foundation
import Synchronization

/// The program under test, as it was built beside the tests.
struct Program {
    /// What a run came to.
    struct Outcome {
        let status: Int32
        let output: String
        let complaints: String
    }

    /// The folder of build products: the tests' own.
    static let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    static let path = products.appendingPathComponent("countersign").path

    /// Runs a command to its end.
    static func run(
        _ arguments: [String], executable: String = path, environment: [String: String] = [:],
        input: String = ""
    ) async throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (output, complaints, stdin) = (Pipe(), Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = complaints
        process.standardInput = stdin
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        async let said = Self.text(of: output)
        async let complained = Self.text(of: complaints)
        let (first, second) = (await said, await complained)
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: first, complaints: second)
    }

    private static func text(of pipe: Pipe) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let data = pipe.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
    }
}

/// A command that runs until it is told to end: a server, or a software key.
final class RunningProgram {
    private let process = Process()

    /// Starts a command and waits until what it says on standard error contains `readiness`, or it has ended.
    init(_ arguments: [String], readiness: String) async throws {
        let complaints = Pipe()
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = arguments
        process.standardError = complaints
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        try process.run()
        announcement = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var text = ""
                while !text.contains(readiness) {
                    let data = complaints.fileHandleForReading.availableData
                    if data.isEmpty { break }
                    text += String(decoding: data, as: UTF8.self)
                }
                continuation.resume(returning: text)
            }
        }
        // Whatever it says later must not fill the pipe.
        complaints.fileHandleForReading.readabilityHandler = { [transcript] handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            transcript.append(data)
        }
    }

    private let transcript = Transcript()

    /// Waits until it has said `phrase` after ``announcement``; `false` where it ends without.
    func says(_ phrase: String) async -> Bool { await transcript.contains(phrase) }

    /// What it said until then.
    let announcement: String

    var processIdentifier: Int32 { process.processIdentifier }

    /// Asks it to end, and waits. Returns its exit status.
    @discardableResult
    func end() -> Int32 {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Waits until it ends by itself. Returns its exit status.
    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Kills it on the spot.
    func killNow() {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    deinit { if process.isRunning { killNow() } }
}

/// What a command says, and who waits for something in it.
private final class Transcript: Sendable {
    private struct State {
        var text = ""
        var isOver = false
        var waiting: [(phrase: String, continuation: CheckedContinuation<Bool, Never>)] = []

        /// Answers those whose wait is over.
        mutating func settle() {
            waiting.removeAll { phrase, continuation in
                let isThere = text.contains(phrase)
                guard isThere || isOver else { return false }
                continuation.resume(returning: isThere)
                return true
            }
        }
    }

    private let state = Mutex(State())

    /// Takes what was said; nothing is the end.
    func append(_ data: Data) {
        state.withLock { state in
            state.text += String(decoding: data, as: UTF8.self)
            if data.isEmpty { state.isOver = true }
            state.settle()
        }
    }

    func contains(_ phrase: String) async -> Bool {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                state.waiting.append((phrase, continuation))
                state.settle()
            }
        }
    }
}

/// A folder that is gone when the test is over.
final class Scratch {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("cs-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
