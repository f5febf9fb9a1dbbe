public import Accounts
public import Addresses
public import AuditLog
public import CredentialStore
public import Secrets

/// An app password that was made. It is told once.
public struct MadeAppPassword: Sendable {
    /// What names it.
    public let number: Int64
    /// The password, in groups of four letters.
    public let text: String
}

/// An app password that is asked for.
public struct AppPasswordRequest: Sendable {
    /// Whom it is for.
    public var user: UserName
    /// The services that it is for.
    public var services: Set<String>
    /// The networks that it may come from; none for any.
    public var networks: [IPNetwork]
    /// The owner's name for it.
    public var label: String
    /// How long it is good for; `nil` for ever.
    public var lifetime: Duration?

    /// A request from its parts.
    public init(
        user: UserName, services: Set<String>, networks: [IPNetwork], label: String,
        lifetime: Duration?
    ) {
        self.user = user
        self.services = services
        self.networks = networks
        self.label = label
        self.lifetime = lifetime
    }
}

/// Makes what stands in for a token or a password: recovery codes, Temporary Access Passes, app passwords. Each is told
/// once; the store has digests alone. Its methods block.
public final class SpareCodeService: Sendable {
    private let store: SQLiteStore
    private let policy: CodePolicy
    private let secrets: SpareSecrets
    private let clock: @Sendable () -> Timestamp

    /// A service over a store.
    public init(
        store: SQLiteStore, vault: SecretVault, policy: CodePolicy,
        clock: @escaping @Sendable () -> Timestamp
    ) throws(CeremonyError) {
        self.store = store
        self.policy = policy
        self.clock = clock
        secrets = try SpareSecrets(store: store, vault: vault)
    }

    /// Fresh recovery codes in the place of all that the user had.
    public func makeRecoveryCodes(
        for name: UserName, by origin: AuditOrigin
    ) throws(CeremonyError) -> [String] {
        let user = try user(name)
        let codes = (0..<policy.recoveryCodeCount).map { _ in secrets.makeRecoveryCode() }
        let now = clock()
        try storing { () throws(StoreError) in
            try store.replaceRecoveryCodes(
                of: name,
                digests: codes.map {
                    secrets.digest(of: $0, for: .recoveryCode, user: user.handle)
                },
                by: origin, at: now)
        }
        return codes.map(RecoveryCodeText.grouped)
    }

    /// A fresh pass in the place of any that the user had.
    ///
    /// - Parameters:
    ///   - issuer: who gives it: another user.
    ///   - delay: after how long it begins to be in force.
    public func issueAccessPass(
        to name: UserName, by issuer: UserName, lifetime: Duration, delay: Duration = .zero,
        length: Int = AccessPassText.usualLength, isOneTime: Bool, origin: AuditOrigin
    ) throws(CeremonyError) -> (text: String, pass: AccessPass) {
        guard issuer != name else { throw .accessPass(.issuerIsUser) }
        guard policy.accessPassLifetimes.contains(lifetime),
            (.zero ... .seconds(30 * 86_400))
                .contains(delay)
        else { throw .accessPass(.lifetime) }
        guard AccessPassText.lengths.contains(length) else { throw .accessPass(.length) }
        let user = try user(name)
        let text = secrets.makeAccessPass(length: length)
        let now = clock()
        let start = now.advanced(by: delay)
        let pass = AccessPass(
            digest: secrets.digest(of: text, for: .accessPass, user: user.handle),
            startsAt: start, expiresAt: start.advanced(by: lifetime), isOneTime: isOneTime,
            issuer: issuer, createdAt: now)
        try storing { () throws(StoreError) in try store.issue(pass, to: name, by: origin) }
        return (text, pass)
    }

    /// A fresh app password, for a user whose MFA is enforced.
    public func makeAppPassword(
        _ request: AppPasswordRequest, by origin: AuditOrigin
    ) throws(CeremonyError) -> MadeAppPassword {
        guard policy.allowsAppPasswords else { throw .appPassword(.notAllowed) }
        guard
            !request.services.isEmpty, request.services.isSubset(of: policy.appPasswordServices)
        else { throw .appPassword(.service) }
        if let lifetime = request.lifetime {
            guard (.seconds(60) ... .seconds(3660 * 86_400)).contains(lifetime) else {
                throw .appPassword(.expiry)
            }
        }
        let user = try user(request.user)
        let text = secrets.makeAppPassword()
        let now = clock()
        let password = NewAppPassword(
            owner: request.user, prefix: String(text.prefix(AppPasswordText.prefixLength)),
            digest: secrets.digest(of: text, for: .appPassword, user: user.handle),
            services: request.services, networks: request.networks.map(\.description),
            label: request.label, expiresAt: request.lifetime.map { now.advanced(by: $0) },
            createdAt: now)
        let number = try storing { () throws(StoreError) in
            try store.add(password, maximum: policy.maximumAppPasswordsPerUser, by: origin)
        }
        return MadeAppPassword(number: number, text: AppPasswordText.grouped(text))
    }

    private func user(_ name: UserName) throws(CeremonyError) -> User {
        guard let user = try storing({ () throws(StoreError) in try store.user(name) }) else {
            throw .store(.noSuchUser(name))
        }
        return user
    }
}
