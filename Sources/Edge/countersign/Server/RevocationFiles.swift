import Cryptography
import Foundation
import Logging
import Synchronization
import VerificationCore

/// The revocation lists of the configuration, which authorities renew while the server runs.
final class RevocationFiles: Sendable {
    private struct Contents {
        var lists: [RevocationList]
        var bytes: [[UInt8]]
    }

    private let paths: [String]
    private let contents: Mutex<Contents>

    /// Reads the files, in DER or PEM.
    init(paths: [String]) throws(CommandFailure) {
        self.paths = paths
        contents = Mutex(try Self.read(paths))
    }

    /// What to check certificates against now.
    var policy: RevocationPolicy { .required(lists: contents.withLock(\.lists)) }

    /// Takes in what has changed. Where a file cannot be read the lists stay as they were; once they are out of date
    /// nobody gets in by them.
    func refresh(logger: Logger) {
        do throws(CommandFailure) {
            let read = try Self.read(paths)
            let isNew = contents.withLock { contents in
                let isNew = contents.bytes != read.bytes
                if isNew { contents = read }
                return isNew
            }
            if isNew { logger.info("revocation lists were renewed") }
        } catch {
            logger.error("revocation lists stay as they were: \(error.problem)")
        }
    }

    private static func read(_ paths: [String]) throws(CommandFailure) -> Contents {
        var contents = Contents(lists: [], bytes: [])
        for path in paths {
            guard let data = FileManager.default.contents(atPath: path) else {
                throw CommandFailure(
                    .configuration, "the revocation list \(path) cannot be read")
            }
            do throws(CryptographyError) {
                contents.lists += try RevocationList.decodeAll(Array(data))
            } catch {
                throw CommandFailure(
                    .configuration, "\(path) is not a revocation list in DER or PEM")
            }
            contents.bytes.append(Array(data))
        }
        return contents
    }
}
