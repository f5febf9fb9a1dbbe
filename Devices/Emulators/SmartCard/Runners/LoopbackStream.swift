import Glibc
import Synchronization

/// A TCP connection to a server on this machine. One thread receives; any may end it.
final class LoopbackStream: Sendable {
    private enum State: Sendable {
        case open
        /// Shut down, and the descriptor still there for the thread that receives.
        case ended
        case closed
    }

    private let descriptor: Int32
    private let state = Mutex(State.open)

    /// Connects to a loopback address in numbers.
    init(host: String, port: Int) throws(EmulatorError) {
        let name = "\(host):\(port)"
        guard let number = UInt16(exactly: port), number > 0 else {
            throw .cannotConnect(address: name, reason: "no such port")
        }
        var address: UInt32 = 0
        guard unsafe inet_pton(AF_INET, host, &address) == 1 else {
            throw .cannotConnect(address: name, reason: "not an IPv4 address in numbers")
        }
        guard UInt32(bigEndian: address) >> 24 == 127 else { throw .notLoopback(address: name) }
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        unsafe hints.ai_family = AF_INET
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard
            unsafe getaddrinfo(host, String(number), &hints, &found) == 0,
            let place = unsafe found
        else { throw .cannotConnect(address: name, reason: "not an address") }
        defer { unsafe freeaddrinfo(place) }
        descriptor = unsafe socket(
            place.pointee.ai_family, place.pointee.ai_socktype | O_CLOEXEC, 0)
        guard descriptor >= 0 else {
            throw .cannotConnect(address: name, reason: Self.lastError())
        }
        guard unsafe connect(descriptor, place.pointee.ai_addr, place.pointee.ai_addrlen) == 0
        else {
            let reason = Self.lastError()
            close(descriptor)
            throw .cannotConnect(address: name, reason: reason)
        }
        set(TCP_NODELAY)
    }

    deinit {
        closeDescriptor()
    }

    /// Waits for bytes; `nil` once the connection has ended.
    func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            guard state.withLock({ $0 == .open }) else { return nil }
            // The other side sends a length and what it counts in two writes, and the second waits for our
            // acknowledgement of the first. The kernel forgets the option as it pleases.
            set(TCP_QUICKACK)
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            return Array(buffer.prefix(count))
        }
    }

    /// Sends all of `bytes`; `false` once the connection has ended.
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard state.withLock({ $0 == .open }) else { return false }
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Ends the connection and wakes the thread that receives.
    func end() {
        state.withLock { state in
            guard state == .open else { return }
            state = .ended
            _ = shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }

    /// Gives the descriptor back. For the thread that receives, once it does so no more.
    func closeDescriptor() {
        state.withLock { state in
            guard state != .closed else { return }
            state = .closed
            close(descriptor)
        }
    }

    private func set(_ option: Int32) {
        var one: Int32 = 1
        _ = unsafe setsockopt(
            descriptor, Int32(IPPROTO_TCP), option, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func lastError() -> String {
        unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    }
}
