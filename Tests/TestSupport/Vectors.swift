import Foundation

/// Test vectors that others wrote. They are not part of this repository: the environment variable
/// `COUNTERSIGN_VECTORS` names their folder, or it is `../shared/vectors` beside the checkout.
public enum Vectors {
    /// Why a test that needs the vectors is skipped.
    public static let absence =
        "the vectors are not here: set COUNTERSIGN_VECTORS, or put them in ../shared/vectors"

    /// Whether the vectors are here.
    public static var arePresent: Bool { folder != nil }

    private static let folder: URL? = {
        let beside = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "../shared/vectors").standardizedFileURL
        let named = ProcessInfo.processInfo.environment["COUNTERSIGN_VECTORS"]
            .map { URL(filePath: $0) }
        let folder = named ?? beside
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    /// A file's bytes; none where the vectors are not here.
    public static func bytes(_ path: String) -> [UInt8] {
        guard let folder, let content = try? Data(contentsOf: folder.appending(path: path)) else {
            return []
        }
        return Array(content)
    }

    /// A file of one JSON value, or `nil` where the vectors are not here.
    public static func document<Value: Decodable>(_ path: String, as type: Value.Type) -> Value? {
        try? JSONDecoder().decode(Value.self, from: Data(bytes(path)))
    }

    /// A file of one JSON value a line; empty where the vectors are not here.
    ///
    /// A line that does not decode is left out, so tests count what they get.
    public static func lines<Value: Decodable>(_ path: String, as type: Value.Type) -> [Value] {
        bytes(path).split(separator: UInt8(ascii: "\n"))
            .compactMap { try? JSONDecoder().decode(Value.self, from: Data($0)) }
    }

    /// Seconds since 1970 of a time such as `2024-01-02T00:00:00Z`.
    public static func seconds(_ time: String) -> Int64? {
        (try? Date(time, strategy: .iso8601)).map { Int64($0.timeIntervalSince1970) }
    }
}
