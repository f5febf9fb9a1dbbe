import Authenticators
import Glibc
import Synchronization

/// Reports through a file descriptor: a HID device or a connected UDP socket.
package final class DescriptorTransport: ReportTransport {
    /// What comes before the 64 bytes of a report that is written.
    package enum Framing: Sendable {
        /// The number of the report, which is 0 for a device that has one kind only.
        case numbered
        /// Nothing.
        case plain
    }

    private static let length = 64
    private let descriptor: Int32
    private let framing: Framing
    /// Set once an error says that the device, or whoever listened at the port, is gone. It is said only once.
    private let isGone = Atomic(false)

    /// Takes `descriptor` over, and closes it in ``close()``.
    package init(owning descriptor: Int32, framing: Framing) {
        self.descriptor = descriptor
        self.framing = framing
    }

    package func write(_ report: [UInt8]) -> Bool {
        guard !isGone.load(ordering: .relaxed) else { return false }
        let bytes = framing == .numbered ? [0] + report : report
        while true {
            let count = unsafe Glibc.write(descriptor, bytes, bytes.count)
            if count == bytes.count { return true }
            guard count < 0, errno == EINTR else {
                isGone.store(true, ordering: .relaxed)
                return false
            }
        }
    }

    package func read(timeout: Duration) -> [UInt8]? {
        guard !isGone.load(ordering: .relaxed) else { return nil }
        let end = ContinuousClock.now + timeout
        // One byte more than a report, so that a longer datagram does not pass for one.
        var buffer = [UInt8](repeating: 0, count: Self.length + 1)
        while true {
            let remaining = max(.zero, end - .now)
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = unsafe poll(&request, 1, Self.milliseconds(remaining))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count == Self.length { return Array(buffer.prefix(Self.length)) }
            let isHungUp = request.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
            if count < 0 && errno != EINTR && errno != EAGAIN || count <= 0 && isHungUp {
                isGone.store(true, ordering: .relaxed)
                return nil
            }
            if ContinuousClock.now >= end { return nil }
        }
    }

    package func close() {
        _ = Glibc.close(descriptor)
    }

    private static func milliseconds(_ duration: Duration) -> Int32 {
        let (seconds, attoseconds) = duration.components
        // Rounded up, so that the last fraction of a wait does not spin.
        let fraction = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(clamping: min(seconds, 3_600) * 1_000 + fraction)
    }
}
