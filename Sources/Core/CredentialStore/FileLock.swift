import GRDB
import Glibc
import Synchronization

/// An exclusive lock on a file of its own, which the kernel gives up when the process ends, however it ends.
final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// Takes the lock at `path`, or fails at once where another process has it.
    init(path: String) throws(StoreError) {
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw .cannotOpen }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            Glibc.close(file)
            throw isTaken ? .locked(path: path) : .cannotOpen
        }
        descriptor = Mutex(file)
    }

    /// Gives the lock up. Doing so twice does nothing more.
    func release() {
        descriptor.withLock { file in
            guard let open = file else { return }
            // Closing alone would leave the lock to a child that is between its fork and its exec.
            flock(open, LOCK_UN)
            Glibc.close(open)
            file = nil
        }
    }

    deinit {
        release()
    }
}

extension StoreError {
    /// What SQLite would say of a file that cannot be opened or made.
    fileprivate static let cannotOpen = StoreError.unavailable(
        code: ResultCode.SQLITE_CANTOPEN.rawValue)
}
