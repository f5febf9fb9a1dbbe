import Foundation
import Glibc
import Secrets

/// The file of the keys that secrets at rest are sealed under. It is no part of the database, so that a copy of that opens
/// nothing.
struct KeyFile {
    let path: String
    /// Whether the server may write it: not where systemd hands it over.
    let isWritable: Bool

    /// Where the configuration says; or the credential `countersign-keys` of the unit; or in the data folder.
    init(configured: String?, folder: DataFolder) {
        if let configured {
            path = configured
            isWritable = true
        } else if let credentials = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"],
            FileManager.default.fileExists(atPath: credentials + "/countersign-keys")
        {
            path = credentials + "/countersign-keys"
            isWritable = false
        } else {
            path = folder.path + "/secrets.keys"
            isWritable = true
        }
    }

    /// What others may not do with the file. systemd hands a credential over as root's, readable by a group of nobody
    /// else's, and says by an access list who may read it.
    private var forbidden: mode_t { isWritable ? 0o077 : 0o037 }

    /// The keys; with a file that is not there yet, a fresh one, if `mayMake`.
    func load(mayMake: Bool) throws(CommandFailure) -> KeyRing {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard errno == ENOENT, isWritable else {
                throw CommandFailure(
                    .configuration, "\(path) cannot be opened", advice: "Check who owns it.")
            }
            guard mayMake else {
                throw CommandFailure(
                    .configuration,
                    "the key file \(path) is missing, and the database has secrets under its keys",
                    advice: "Restore it from its backup. Without it those secrets are lost.")
            }
            let ring = KeyRing()
            try replace(with: ring)
            return ring
        }
        defer { close(descriptor) }
        var status = stat()
        guard
            unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_uid == geteuid() || status.st_uid == 0,
            status.st_mode & forbidden == 0
        else {
            throw CommandFailure(
                .configuration, "others own \(path) or can read it",
                advice: "Run 'chmod 600 \(path)'.")
        }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        do throws(SecretError) {
            return try KeyRing(decoding: Array(bytes.prefix(max(0, count))))
        } catch {
            throw CommandFailure(
                .configuration, "\(path) is not a file of keys (\(error.code))",
                advice: "Restore it from its backup. Without it the secrets at rest are lost.")
        }
    }

    /// Puts other keys into the file. Once this returns they are on disk, whole and under its name; where it throws, the
    /// file has either the old keys or the new ones.
    func replace(with ring: KeyRing) throws(CommandFailure) {
        guard isWritable else {
            throw CommandFailure(
                .configuration, "the keys are a credential of the unit and cannot be changed here",
                advice: "Add a line to the credential, restart, and rotate again.")
        }
        let draft = path + ".new"
        unsafe unlink(draft)
        let descriptor = unsafe open(
            draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.configuration, "\(draft) cannot be made")
        }
        let bytes = ring.encoded()
        let isWritten =
            unsafe write(descriptor, bytes, bytes.count) == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, unsafe rename(draft, path) == 0 else {
            unsafe unlink(draft)
            throw CommandFailure(.configuration, "\(path) cannot be written")
        }
        try synchroniseFolder()
    }

    /// The name is as durable as the bytes once its folder is on disk.
    private func synchroniseFolder() throws(CommandFailure) {
        let parent = (path as NSString).deletingLastPathComponent
        let folder = unsafe open(
            parent.isEmpty ? "." : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let isSynchronised = folder >= 0 && fsync(folder) == 0
        if folder >= 0 { close(folder) }
        guard isSynchronised else {
            throw CommandFailure(
                .configuration, "the folder of \(path) cannot be brought to the disk")
        }
    }
}
