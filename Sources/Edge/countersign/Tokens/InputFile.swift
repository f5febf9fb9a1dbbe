import Foundation
import OATH

/// Files that commands are told to read.
enum InputFile {
    /// The bytes of a file, or for `-` of standard input: no more than the largest batch and one byte, by which a decoder
    /// tells that there is too much.
    static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        do {
            let handle =
                path == "-"
                ? FileHandle.standardInput
                : try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            var content: [UInt8] = []
            while content.count <= BatchLimits.bytes,
                let part = try handle.read(upToCount: BatchLimits.bytes + 1 - content.count),
                !part.isEmpty
            {
                content += part
            }
            return content
        } catch {
            throw CommandFailure(.configuration, "\(path) cannot be read")
        }
    }
}
