import Foundation
import Testing

/// A program that others wrote and that judges our pictures. Where it is missing its tests are skipped and say so; on
/// continuous integration they run, and fail.
enum ReadingProgram {
    static let mustBePresent = ProcessInfo.processInfo.environment["CI"] == "true"

    static func isHere(_ name: String) -> Bool {
        mustBePresent || FileManager.default.isExecutableFile(atPath: "/usr/bin/\(name)")
    }

    /// What the program prints, given files of its own folder. The folder is gone afterwards.
    static func output(
        of name: String, _ arguments: [String], files: [String: [UInt8]],
        returning result: String? = nil
    ) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (file, content) in files {
            try Data(content).write(to: folder.appendingPathComponent(file))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/\(name)")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardError = FileHandle.nullDevice
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard let result else { return Array(output) }
        return Array(try Data(contentsOf: folder.appendingPathComponent(result)))
    }

    /// The text of the QR codes in a picture, a line each.
    static func read(_ picture: [UInt8], as file: String) throws -> String {
        String(
            decoding: try output(
                of: "zbarimg", ["--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", file],
                files: [file: picture]), as: UTF8.self)
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where a program is not installed.
    static func needs(_ program: String) -> Self {
        .enabled(if: ReadingProgram.isHere(program), "\(program) is not installed")
    }
}
