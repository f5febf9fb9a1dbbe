public import Accounts
public import Addresses
public import CredentialStore
import ConditionalAccess
import Cryptography

import Encoding

/// A sign-in that a front end begins.
public struct BeginRequest: Sendable {
    /// Who signs in.
    public var user: UserName
    /// What the user signs in to, as the front end calls it.
    public var service: String?
    /// Where the user is, as the front end says.
    public var address: IPAddress?
    /// Where and with what, as the front end says.
    public var circumstances: SignInCircumstances
    /// The front end.
    public var client: String

    /// A request from its parts.
    public init(
        user: UserName, service: String?, address: IPAddress?, circumstances: SignInCircumstances,
        client: String
    ) {
        self.user = user
        self.service = service
        self.address = address
        self.circumstances = circumstances
        self.client = client
    }
}

/// A sign-in that has begun.
public struct BegunSignIn: Sendable, Hashable {
    /// The transaction.
    public let transaction: String
    /// What it is found by in the log: 32 hexadecimal digits.
    public let correlation: String
    /// What may be shown next, the strongest first. `password` alone means that nothing more is asked for.
    ///
    /// Before a first factor was right, these are all that the server offers: they tell nothing of the user.
    public let methods: [SignInMethod]
    /// How long it can go on.
    public let lifetime: Duration
}

/// What a front end hears that began a sign-in.
public enum BeginVerdict: Sendable, Hashable {
    /// It goes on.
    case begun(BegunSignIn)
    /// It is over, for the reason of this code, which is on disk. Before a first factor was right only a wrong password
    /// ends it.
    case refused(user: UserName, code: String)
    /// No verdict: the store could not answer.
    case unavailable(StoreError)
}

/// Begins sign-ins that take more than one answer, and ends those that take none.
public final class AccessService: Sendable {
    private struct Beginning: Sendable {
        let request: BeginRequest
        let receivedAt: ContinuousClock.Instant
        let completion: @Sendable (BeginVerdict) -> Void
    }

    private let writer: SignInWriter
    private let offered: [SignInMethod]
    private let beginning: NaturalBatcher<Beginning>

    /// A service over a store's writer; `offered` are the methods that the server offers.
    public init(writer: SignInWriter, offered: Set<SignInMethod>) {
        self.writer = writer
        let offered = FactorInventory.strongestFirst.filter(offered.contains)
        self.offered = offered
        beginning = NaturalBatcher(label: "countersign.begin", workers: 2, maximumBatch: 64) {
            batch in
            for item in batch { Self.begin(item, offered, writer) }
        }
    }

    /// Begins a sign-in. Nothing is written, unless it ends at once: with a wrong password, or where the password was right
    /// and policies let nobody in.
    public func begin(
        _ request: BeginRequest, completion: @escaping @Sendable (BeginVerdict) -> Void
    ) {
        beginning.submit(
            Beginning(request: request, receivedAt: .now, completion: completion))
    }

