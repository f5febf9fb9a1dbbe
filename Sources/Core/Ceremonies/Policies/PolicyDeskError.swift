public import ConditionalAccess
public import CredentialStore

/// Why policies were not put in force. Nothing was changed.
public enum PolicyDeskError: Error, Sendable, Hashable {
    /// They contradict themselves, or refer to what is not there.
    case refused(PolicyRefusal)
    /// No global administrator could sign in any more.
    case lockOut(LockOutReport)
    /// The policies are those of the server's files, and not for the wire to change.
    case readFromFiles
    /// There is no such policy.
    case noSuchPolicy(PolicyID)
    /// The policy is in that state already.
    case unchanged(PolicyID, AccessPolicy.State)
    /// The policy's `state` does not stand on a line of its own, so that only its author can change it.
    case stateNotOnItsLine(PolicyID, file: String, line: Int)
    /// The documents in the database are none that this program would have put there.
    case unreadableDocuments(PolicyRefusal)
    /// The store could not answer.
    case store(StoreError)

    /// A stable name for logs and replies.
    public var code: String {
        switch self {
        case .refused: "policies-refused"
        case .lockOut: "locks-out-administrators"
        case .readFromFiles: "policies-read-from-files"
        case .noSuchPolicy: "no-such-policy"
        case .unchanged: "policy-unchanged"
        case .stateNotOnItsLine: "policy-state-not-on-its-line"
        case .unreadableDocuments: "unreadable-policies"
        case .store(let error): error.code
        }
    }

    /// What happened and what to do, for people. Of several problems the first.
    public var advice: String {
        switch self {
        case .refused(let refusal): refusal.problems[0].description
        case .lockOut(let report): report.problem?.description ?? code
        case .readFromFiles:
            "the server reads its policies from files: change those, and it takes them in by itself"
        case .noSuchPolicy(let id): "there is no policy \(id)"
        case .unchanged(let id, let state): "policy \(id) is \(state.rawValue) already"
        case .stateNotOnItsLine(let id, let file, let line):
            "\(file):\(line): ‘state’ of policy \(id) does not stand on a line of its own: write it so, and apply the file"
        case .unreadableDocuments(let refusal):
            "the policies in the database cannot be read: \(refusal.problems[0].description)"
        case .store(let error): error.advice
        }
    }
}
