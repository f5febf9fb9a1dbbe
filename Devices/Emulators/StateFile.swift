import Cryptography
package import Encoding
import Glibc

/// A file that holds a software authenticator's state while it is not running. Only its owner may read it.
///
/// It is a line that names the format, the SHA-256 of what follows, and the state as CBOR. The checksum finds damage;
/// it does not keep anybody who may write the file from changing it.
package struct StateFile: ~Copyable, Sendable {
    /// No authenticator has as much to remember, in bytes.
    private static let maximumLength = 16 << 20

    /// The first line, with its end.
    private let header: [UInt8]
    package let path: String
    private let lockDescriptor: Int32

    /// Takes the file for this process. A second taker is refused, for two with one state would both count on from the
    /// same counter.
    package init(path: String, header: String) throws(EmulatorError) {
        self.header = Array("\(header)\n".utf8)
        self.path = path
        lockDescriptor = unsafe open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lockDescriptor >= 0 else { throw Self.failure(path, "open") }
        guard flock(lockDescriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(lockDescriptor)
            throw .stateFileInUse(path: path)
        }
    }

    deinit {
        close(lockDescriptor)
    }

    /// The saved state, or `nil` where there is no file yet.
    package func load() throws(EmulatorError) -> CBOR? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw Self.failure(path, "open")
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= Self.maximumLength
        else {
            throw .damagedStateFile(path: path, reason: "it is no file of that kind")
        }
        return try decode(try Self.readAll(descriptor, path: path))
    }

    /// Puts `state` in place of what was saved: all of it or, after a crash, none of it.
    package func save(_ state: CBOR) throws(EmulatorError) {
        let temporary = path + ".new"
        let descriptor = unsafe open(
            temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure(path, "open") }
        do throws(EmulatorError) {
            defer { close(descriptor) }
            try Self.check(fchmod(descriptor, 0o600), path, "chmod")
            let body = state.encoded()
            try Self.writeAll(header + SHA256.hash(body) + body, to: descriptor, path: path)
            try Self.check(fsync(descriptor), path, "fsync")
        } catch {
            unsafe unlink(temporary)
            throw error
        }
        try Self.check(unsafe rename(temporary, path), path, "rename")
        try syncDirectory()
    }

    /// The rename itself has to reach the disk too.
    private func syncDirectory() throws(EmulatorError) {
        let parent = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure(path, "open") }
        defer { close(descriptor) }
        try Self.check(fsync(descriptor), path, "fsync")
    }

    private func decode(_ bytes: [UInt8]) throws(EmulatorError) -> CBOR {
        guard bytes.starts(with: header) else {
            throw .damagedStateFile(path: path, reason: "it does not begin like one")
        }
        let rest = bytes.dropFirst(header.count)
        let body = Array(rest.dropFirst(32))
        guard rest.count > 32, SHA256.hash(body) == Array(rest.prefix(32)) else {
            throw .damagedStateFile(path: path, reason: "its checksum is wrong")
        }
        do throws(MalformedEncoding) {
            return try CBOR.decode(body)
        } catch {
            throw .damagedStateFile(path: path, reason: "its content is not CBOR")
        }
    }

    private static func readAll(
        _ descriptor: Int32, path: String
    ) throws(EmulatorError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, "read") }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }

    private static func writeAll(
        _ bytes: [UInt8], to descriptor: Int32, path: String
    ) throws(EmulatorError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress, buffer.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure(path, "write") }
            rest = rest.dropFirst(count)
        }
    }

    private static func check(
        _ status: Int32, _ path: String, _ function: String
    ) throws(EmulatorError) {
        guard status == 0 else { throw failure(path, function) }
    }

    private static func failure(_ path: String, _ function: String) -> EmulatorError {
        let text = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
        return .stateFile(path: path, reason: "\(function): \(text)")
    }
}
