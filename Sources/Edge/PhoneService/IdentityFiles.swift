import Glibc

/// The two files of a TLS identity.
struct IdentityFiles {
    let certificate: String
    let key: String

    /// A file of certificates or a key is not longer.
    private static let maximumLength = 262_144

    /// The key's file, or `nil` where there is none.
    func readKey(sharedWithGroup isShared: Bool) throws(PhoneServiceError) -> [UInt8]? {
        try read(key) { status throws(PhoneServiceError) in
            let foreign: mode_t = isShared ? 0o037 : 0o077
            let isOwn = status.st_uid == geteuid() || (isShared && status.st_uid == 0)
            guard isOwn, status.st_mode & foreign == 0 else { throw .exposedKey(path: key) }
        }
    }

    /// The certificates' file, or `nil` where there is none.
    func readCertificates() throws(PhoneServiceError) -> [UInt8]? {
        try read(certificate) { _ throws(PhoneServiceError) in }
    }

    /// Writes the key for this user alone. A file that is there stays as it is.
    func writeKey(_ contents: [UInt8]) throws(PhoneServiceError) {
        try write(contents, to: key, mode: 0o600)
    }

    /// Writes the certificate. A file that is there stays as it is.
    func writeCertificate(_ contents: [UInt8]) throws(PhoneServiceError) {
        try write(contents, to: certificate, mode: 0o644)
    }

    private func read(
        _ path: String, _ check: (stat) throws(PhoneServiceError) -> Void
    ) throws(PhoneServiceError) -> [UInt8]? {
        // Not to hang at a pipe.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .unusableFile(path: path) }
            return nil
        }
        defer { close(descriptor) }
        var status = stat()
        guard
            unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= Self.maximumLength
        else { throw .unusableFile(path: path) }
        try check(status)
        var contents: [UInt8] = []
        var portion = [UInt8](repeating: 0, count: 16_384)
        while contents.count <= Self.maximumLength {
            let count = unsafe Glibc.read(descriptor, &portion, portion.count)
            guard count >= 0 else { throw .unusableFile(path: path) }
            guard count > 0 else { return contents }
            contents += portion.prefix(count)
        }
        throw .unusableFile(path: path)
    }

    /// Whole or not at all: the file gets its name when it is on the disk, and takes no other's.
    private func write(
        _ contents: [UInt8], to path: String, mode: mode_t
    ) throws(PhoneServiceError) {
        let newborn = "\(path).\(UInt64.random(in: 0 ... .max)).new"
        let descriptor = unsafe open(
            newborn, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw .unusableFile(path: newborn) }
        defer {
            close(descriptor)
            _ = unsafe unlink(newborn)
        }
        guard
            unsafe Glibc.write(descriptor, contents, contents.count) == contents.count,
            fsync(descriptor) == 0
        else { throw .unusableFile(path: newborn) }
        guard unsafe link(newborn, path) == 0 || errno == EEXIST else {
            throw .unusableFile(path: path)
        }
        guard synchronizeFolder(of: path) else { throw .unusableFile(path: path) }
    }

    private func synchronizeFolder(of path: String) -> Bool {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = unsafe open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}
