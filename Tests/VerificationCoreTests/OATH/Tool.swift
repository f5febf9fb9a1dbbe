import Foundation
import Testing

/// A program that others wrote and a test needs. Where it is missing the test is skipped and says so; on continuous
/// integration it runs, and fails.
enum Tool {
    private static let mustBePresent = ProcessInfo.processInfo.environment["CI"] == "true"

    static func path(_ program: String) -> String { "/usr/bin/\(program)" }

    fileprivate static func has(_ program: String) -> Bool {
        mustBePresent || FileManager.default.isExecutableFile(atPath: path(program))
    }

    /// A program of ours, as it was built beside the tests.
    static func product(_ program: String) -> String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent(program).path
    }

    /// Whether tests and programs were built for release.
    static var isOptimised: Bool {
        #if DEBUG
            false
        #else
            true
        #endif
    }

    /// Runs a program to its end. Returns its exit status, or the signal that ended it plus 128, and all that it said.
    static func run(_ path: String, _ arguments: [String]) async throws -> (Int32, String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let data = output.fileHandleForReading.readDataToEndOfFile()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }
        }
        process.waitUntilExit()
        let wasKilled = process.terminationReason == .uncaughtSignal
        return (process.terminationStatus + (wasKilled ? 128 : 0), said)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where a program is not installed.
    static func needs(_ program: String) -> Self {
        .enabled(if: Tool.has(program), "\(program) is not installed")
    }
}
