package import Addresses
import NIOCore

/// Where a connection comes from, as far as limits go.
package enum Origin: Sendable, Hashable {
    /// The network of one subscriber.
    case subscriber(IPNetwork)
    /// A peer without an address.
    case unknown
}

extension Origin {
    /// The peer of a channel.
    init(_ channel: any Channel) {
        let address = channel.remoteAddress?.ipAddress.flatMap { try? IPAddress($0) }
        self = address.map { .subscriber($0.subscriber) } ?? .unknown
    }
}
