import Foundation
import Testing

/// The Python with http-ece, pywebpush and py-vapid in it that `make test` installs. Where it is missing its tests are
/// skipped and say so; on continuous integration they run, and fail.
enum PushPeer {
    static let python: String? = {
        let environment = ProcessInfo.processInfo.environment
        guard let folder = environment["COUNTERSIGN_PEERS"] else {
            return environment["CI"] == "true" ? "/nonexistent/python" : nil
        }
        return "\(folder)/bin/python"
    }()

    /// A script beside these tests, started; its input stays open until the process is let go.
    static func start(
        _ script: String, _ arguments: [String]
    ) throws -> (process: Process, input: FileHandle, lines: AsyncStream<String>) {
        let process = Process()
        let input = Pipe()
        let output = Pipe()
        process.executableURL = URL(filePath: try #require(python))
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Peers/\(script)").path
        process.arguments = [path] + arguments
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        let reader = output.fileHandleForReading
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
        return (process, input.fileHandleForWriting, lines)
    }

    /// What a script prints, a line.
    static func line(of script: String, _ arguments: [String]) async throws -> String {
        let (process, input, lines) = try start(script, arguments)
        try input.close()
        // Until the output ends, so that the process ends by itself then.
        let all = await lines.reduce(into: []) { $0.append($1) }
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(all.count == 1)
        return try #require(all.first)
    }
}
