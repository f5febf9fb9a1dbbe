/// Why a software authenticator cannot be started or used. Paths are those that the caller gave.
public enum EmulatorError: Error, Hashable, Sendable {
    /// The file could not be read or written; `reason` is the system's own words.
    case stateFile(path: String, reason: String)
    /// The file is not a state file of the software authenticator, or was damaged.
    case damagedStateFile(path: String, reason: String)
    /// Another process has the file open.
    case stateFileInUse(path: String)
    /// The attestation certificates or a key could not be made.
    case cryptography(code: String)
    /// A server would listen on, or a card connect to, an address of other machines.
    case notLoopback(address: String)
    /// A server could not listen.
    case cannotListen(address: String, reason: String)
    /// A virtual reader could not be reached.
    case cannotConnect(address: String, reason: String)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .stateFile: "state-file"
        case .damagedStateFile: "damaged-state-file"
        case .stateFileInUse: "state-file-in-use"
        case .cryptography: "cryptography"
        case .notLoopback: "not-loopback"
        case .cannotListen: "cannot-listen"
        case .cannotConnect: "cannot-connect"
        }
    }
}

extension EmulatorError: CustomStringConvertible {
    /// What is wrong and what to do about it.
    public var description: String {
        switch self {
        case .stateFile(let path, let reason): "cannot use the state file \(path): \(reason)"
        case .damagedStateFile(let path, let reason):
            "the state file \(path) is damaged (\(reason)); "
                + "move it away to start anew"
        case .stateFileInUse(let path):
            "the state file \(path) is in use by another process; stop it or choose another file"
        case .cryptography(let code): "the software authenticator could not be made (\(code))"
        case .notLoopback(let address):
            "\(address) is not a loopback address; software authenticators serve this machine only"
        case .cannotListen(let address, let reason): "cannot listen on \(address): \(reason)"
        case .cannotConnect(let address, let reason): "cannot connect to \(address): \(reason)"
        }
    }
}
