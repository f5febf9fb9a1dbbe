/// One authenticator that this machine can reach: what every driver implements.
///
/// Each family answers in its own currency (a security key with WebAuthn structures, a card with certificates and
/// signatures), so what a ceremony takes and gives are associated types; all else is the same for all: how an
/// authenticator describes itself, how it asks for its person, how it fails and how it is given up.
///
/// A conforming type is an actor on an executor of its own that may block: the libraries below wait for people.
/// It runs one ceremony at a time and refuses another with ``AuthenticatorFailure/inUse``. Cancelling the task cancels
/// the ceremony at the authenticator. Whatever a ceremony ended with, the next one finds the authenticator usable,
/// as long as it is there.
public protocol Authenticator: Sendable {
    /// What registering a credential takes.
    associatedtype RegistrationRequest: Sendable
    /// What registering a credential gives. Nothing in it has been verified.
    associatedtype RegistrationAnswer: Sendable
    /// What authenticating takes.
    associatedtype AuthenticationRequest: Sendable
    /// What authenticating gives. Nothing in it has been verified.
    associatedtype AuthenticationAnswer: Sendable

    /// Asks the authenticator what it is and what it can do. Needs nobody.
    func describe() async throws(AuthenticatorFailure) -> AuthenticatorDescription

    /// Makes a credential, with the person's help as `interaction` conveys it.
    func register(
        _ request: RegistrationRequest, interaction: Interaction
    ) async throws(AuthenticatorFailure) -> RegistrationAnswer

    /// Uses a credential, with the person's help as `interaction` conveys it.
    func authenticate(
        _ request: AuthenticationRequest, interaction: Interaction
    ) async throws(AuthenticatorFailure) -> AuthenticationAnswer
}
