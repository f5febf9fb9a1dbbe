import Cryptography
import Foundation
import Glibc

/// The folder that a server keeps its database and its secret in. Nobody else may read it.
struct DataFolder {
    let path: String

    var database: String { path + "/countersign.sqlite" }

    /// Takes the folder, and makes it where there is none.
    init(path: String) throws(CommandFailure) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                .configuration, "the folder \(path) cannot be made",
                advice: "Make it yourself, or give another with --data.")
        }
        var status = stat()
        guard unsafe stat(path, &status) == 0, Self.isPrivate(status) else {
            throw CommandFailure(
                .configuration, "others own the folder \(path) or can read it",
                advice: "Run 'chmod 700 \(path)', or give another with --data.")
        }
        // What is made in it from here on is nobody else's either.
        umask(0o077)
    }

    /// Whether a file or folder is this user's, and nobody else's to read or write.
    private static func isPrivate(_ status: stat) -> Bool {
        status.st_uid == geteuid() && status.st_mode & 0o077 == 0
    }

    /// The secret that challenges are sealed with, 32 bytes; made at the first start. It is no part of the database, so
    /// that a copy of that seals nothing.
    func secret() throws(CommandFailure) -> [UInt8] {
        let file = path + "/secret.key"
        let descriptor = unsafe open(
            file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .configuration, "\(file) cannot be opened", advice: "Check who owns it.")
        }
        defer { close(descriptor) }
        var status = stat()
        guard
            unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            Self.isPrivate(status)
        else {
            throw CommandFailure(
                .configuration, "others own \(file) or can read it",
                advice: "Run 'chmod 600 \(file)'.")
        }
        var bytes = [UInt8](repeating: 0, count: 33)
        let count = unsafe read(descriptor, &bytes, 33)
        if count == 32 { return Array(bytes.prefix(32)) }
        guard count == 0 else {
            throw CommandFailure(
                .configuration, "\(file) is damaged: it should have 32 bytes",
                advice: "Remove it to have a new one; challenges that are under way will fail.")
        }
        let secret = SecureRandom.bytes(32)
        guard unsafe write(descriptor, secret, 32) == 32, fsync(descriptor) == 0 else {
            throw CommandFailure(.configuration, "\(file) cannot be written")
        }
        return secret
    }
}
