import Foundation
import Testing

/// Programs that others wrote and the tests need. Where one is missing its tests are skipped and say so; on continuous
/// integration they run, and fail.
enum Peer {
    static let mustBePresent = ProcessInfo.processInfo.environment["CI"] == "true"

    static func has(_ program: String) -> Bool {
        mustBePresent || path(program) != nil
    }

    static func path(_ program: String) -> String? {
        ["/usr/bin", "/bin"].map { "\($0)/\(program)" }
            .first(where: FileManager.default.isExecutableFile(atPath:))
    }

    /// The Python with python-fido2 in it that `make test` installs.
    static let python: String? = {
        guard let folder = ProcessInfo.processInfo.environment["COUNTERSIGN_PEERS"] else {
            return mustBePresent ? "/nonexistent/python" : nil
        }
        return "\(folder)/bin/python"
    }()

    /// A script beside these tests.
    static func script(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Peers/\(name)").path
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where a program is not installed.
    static func needs(_ program: String) -> Self {
        .enabled(if: Peer.has(program), "\(program) is not installed")
    }
}
