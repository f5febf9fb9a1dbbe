internal import NIOCore
import Synchronization

/// The open connections of a server.
final class ConnectionTable: Sendable {
    private let open = Mutex<[ObjectIdentifier: any Channel]?>([:])

    /// Adds a connection until it closes; `false` where there are enough or the server has stopped.
    func add(_ channel: any Channel) -> Bool {
        let identifier = ObjectIdentifier(channel)
        let isAdded = open.withLock { open in
            guard let count = open?.count, count < PushEndpointServer.maximumConnections else {
                return false
            }
            open?[identifier] = channel
            return true
        }
        guard isAdded else { return false }
        channel.closeFuture.whenComplete { [self] _ in
            _ = open.withLock { $0?.removeValue(forKey: identifier) }
        }
        return true
    }

    /// Closes all, and admits none from now on.
    func closeAll() {
        let channels = open.withLock { open in
            defer { open = nil }
            return open.map { Array($0.values) } ?? []
        }
        for channel in channels { channel.close(promise: nil) }
    }
}
