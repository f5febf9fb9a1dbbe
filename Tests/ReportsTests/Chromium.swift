import Foundation
import Testing

/// The browser of the system, without a window and without a profile of anybody's.
enum Chromium {
    static let path = "/usr/bin/chromium"

    struct Failure: Error { let status: Int32 }

    /// Opens a file to its end and returns the document as the browser then has it.
    static func document(of file: String, in folder: String) throws -> String {
        try run(["--dump-dom", "--timeout=4000", "file://" + file], in: folder)
    }

    /// Draws a file as a picture of this size.
    static func picture(
        of file: String, to picture: String, width: Int, height: Int, isDark: Bool = false,
        in folder: String
    ) throws {
        _ = try run(
            ["--screenshot=\(picture)", "--hide-scrollbars", "--window-size=\(width),\(height)"]
                + (isDark ? ["--blink-settings=preferredColorScheme=0"] : []) + ["file://" + file],
            in: folder)
    }

    private static func run(_ arguments: [String], in folder: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--user-data-dir=\(folder)/profile",
            ] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.environment = ProcessInfo.processInfo.environment.merging(["HOME": folder]) { $1 }
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(status: process.terminationStatus)
        }
        return String(decoding: data, as: UTF8.self)
    }
}

/// A folder that is gone when the test is over.
final class Scratch {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory.appendingPathComponent(
                "cs-report-\(UUID().uuidString)"
            ).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
