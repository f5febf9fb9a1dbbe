import Accounts
public import AuditLog
public import ConditionalAccess
import CredentialStore
import Cryptography
import Encoding
import StrictYAML
import Synchronization

/// What came of putting policies in force.
public struct PolicyApplication: Sendable, Hashable {
    /// How many policies there are now, those that are off included.
    public var policyCount: Int
    /// How many there were not before.
    public var added = 0
    /// How many are other than they were.
    public var changed = 0
    /// How many are not any more.
    public var removed = 0
    /// What may surprise.
    public var warnings: [PolicyWarning]
    /// The global administrators who can sign in nowhere now.
    public var lockedOut: [LockOutReport.LockedOut] = []
}

extension PolicyDesk {
    /// Puts files of policies in the place of those in force. Policies and the record of it are on disk together, and then
    /// in force.
    ///
    /// - Parameter reason: why they are to be in force although they lock out every global administrator; it goes on
    ///   record. Without one, such policies are refused, and the refusal is on record.
    public func apply(
        _ files: [PolicyFile], forcedBecause reason: String? = nil, by origin: AuditOrigin
    ) throws(PolicyDeskError) -> PolicyApplication {
        guard !isReadFromFiles else { throw .readFromFiles }
        let draft = try Self.read(files)
        do throws(PolicyDeskError) {
            return try state.withLock { (state) throws(PolicyDeskError) in
                try replace(&state, with: files, draft, forcedBecause: reason, by: origin)
            }
        } catch {
            if case .lockOut(let report) = error {
                try audit(
                    AuditEntry(
                        .applyPolicies, [Self.target(files)], outcome: .failure(code: error.code),
                        reason: report.problem?.description ?? ""), by: origin)
            }
            throw error
        }
    }

    /// Puts the files that the server reads in the place of the policies in force. Files that are refused change nothing,
    /// and the refusal is on record.
    ///
    /// - Returns: `nil` where they are in force as they are.
    public func applyFiles(_ files: [PolicyFile]) throws(PolicyDeskError) -> PolicyApplication? {
        let origin = AuditOrigin.system("policy-files")
        do throws(PolicyDeskError) {
            let draft = try Self.read(files)
            return try state.withLock { (state) throws(PolicyDeskError) -> PolicyApplication? in
                let isInForce = state.documents.map(PolicyFile.init) == files
                guard !isInForce else { return nil }
                return try replace(&state, with: files, draft, forcedBecause: nil, by: origin)
            }
        } catch {
            try refused(error, files, by: origin)
            throw error
        }
    }

    /// Notes that files could not be taken for policies before they came here: they could not be read, or were too many.
    public func refuseFiles(because reason: String, code: String) throws(PolicyDeskError) {
        try audit(
            AuditEntry(
                .policiesRefused, [AuditTarget(.policy, "files")], outcome: .failure(code: code),
                reason: reason), by: .system("policy-files"))
    }

    private func refused(
        _ error: PolicyDeskError, _ files: [PolicyFile], by origin: AuditOrigin
    ) throws(PolicyDeskError) {
        switch error {
        case .refused(let refusal):
            try audit(
                AuditEntry(
                    .policiesRefused, [Self.target(files)],
                    outcome: .failure(code: refusal.problems[0].code), reason: error.advice),
                by: origin)
        case .lockOut:
            try audit(
                AuditEntry(
                    .policiesRefused, [Self.target(files)], outcome: .failure(code: error.code),
                    reason: error.advice), by: origin)
        case .readFromFiles, .noSuchPolicy, .unchanged, .stateNotOnItsLine, .unreadableDocuments,
            .store:
            break
        }
    }

    private func audit(_ entry: AuditEntry, by origin: AuditOrigin) throws(PolicyDeskError) {
        let (store, now) = (store, clock())
        try PolicyDeskError.store { () throws(StoreError) in
            try store.append(entry, by: origin, at: now)
        }
    }

    /// Switches a policy in force on, to report-only, or off. The line of its state is changed in the document that it
    /// stands in, and nothing else.
    public func set(
        _ newState: AccessPolicy.State, of id: PolicyID, forcedBecause reason: String? = nil,
        by origin: AuditOrigin
    ) throws(PolicyDeskError) -> PolicyApplication {
        guard !isReadFromFiles else { throw .readFromFiles }
        return try state.withLock { (state) throws(PolicyDeskError) in
            guard let place = state.draft.policies.firstIndex(where: { $0.id == id }) else {
                throw .noSuchPolicy(id)
            }
            let old = state.draft.policies[place].state
            guard old != newState else { throw .unchanged(id, newState) }
            let files = try Self.files(state, withPolicyAt: place, in: newState)
            let act = AuditEntry(
                .setPolicyState, [AuditTarget(.policy, id.text)],
                changes: [AuditChange("state", from: old.rawValue, to: newState.rawValue)],
                reason: reason.map { "forced: \($0)" } ?? "")
            return try replace(
                &state, with: files, Self.read(files), forcedBecause: reason, by: origin,
                recording: [act])
        }
    }

