/// Why a server does not start.
public enum LineServiceError: Error, Sendable, Hashable {
    /// Neither a socket path nor an address is configured.
    case nothingToListenOn
    /// Plain TCP is for the loopback interface alone.
    case notLoopback(host: String)
    /// Another server answers on the socket.
    case socketInUse(path: String)
    /// Something that is no socket is at the path.
    case notASocket(path: String)
    /// The system refuses to listen there; its words.
    case cannotListen(place: String, reason: String)
    /// The server was started before.
    case alreadyStarted

    /// The stable name of the case.
    public var code: String {
        switch self {
        case .nothingToListenOn: "nothing-to-listen-on"
        case .notLoopback: "not-loopback"
        case .socketInUse: "socket-in-use"
        case .notASocket: "not-a-socket"
        case .cannotListen: "cannot-listen"
        case .alreadyStarted: "already-started"
        }
    }
}

extension LineServiceError: CustomStringConvertible {
    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .nothingToListenOn: "neither a socket nor an address is given to listen on"
        case .notLoopback(let host):
            "\(host) is not a loopback address, and there is no TLS: use 127.0.0.1 or the socket"
        case .socketInUse(let path):
            "another server answers on \(path): stop it, or use another path"
        case .notASocket(let path): "\(path) is there and is no socket: use another path"
        case .cannotListen(let place, let reason):
            "the system does not let it listen on \(place) (\(reason))"
        case .alreadyStarted: "the server was started before"
        }
    }
}
