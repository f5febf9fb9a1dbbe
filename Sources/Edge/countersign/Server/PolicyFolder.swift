import Accounts
import AuditLog
import Ceremonies
import ConditionalAccess
import CredentialStore
import DeviceModels
import Logging
import StrictYAML
import Synchronization

/// The policies of a server: those of the folder that its configuration names, taken in anew whenever a file changes, or
/// those that were applied through it.
final class PolicyFolder: Sendable {
    private struct State {
        var entries: [PolicySource.Entry] = []
        /// What was wrong with the files as they were last read.
        var problem: String?
    }

    /// What is in force.
    let desk: PolicyDesk
    private let path: String?
    private let state = Mutex(State())

    private init(_ desk: PolicyDesk, path: String?) {
        self.desk = desk
        self.path = path
    }

    /// Opens the policies that the store holds, and takes in those of the folder, where there is one. Where these are
    /// refused, the last good ones go on to serve; a server that never had any does not start without.
    static func desk(
        of configuration: ServerConfiguration, store: SQLiteStore, catalogue: Catalogue,
        offered: Set<SignInMethod>, clock: @escaping @Sendable () -> Timestamp, logger: Logger
    ) throws(CommandFailure) -> PolicyFolder {
        let path = configuration.policies
        let desk: PolicyDesk
        do throws(PolicyDeskError) {
            desk = try PolicyDesk(
                store: store, catalogue: catalogue, offered: offered, isReadFromFiles: path != nil,
                clock: clock)
        } catch {
            throw CommandFailure(.configuration, error.advice)
        }
        for mention in desk.dangling {
            logger.critical(
                "\(mention.position): there is no \(mention.kind.rawValue) ‘\(mention.name)’ any more; the policy counts, and the name matches nothing"
            )
        }
        let folder = PolicyFolder(desk, path: path)
        let hasAny = !desk.documents.isEmpty
        folder.refresh(logger: logger)
        if let path, !hasAny, desk.documents.isEmpty {
            throw CommandFailure(
                .configuration,
                "the policies in \(path) are refused: \(folder.problem ?? "they cannot be read")",
                advice: "There were none before that could serve meanwhile. Mend them first.")
        }
        return folder
    }

    private var problem: String? { state.withLock(\.problem) }

    /// Takes in what has changed in the folder. Refused files are tried again, for what they name may have come to be there;
    /// until they are good, the last good ones go on to serve. Each problem is told once.
    func refresh(logger: Logger) {
        desk.catchUp()
        guard let path else { return }
        do throws(CommandFailure) {
            let entries = try PolicySource.entries(of: [path])
            let (isKnown, problem) = state.withLock { ($0.entries == entries, $0.problem) }
            guard !isKnown || problem != nil else { return }
            let source = try PolicySource(entries)
            if isKnown, try isRefused(source) { return }
            state.withLock { $0.entries = entries }
            try apply(source, logger)
            state.withLock { $0.problem = nil }
        } catch {
            let isNews = state.withLock { state in
                let isNews = state.problem != error.problem
                state.problem = error.problem
                return isNews
            }
            guard isNews else { return }
            logger.error(
                "the policies in \(path) are refused, and the last good ones go on to serve: \(HarmlessText.escaped(error.problem))"
            )
        }
    }

    /// Whether files that were refused still are, without its going on record again.
    private func isRefused(_ source: PolicySource) throws(CommandFailure) -> Bool {
        do throws(PolicyDeskError) {
            let report = try desk.check(source.upload.files)
            return !report.problems.isEmpty || report.isEveryoneLockedOut
        } catch {
            throw CommandFailure(.internalError, error.advice)
        }
    }

    private func apply(_ source: PolicySource, _ logger: Logger) throws(CommandFailure) {
        do throws(PolicyDeskError) {
            guard let applied = try desk.applyFiles(source.upload.files) else { return }
            logger.notice(
                "policies are in force: \(applied.policyCount), of which \(applied.added) new and \(applied.changed) changed; \(applied.removed) removed"
            )
            for warning in applied.warnings { logger.warning("\(warning)") }
            for administrator in applied.lockedOut {
                logger.warning(
                    "the policies lock out the global administrator \(administrator.user.text): \(administrator.policies.map(\.text).joined(separator: ", "))"
                )
            }
        } catch {
            if case .refused(let refusal) = error {
                for problem in refusal.problems.dropFirst() { logger.error("\(problem)") }
            }
            throw CommandFailure(.configuration, error.advice)
        }
    }
}
