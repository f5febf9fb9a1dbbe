import Ceremonies
import Synchronization

/// The policy files that connections have sent and not put in force. What a connection sent goes with it.
final class PolicyDrafts: Sendable {
    private struct Draft {
        /// Kept, so that no other connection can come to be taken for it.
        let connection: ConnectionLife
        var upload: PolicyUpload
        var registration: ConnectionLife.Registration?
    }

    /// How many connections can have one; each may be 10 MiB.
    static let maximumCount = 16

    private let drafts = Mutex<[ObjectIdentifier: Draft]>([:])

    /// Takes a part of a file. Returns all that the connection has sent, or `nil` where too many others have sent something.
    func append(
        _ bytes: [UInt8], toFile file: String, on connection: ConnectionLife
    ) throws(PolicyUploadFailure) -> PolicyUpload? {
        let key = ObjectIdentifier(connection)
        let (upload, isFirst) = try drafts.withLock { (drafts) throws(PolicyUploadFailure) in
            if drafts[key] != nil {
                try drafts[key]?.upload.append(bytes, toFile: file)
                return (drafts[key]?.upload, false)
            }
            guard drafts.count < Self.maximumCount else { return (nil, false) }
            var upload = PolicyUpload()
            try upload.append(bytes, toFile: file)
            drafts[key] = Draft(connection: connection, upload: upload)
            return (upload, true)
        }
        if isFirst {
            let registration = connection.atEnd { [weak self] in _ = self?.drop(of: connection) }
            drafts.withLock { $0[key]?.registration = registration }
        }
        return upload
    }

    /// What a connection has sent, if anything.
    func upload(of connection: ConnectionLife) -> PolicyUpload? {
        drafts.withLock { $0[ObjectIdentifier(connection)]?.upload }
    }

    /// Lets go what a connection has sent.
    func drop(of connection: ConnectionLife) -> PolicyUpload? {
        let draft = drafts.withLock { $0.removeValue(forKey: ObjectIdentifier(connection)) }
        if let registration = draft?.registration { connection.strike(registration) }
        return draft?.upload
    }
}
