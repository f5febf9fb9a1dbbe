import Cryptography
import Foundation
import Logging
import Synchronization
import VerificationCore

/// The revocation lists of the configuration, which authorities renew while the server runs.
final class RevocationFiles: Sendable {
    /// A file as it was last read, and what was wrong with it since.
    private struct Source {
        let path: String
        var bytes: [UInt8]
        var lists: [RevocationList]
        var problem: String?
    }

    private let sources: Mutex<[Source]>

    /// Reads the files, in DER or PEM.
    init(paths: [String]) throws(CommandFailure) {
        var sources: [Source] = []
        for path in paths {
            let (bytes, lists) = try Self.read(path)
            sources.append(Source(path: path, bytes: bytes, lists: lists))
        }
        self.sources = Mutex(sources)
    }

    /// What to check certificates against now.
    var policy: RevocationPolicy { .required(lists: sources.withLock { $0.flatMap(\.lists) }) }

    /// Takes in what has changed, each file by itself. One that cannot be read counts as it last was, until it is out of
    /// date and nobody gets in by it.
    func refresh(logger: Logger) {
        let paths = sources.withLock { $0.map(\.path) }
        for (place, path) in paths.enumerated() {
            do throws(CommandFailure) {
                let (bytes, lists) = try Self.read(path)
                let isNew = sources.withLock { sources in
                    let isNew = sources[place].bytes != bytes
                    if isNew { sources[place].bytes = bytes }
                    if isNew { sources[place].lists = lists }
                    sources[place].problem = nil
                    return isNew
                }
                if isNew { logger.info("the revocation list \(path) was renewed") }
            } catch {
                let isNews = sources.withLock { sources in
                    let isNews = sources[place].problem != error.problem
                    sources[place].problem = error.problem
                    return isNews
                }
                if isNews { logger.error("\(error.problem); it counts as it was") }
            }
        }
    }

    private static func read(
        _ path: String
    ) throws(CommandFailure) -> (bytes: [UInt8], lists: [RevocationList]) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.configuration, "the revocation list \(path) cannot be read")
        }
        do throws(CryptographyError) {
            return (Array(data), try RevocationList.decodeAll(Array(data)))
        } catch {
            throw CommandFailure(
                .configuration, "\(path) is not a revocation list in DER or PEM")
        }
    }
}
