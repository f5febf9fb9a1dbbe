public import Accounts
public import Cryptography
public import VerificationCore
public import WebAuthn

/// What the operator has decided.
public struct ServerPolicy: Sendable {
    /// Whom the server verifies for; the first is the default.
    public var relyingParties: [RelyingParty]
    /// Whether the person must be verified where a request does not say.
    public var userVerification: UserVerificationRequirement
    /// Whether a request may ask for less than ``userVerification``.
    public var allowsWeakerUserVerification: Bool
    /// Which attestations will do at registration.
    public var attestation: AttestationVerifier.Policy
    /// The roots that attestation certificates may lead to.
    public var attestationAnchors: [Certificate]
    /// The algorithms that are offered, the best first.
    public var algorithms: [COSEAlgorithm]
    /// How long a challenge can be answered.
    public var challengeLifetime: Duration
    /// How many credentials a user may have for a relying party, and how many keys of cards.
    public var maximumCredentialsPerUser: Int
    /// What is decided about cards.
    public var cards: CardPolicy
    /// What is decided about tokens, codes and app passwords.
    public var codes: CodePolicy
    /// Whether a user may register something of a method, or be given it. It may wait for the store.
    public var mayRegister: @Sendable (UserName, SignInMethod) -> Bool

    /// A policy for these relying parties: user verification required, any attestation recorded, two minutes.
    public init(relyingParties: [RelyingParty]) {
        self.relyingParties = relyingParties
        userVerification = .required
        allowsWeakerUserVerification = false
        attestation = .any
        attestationAnchors = []
        algorithms = [.es256]
        challengeLifetime = .seconds(120)
        maximumCredentialsPerUser = 20
        cards = CardPolicy()
        codes = CodePolicy()
        mayRegister = { _, _ in true }
    }

    /// Makes sure that a user may register something of a method.
    func checkMethod(_ method: SignInMethod, of user: UserName) throws(CeremonyError) {
        guard mayRegister(user, method) else { throw .methodNotAllowed }
    }

    func relyingParty(_ id: RelyingPartyID?) -> RelyingParty? {
        guard let id else { return relyingParties.first }
        return relyingParties.first { $0.id == id }
    }

    func userVerification(
        asked: UserVerificationRequirement?
    ) -> UserVerificationRequirement? {
        guard let asked else { return userVerification }
        let isWeaker = asked.strength < userVerification.strength
        return isWeaker && !allowsWeakerUserVerification ? nil : asked
    }
}

extension UserVerificationRequirement {
    fileprivate var strength: Int {
        switch self {
        case .discouraged: 0
        case .preferred: 1
        case .required: 2
        }
    }
}
