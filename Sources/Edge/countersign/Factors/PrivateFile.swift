import Glibc

/// A new file that this user alone can read.
enum PrivateFile {
    /// Writes a file in the place of any of that name.
    static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        unsafe unlink(path)
        let descriptor = unsafe open(
            path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.configuration, "\(path) cannot be made")
        }
        defer { close(descriptor) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress, buffer.count)
            }
            guard written > 0 else {
                throw CommandFailure(.configuration, "\(path) cannot be written")
            }
            rest = rest.dropFirst(written)
        }
    }
}
