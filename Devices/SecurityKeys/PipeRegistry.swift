import CFIDO2
import Synchronization

/// The pipes that libfido2 is about to open: its callbacks are given a path and nothing else, so the path is a token
/// such as `countersign:42` under which the pipe lies here until it is picked up.
enum PipeRegistry {
    private struct Pending: Sendable {
        var pipes: [UInt64: ReportPipe] = [:]
        var nextNumber: UInt64 = 0
    }

    private static let pending = Mutex(Pending())
    private static let prefix = "countersign:"

    /// Leaves `pipe` here while `body` runs with the token that the open callback finds it by.
    static func withToken<Result>(for pipe: ReportPipe, _ body: (String) -> Result) -> Result {
        let number = pending.withLock { pending in
            pending.nextNumber += 1
            pending.pipes[pending.nextNumber] = pipe
            return pending.nextNumber
        }
        defer { pending.withLock { $0.pipes[number] = nil } }
        return body(prefix + String(number))
    }

    private static func pipe(token: String) -> ReportPipe? {
        guard token.hasPrefix(prefix), let number = UInt64(token.dropFirst(prefix.count)) else {
            return nil
        }
        return pending.withLock { $0.pipes[number] }
    }

    /// The four functions through which libfido2 reaches a pipe. Its handle of one is a retained reference, which
    /// the close function releases.
    static var functions: fido_dev_io_t {
        unsafe fido_dev_io_t(
            open: { path in
                guard let path = unsafe path else { return nil }
                let token = unsafe String(cString: path)
                guard let pipe = PipeRegistry.pipe(token: token) else { return nil }
                return unsafe Unmanaged.passRetained(pipe).toOpaque()
            },
            close: { handle in
                guard let handle = unsafe handle else { return }
                unsafe Unmanaged<ReportPipe>.fromOpaque(handle).takeRetainedValue().close()
            },
            read: { handle, buffer, length, _ in
                guard let handle = unsafe handle, let buffer = unsafe buffer else { return -1 }
                let pipe = unsafe Unmanaged<ReportPipe>.fromOpaque(handle).takeUnretainedValue()
                guard let report = pipe.read(), report.count <= length else { return -1 }
                unsafe buffer.update(from: report, count: report.count)
                return Int32(report.count)
            },
            write: { handle, buffer, length in
                guard let handle = unsafe handle, let buffer = unsafe buffer, length == 65 else {
                    return -1
                }
                let pipe = unsafe Unmanaged<ReportPipe>.fromOpaque(handle).takeUnretainedValue()
                // The first byte is the report number, which transports do without.
                let report = unsafe Array(UnsafeBufferPointer(start: buffer + 1, count: 64))
                return pipe.write(report) ? Int32(length) : -1
            })
    }
}
