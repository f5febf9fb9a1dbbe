public import Accounts
public import Addresses
public import CredentialStore
public import Secrets

/// A code that somebody typed, or a program kept.
public struct CodeRequest: Sendable {
    /// Whose code it is said to be.
    public var user: UserName
    /// The code, as it was typed.
    public var code: String
    /// What it must be, where the front end says.
    public var method: SignInMethod?
    /// What the user signs in to, as the front end calls it.
    public var service: String?
    /// Where the user is, as the front end says.
    public var address: IPAddress?
    /// The front end that asks.
    public var client: String
    /// What it is part of.
    public var attempt: SignInAttempt

    /// A request from its parts.
    public init(
        user: UserName, code: String, method: SignInMethod?, service: String?,
        address: IPAddress?, client: String, attempt: SignInAttempt = .single()
    ) {
        self.user = user
        self.code = code
        self.method = method
        self.service = service
        self.address = address
        self.client = client
        self.attempt = attempt
    }
}

/// A code and who waits for its verdict.
struct TypedCodeAttempt: Sendable {
    let request: CodeRequest
    let receivedAt: ContinuousClock.Instant
    let completion: @Sendable (AuthenticationVerdict) -> Void
}

/// Verifies one-time codes, recovery codes, passes and app passwords, in batches.
///
/// Codes of one user are judged by one thread. The method returns at once and calls back from a thread of the service's.
public final class CodeService: Sendable {
    private let verifying: [NaturalBatcher<TypedCodeAttempt>]

    /// A service over a store and its writer; `workers` threads verify.
    public init(
        store: SQLiteStore, writer: SignInWriter, vault: SecretVault, budgets: CodeBudgets,
        policy: CodePolicy, workers: Int, clock: @escaping @Sendable () -> Timestamp
    ) throws(CeremonyError) {
        let judge = CodeJudge(
            store: store, vault: TokenVault(vault: vault), budgets: budgets, policy: policy,
            secrets: try SpareSecrets(store: store, vault: vault), nobody: try TokenOfNobody(vault),
            clock: clock)
        verifying = (0..<max(1, workers)).map { number in
            NaturalBatcher(
                label: "countersign.codes.\(number)", workers: 1, maximumBatch: 64
            ) { batch in
                writer.submit(judge.judge(batch))
            }
        }
    }

    /// Judges a code. A yes is on disk before `completion` is called.
    public func verify(
        _ request: CodeRequest, completion: @escaping @Sendable (AuthenticationVerdict) -> Void
    ) {
        let worker = Int(UInt(bitPattern: request.user.hashValue) % UInt(verifying.count))
        verifying[worker].submit(
            TypedCodeAttempt(request: request, receivedAt: .now, completion: completion))
    }

    /// Counts since the start: batches in which codes were verified, and codes, whatever came of them.
    public var counts: (batches: Int, verified: Int) {
        let counts = verifying.map(\.counts)
        return (
            batches: counts.reduce(0) { $0 + $1.batches },
            verified: counts.reduce(0) { $0 + $1.elements }
        )
    }
}