    /// The files in which a policy has another state. They say nothing else than before, or it throws.
    private static func files(
        _ state: State, withPolicyAt place: Int, in newState: AccessPolicy.State
    ) throws(PolicyDeskError) -> [PolicyFile] {
        let policy = state.draft.policies[place]
        let (file, line) = (policy.position.file, policy.position.line)
        let unable = PolicyDeskError.stateNotOnItsLine(policy.id, file: file, line: line)
        var files = state.documents.map(PolicyFile.init)
        guard
            let document = state.documents.firstIndex(where: { $0.file == file }),
            let text = PolicyStateLine.replacing(
                stateOfPolicyAt: line, in: state.documents[document].yaml, with: newState)
        else { throw unable }
        files[document] = PolicyFile(name: file, bytes: Array(text.utf8))
        var wanted = state.draft
        wanted.policies[place].state = newState
        // The line was found by its looks. What was meant is what reading the files says.
        guard (try? PolicyDraft(files)) == wanted else { throw unable }
        return files
    }

    // MARK: The parts of it

    static func read(_ files: [PolicyFile]) throws(PolicyDeskError) -> PolicyDraft {
        do throws(PolicyRefusal) {
            return try PolicyDraft(files)
        } catch {
            throw .refused(error)
        }
    }

    /// What a set of files is called on record: by its digest.
    private static func target(_ files: [PolicyFile]) -> AuditTarget {
        var bytes: [UInt8] = []
        for file in files {
            bytes += Array("\(file.name)\n\(file.bytes.count)\n".utf8)
            bytes += file.bytes
        }
        return AuditTarget(.policy, "set-\(Hex.encode(Array(SHA256.hash(bytes).prefix(16))))")
    }

    /// - Parameter acts: what goes on record; what changes if `nil`.
    private func replace(
        _ state: inout State, with files: [PolicyFile], _ draft: PolicyDraft,
        forcedBecause reason: String?, by origin: AuditOrigin, recording acts: [AuditEntry]? = nil
    ) throws(PolicyDeskError) -> PolicyApplication {
        // From here on nothing is deleted that the new policies name, so that what is found stays true.
        pending.withLock { $0 = draft.mentions }
        defer { pending.withLock { $0 = [] } }
        let found = try references(for: draft.mentions)
        let policies = try Self.compile(draft, found)
        let lockOut = policies.lockOut(
            of: try administrators(), to: AdministratorTickets.application)
        if lockOut.isEveryoneLockedOut, reason == nil { throw .lockOut(lockOut) }
        let changes = PolicyChanges(from: state.draft, to: draft)
        let entries =
            acts ?? changes.entries(of: Self.target(files), reason: Self.words(reason, lockOut))
        let documents = files.map {
            PolicyDocument(file: $0.name, yaml: String(decoding: $0.bytes, as: UTF8.self))
        }
        let (store, now) = (store, clock())
        try PolicyDeskError.store { () throws(StoreError) in
            try store.replacePolicyDocuments(documents, recording: entries, by: origin, at: now)
        }
        state = State(documents: documents, draft: draft, dangling: [])
        book.replace(policies, clientKinds: found.clientKinds)
        return PolicyApplication(
            policyCount: draft.policies.count, added: changes.added, changed: changes.changed,
            removed: changes.removed, warnings: policies.warnings, lockedOut: lockOut.lockedOut)
    }

    static func compile(
        _ draft: PolicyDraft, _ found: FoundReferences, tolerating dangling: [PolicyMention] = []
    ) throws(PolicyDeskError) -> PolicySet {
        do throws(PolicyRefusal) {
            return try found.compile(draft, tolerating: dangling)
        } catch {
            throw .refused(error)
        }
    }

    private static func words(_ reason: String?, _ lockOut: LockOutReport) -> String {
        guard let reason else { return "" }
        guard lockOut.isEveryoneLockedOut else { return "forced, without need: \(reason)" }
        return "forced: \(reason)"
    }
}
