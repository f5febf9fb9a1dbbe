import Glibc

/// The file of a Unix socket.
struct SocketFile: Sendable, Hashable {
    let path: String

    /// Which file is at the path, so that a later one of the same name is told from it.
    struct Identity: Sendable, Hashable {
        fileprivate let device: UInt
        fileprivate let inode: UInt
    }

    /// What is at the path; nil when there is nothing.
    var status: (identity: Identity, isSocket: Bool)? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        return (
            Identity(device: UInt(status.st_dev), inode: UInt(status.st_ino)),
            status.st_mode & S_IFMT == S_IFSOCK
        )
    }

    /// Lets owner and group connect, and nobody else.
    func restrictToGroup() -> Bool { unsafe chmod(path, 0o660) == 0 }

    /// Takes the place of the file at `path`, at once.
    func move(to path: String) -> Bool { unsafe rename(self.path, path) == 0 }

    /// Removes the file, if it is still this one.
    func remove(_ identity: Identity) {
        if status?.identity == identity { _ = unsafe unlink(path) }
    }
}