    private static func begin(
        _ item: Beginning, _ offered: [SignInMethod], _ writer: SignInWriter
    ) {
        let request = item.request
        let gate = writer.gate
        let now = gate.clock()
        let state = SignInState(
            correlation: SecureRandom.bytes(16), isTransaction: true, user: request.user,
            client: request.client, service: request.service, address: request.address,
            circumstances: request.circumstances, startedAt: now,
            expiresAt: now.advanced(by: gate.lifetime))
        func begun(_ methods: [SignInMethod]) {
            item.completion(
                .begun(
                    BegunSignIn(
                        transaction: gate.sealer.seal(state),
                        correlation: Hex.encode(state.correlation), methods: methods,
                        lifetime: gate.lifetime)))
        }
        switch request.circumstances.password {
        // Nothing is known of who asks, so nothing is told of the user.
        case nil: return begun(offered)
        case .wrong: return end(item, state, SignInReason.wrongPassword, nil, writer)
        case .right: break
        }
        do throws(StoreError) {
            let account = try store(of: gate, request.user)
            if account?.isLocked == true {
                return end(item, state, SignInVerdict.Code.userLocked, nil, writer)
            }
            let facts = AccessRequest(state, account ?? AccountFacts(), gate.book)
            let answer = gate.book.current.evaluate(facts)
            switch answer.outcome {
            case .granted: begun([.password])
            case .blocked:
                end(
                    item, state, AccessRefusal.blocked.rawValue, SignInAssessment(answer, facts),
                    writer)
            case .unsatisfied where account == nil: begun(offered)
            case .unsatisfied(let missing):
                let methods = try gate.inventory.methods(of: request.user) { candidate in
                    var facts = facts
                    facts.presented.append(candidate)
                    return gate.book.current.evaluate(facts).outcome == .granted
                }
                if !methods.isEmpty { return begun(methods) }
                end(
                    item, state, AccessRefusal(missing).rawValue,
                    SignInAssessment(answer, facts), writer)
            }
        } catch {
            item.completion(.unavailable(error))
        }
    }

    private static func store(
        of gate: AccessGate, _ user: UserName
    ) throws(StoreError) -> AccountFacts? {
        let found = try gate.store.accountFacts(of: [user])
        return try found.first?.get()
    }

    /// Ends a sign-in as it begins: writes the row, then tells.
    private static func end(
        _ item: Beginning, _ state: SignInState, _ code: String,
        _ assessment: SignInAssessment?, _ writer: SignInWriter
    ) {
        let decision = SignInDecision(
            challenge: nil, method: .password, user: state.user, relyingPartyID: nil,
            credentialID: nil, client: state.client, service: state.service,
            address: state.address, at: writer.gate.clock(), judgement: .refused(code: code),
            access: .granted,
            log: SignInLogEntry(correlation: state.correlation, assessment: assessment))
        writer.submit([
            JudgedAnswer(
                decision: decision, accepted: nil, attempt: .step(state),
                receivedAt: item.receivedAt
            ) { verdict in
                switch verdict {
                case .unavailable(let error): item.completion(.unavailable(error))
                case .refused(_, let code):
                    item.completion(.refused(user: state.user, code: code))
                case .accepted, .unfinished, .limited:
                    // A refusal becomes no yes.
                    item.completion(.refused(user: state.user, code: code))
                }
            }
        ])
    }

    /// The sign-in of a transaction, where it is one of ours, for this front end, and its time is not over.
    public func open(_ transaction: String, client: String) -> SignInState? {
        let gate = writer.gate
        guard
            let state = gate.sealer.open(transaction), state.client == client,
            gate.clock() < state.expiresAt
        else { return nil }
        return state
    }

    /// Ends a sign-in in which nothing but the password was asked for.
    public func conclude(
        _ state: SignInState, completion: @escaping @Sendable (AuthenticationVerdict) -> Void
    ) {
        let isVouched = state.circumstances.password == .right
        writer.submit([
            JudgedAnswer(
                decision: SignInDecision(
                    challenge: nil, method: .password, user: state.user, relyingPartyID: nil,
                    credentialID: nil, client: state.client, service: state.service,
                    address: state.address, at: writer.gate.clock(),
                    judgement: isVouched
                        ? .passwordVouched : .refused(code: AccessRefusal.noMethod.rawValue),
                    access: .granted, log: SignInLogEntry(correlation: [])),
                accepted: isVouched
                    ? AcceptedSignIn(
                        user: state.user, credentialID: nil, label: "", means: .password,
                        isUserVerified: false, isHardwareBound: false) : nil,
                attempt: .step(state), receivedAt: .now, completion: completion)
        ])
    }

    /// What an administrator's ticket says, where it is one for this front end and its time is not over. Whether the account
    /// still stands behind it is asked with ``AdministratorTicket/holds(for:)``.
    public func administrator(_ ticket: String, client: String) -> AdministratorTicket? {
        writer.gate.tickets.open(ticket, client: client)
    }
}
