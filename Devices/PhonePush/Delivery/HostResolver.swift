public import Addresses
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Tells a host's addresses. Look-ups block, and so have threads of their own: a few, which no event loop and no task
/// of Swift's ever waits on for longer than its own time.
public final class HostResolver: Sendable {
    /// Asks the machine's resolver, as getaddrinfo(3) does: the hosts file, DNS and what else it is configured for.
    public static let system = HostResolver { host throws(PushFailure) in
        try systemAddresses(of: host)
    }

    private static let threadCount = 8
    private static let maximumWaiting = 256

    // Kept for the life of the process, which a pool of NIO's that is not shut down must be.
    private static let threads: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: threadCount)
        pool.start()
        return pool
    }()

    private let lookUp: @Sendable (String) throws(PushFailure) -> [IPAddress]
    private let waiting = Mutex(0)

    /// A resolver that asks a function, which may block.
    public init(_ lookUp: @escaping @Sendable (String) throws(PushFailure) -> [IPAddress]) {
        self.lookUp = lookUp
    }

    /// The addresses, in the order in which they should be tried; at least one.
    ///
    /// When the time is over or the task cancelled, this returns and the look-up goes on for nothing.
    func addresses(
        of host: String, until deadline: NIODeadline, on loop: any EventLoop
    ) async throws(PushFailure) -> [IPAddress] {
        let isAdmitted = waiting.withLock { count in
            guard count < Self.maximumWaiting else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { throw .busy }
        let outcome = FirstOutcome<[IPAddress]>()
        Self.threads.submit { _ in
            defer { self.waiting.withLock { $0 -= 1 } }
            // Whoever asked may be gone by now.
            guard !outcome.isSettled else { return }
            do throws(PushFailure) {
                outcome.settle(.success(try self.lookUp(host)))
            } catch {
                outcome.settle(.failure(error))
            }
        }
        let addresses = try await outcome.value(until: deadline, on: loop)
        guard !addresses.isEmpty else { throw .unresolved(host: host) }
        return addresses
    }

    private static func systemAddresses(of host: String) throws(PushFailure) -> [IPAddress] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        // No address of a family that this machine has none of.
        unsafe hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &list) == 0 else {
            throw .unresolved(host: host)
        }
        defer { unsafe freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var next = unsafe list
        while let entry = unsafe next {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = unsafe getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count),
                nil, 0, NI_NUMERICHOST)
            let bytes = text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
            // An address with a zone is link-local, and there is no other way to write it: the host has an address
            // that cannot be allowed.
            guard
                status == 0, let address = try? IPAddress(String(decoding: bytes, as: UTF8.self))
            else { throw .unresolved(host: host) }
            if !addresses.contains(address) { addresses.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return addresses
    }
}
