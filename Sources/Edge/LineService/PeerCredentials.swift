import Glibc
import NIOCore

/// Who is at the other end of a Unix socket, as the kernel has it.
enum PeerCredentials {
    /// `struct ucred` of unix(7), which the Glibc module does not show: three 32-bit fields in this
    /// order.
    private struct Credentials: Sendable {
        var processID: pid_t
        var userID: uid_t
        var groupID: gid_t
    }

    /// The user id of the process that connected (SO_PEERCRED). Fails on a channel that is no socket.
    static func userID(of channel: any Channel) -> EventLoopFuture<UInt32> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeFailedFuture(ChannelError.operationUnsupported)
        }
        let credentials: EventLoopFuture<Credentials> = provider.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED))
        return credentials.map { $0.userID }
    }
}
