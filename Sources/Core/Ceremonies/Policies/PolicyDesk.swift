public import Accounts
public import ConditionalAccess
public import CredentialStore
public import DeviceModels
import Synchronization

/// Puts policies in force: reads them, checks them against the directory, keeps what was good, and has the book show it.
///
/// The documents in the store are the last set that was good. It serves on until another one is, across a restart too.
/// What they refer to may have gone since (a model of the catalogue, say): such a name then matches nothing. Where a
/// policy includes by it, nobody is included, and where it excludes by it, nobody is excluded; ``dangling`` lists them.
///
/// Its methods block; call them from a thread that may.
public final class PolicyDesk: Sendable {
    /// What is in force, as it was written and as it was read.
    struct State {
        var documents: [PolicyDocument]
        var draft: PolicyDraft
        var dangling: [PolicyMention]
    }

    /// The policies in force, for those who evaluate them.
    public let book: PolicyBook
    /// Whether the policies are those of files on the server, so that nobody changes them from elsewhere.
    public let isReadFromFiles: Bool
    let store: SQLiteStore
    let catalogue: Catalogue
    let inventory: FactorInventory
    let directory: PolicyDirectory
    let clock: @Sendable () -> Timestamp
    /// Held while policies are put in force, so that this happens one at a time. It may wait for the store; what is called
    /// from within the store's transactions does not take it.
    let state: Mutex<State>
    /// What the set names that is about to come in force, if one is.
    let pending = Mutex<[PolicyMention]>([])
    /// How many changes of the directory were noted, and how many of them were taken in.
    private let changes = Mutex<(noted: Int, taken: Int)>((0, 0))

    /// A desk over the documents that the store holds.
    ///
    /// - Parameters:
    ///   - catalogue: the models and advisories that policies can name.
    ///   - offered: the methods that the server offers.
    ///   - isReadFromFiles: whether ``applyFiles(_:)`` alone changes the policies.
    public init(
        store: SQLiteStore, catalogue: Catalogue, offered: Set<SignInMethod>,
        isReadFromFiles: Bool, clock: @escaping @Sendable () -> Timestamp
    ) throws(PolicyDeskError) {
        self.store = store
        self.catalogue = catalogue
        self.isReadFromFiles = isReadFromFiles
        self.clock = clock
        inventory = FactorInventory(store: store, catalogue: catalogue, offered: offered)
        let directory = PolicyDirectory(store: store, catalogue: catalogue)
        self.directory = directory
        let documents = try PolicyDeskError.store { () throws(StoreError) in
            try store.policyDocuments()
        }
        let draft = try Self.draft(of: documents)
        let found = try PolicyDeskError.store { () throws(StoreError) in
            try directory.references(for: draft.mentions)
        }
        let dangling = found.dangling(in: draft.mentions)
        let policies: PolicySet
        do throws(PolicyRefusal) {
            policies = try found.compile(draft, tolerating: dangling)
        } catch {
            throw .unreadableDocuments(error)
        }
        state = Mutex(State(documents: documents, draft: draft, dangling: dangling))
        book = PolicyBook(policies, clientKinds: found.clientKinds)
    }

    private static func draft(
        of documents: [PolicyDocument]
    ) throws(PolicyDeskError) -> PolicyDraft {
        do throws(PolicyRefusal) {
            return try PolicyDraft(documents.map(PolicyFile.init))
        } catch {
            throw .unreadableDocuments(error)
        }
    }

    // MARK: What is in force

    /// The documents in force, in their order.
    public var documents: [PolicyDocument] { state.withLock(\.documents) }

    /// What the policies in force name and is not there any more, in the order of the files.
    public var dangling: [PolicyMention] { state.withLock(\.dangling) }

    /// Says which policy in force, or about to be, names something. It is for the store's transactions, and takes no time.
    public var policyUse: PolicyUse {
        { [self] kind, name in
            let kind = PolicyReferenceKind(kind)
            if let user = book.current.use(of: kind, name) { return user }
            return pending.withLock { mentions in
                mentions.first { $0.kind == kind && $0.name.utf8.elementsEqual(name.utf8) }?.by
            }
        }
    }

    /// Whether a user with these groups and roles may register something of a method.
    public func mayRegister(
        _ user: UserName, groups: Set<DirectoryName>, roles: Set<AdministratorRole>,
        _ method: SignInMethod
    ) -> Bool {
        guard MethodRule.methods.contains(method) else { return true }
        return book.current.allowedMethods(for: user, groups: groups, roles: roles)
            .contains(method)
    }

    /// Whether a user, who need not exist, may register something of a method. Where the store cannot say who the user is,
    /// nobody may.
    public func mayRegister(_ user: UserName, _ method: SignInMethod) -> Bool {
        do throws(StoreError) {
            let facts = try store.accountFacts(of: [user]).first?.get() ?? nil
            return mayRegister(
                user, groups: facts?.groups ?? [], roles: facts?.roles ?? [], method)
        } catch {
            return false
        }
    }

    /// Notes that a named location, an application, a group or a user was added, changed or deleted, and takes it in. Where
    /// the store cannot answer now, ``catchUp()`` does so later.
    public func noteDirectoryChange() {
        changes.withLock { $0.noted += 1 }
        catchUp()
    }

    /// Takes in changes that were noted and could not be taken in. Nothing where there are none.
    public func catchUp() {
        let (noted, taken) = changes.withLock(\.self)
        guard noted > taken else { return }
        do throws(PolicyDeskError) {
            try directoryChanged()
            changes.withLock { $0.taken = max($0.taken, noted) }
        } catch {
            // It stays noted, and what was known before goes on to count.
            return
        }
    }

    /// Takes in the directory as it is now. Where it throws, what was known before goes on to count.
    ///
    /// - Returns: what the policies in force name and is not there any more.
    @discardableResult
    public func directoryChanged() throws(PolicyDeskError) -> [PolicyMention] {
        try state.withLock { (state) throws(PolicyDeskError) in
            let mentions = state.draft.mentions
            let found = try references(for: mentions)
            let dangling = found.dangling(in: mentions)
            do throws(PolicyRefusal) {
                let policies = try found.compile(state.draft, tolerating: dangling)
                state.dangling = dangling
                book.replace(policies, clientKinds: found.clientKinds)
            } catch {
                throw .refused(error)
            }
            return dangling
        }
    }

    func references(
        for mentions: [PolicyMention]
    ) throws(PolicyDeskError) -> FoundReferences {
        let directory = directory
        return try PolicyDeskError.store { () throws(StoreError) in
            try directory.references(for: mentions)
        }
    }
}

extension PolicyFile {
    init(_ document: PolicyDocument) {
        self.init(name: document.file, bytes: Array(document.yaml.utf8))
    }
}

extension PolicyDeskError {
    /// The store's answer; its error as one of the desk's.
    static func store<Value>(
        _ body: () throws(StoreError) -> Value
    ) throws(PolicyDeskError) -> Value {
        do throws(StoreError) {
            return try body()
        } catch {
            throw .store(error)
        }
    }
}
