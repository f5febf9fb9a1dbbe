public import Accounts
public import ConditionalAccess
import Synchronization

/// The policies in force, and what the directory says of applications: what each sign-in is held to.
///
/// It is replaced as a whole. Whoever reads it sees one set or the next, never half of each.
public final class PolicyBook: Sendable {
    private struct Page {
        var policies: PolicySet
        var clientKinds: [DirectoryName: ClientKind]
        var generation = 0
    }

    private let page: Mutex<Page>

    /// A book of these policies, and of the kinds of program that applications are used with.
    public init(_ policies: PolicySet, clientKinds: [DirectoryName: ClientKind] = [:]) {
        page = Mutex(Page(policies: policies, clientKinds: clientKinds))
    }

    /// The policies in force.
    public var current: PolicySet { page.withLock(\.policies) }

    /// How often it was replaced.
    public var generation: Int { page.withLock(\.generation) }

    /// The kind of program that an application is used with, where the directory says.
    public func clientKind(of application: String?) -> ClientKind? {
        guard let application, let name = DirectoryName(application) else { return nil }
        return page.withLock { $0.clientKinds[name] }
    }

    /// Puts other policies in force.
    public func replace(_ policies: PolicySet, clientKinds: [DirectoryName: ClientKind]) {
        page.withLock { page in
            page = Page(
                policies: policies, clientKinds: clientKinds, generation: page.generation + 1)
        }
    }
}
