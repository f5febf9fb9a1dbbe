public import Accounts
public import CredentialStore
import Cryptography
import WebAuthn

/// Tickets of administrators who have signed in to administer: a connection that shows one acts for them.
///
/// A ticket is a sealed challenge of a purpose of its own, for a user and a front end, and ends by itself. What its holder
/// may do is looked up each time; a role that is taken away is gone at once.
struct AdministratorTickets: Sendable {
    /// The application that administrators sign in to.
    static let application = "countersign"
    /// How long a ticket is good for at most.
    static let longestLifetime = Duration.seconds(3600)
    let sealer: ChallengeSealer
    /// What a sealed challenge is for; a ticket is for no relying party, and names the server's first.
    let relyingPartyID: RelyingPartyID?
    let clock: @Sendable () -> Timestamp

    /// A ticket for who has signed in, where it was to administer.
    func ticket(
        for state: SignInState, _ signInFrequency: Duration?, at now: Timestamp
    ) -> String? {
        guard state.service == Self.application, let relyingPartyID else { return nil }
        var lifetime = Self.longestLifetime
        // Every time means every ticket; shorter than a minute nobody can work.
        if let signInFrequency { lifetime = min(lifetime, max(signInFrequency, .seconds(60))) }
        return sealer.seal(
            IssuedChallenge(
                purpose: .administration, bytes: SecureRandom.bytes(32), user: state.user,
                relyingPartyID: relyingPartyID, client: state.client,
                userVerification: .discouraged, issuedAt: now,
                expiresAt: now.advanced(by: lifetime)))
    }

    /// What a ticket says, where it is one for this front end and its time is not over.
    func open(_ ticket: String, client: String) -> AdministratorTicket? {
        guard
            let challenge = sealer.open(ticket), challenge.purpose == .administration,
            challenge.client == client, clock() < challenge.expiresAt
        else { return nil }
        return AdministratorTicket(user: challenge.user, issuedAt: challenge.issuedAt)
    }
}

/// A ticket of an administrator's that is this server's and in time.
public struct AdministratorTicket: Sendable, Hashable {
    /// Whose.
    public let user: UserName
    /// When the administrator signed in.
    let issuedAt: Timestamp

    /// Whether the account still stands behind it: it is the one that signed in, and since then neither was its password
    /// reset nor did it come to be at risk.
    public func holds(for account: AccountFacts) -> Bool {
        if account.createdAt > issuedAt { return false }
        if let reset = account.passwordResetAt, reset > issuedAt { return false }
        if account.risk != .none, let since = account.riskSetAt, since > issuedAt { return false }
        return true
    }
}
