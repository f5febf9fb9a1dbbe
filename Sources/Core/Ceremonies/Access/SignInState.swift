public import Accounts
public import Addresses
import ConditionalAccess
public import CredentialStore
import Cryptography

/// How far a sign-in has come: what it is for, and what has been shown.
///
/// It lives in the transaction that the front end keeps, sealed; the server remembers nothing of it. Each step uses up
/// the state that it began from, and goes on in another.
public struct SignInState: Sendable, Hashable {
    /// 16 random bytes that name the sign-in through all its steps.
    let correlation: [UInt8]
    /// How many steps came before.
    let step: UInt8
    /// Whether a front end began it, so that it is a transaction, or one answer is all of it.
    let isTransaction: Bool
    /// Who signs in.
    public let user: UserName
    /// The front end.
    public let client: String
    /// What the user signs in to, as the front end calls it.
    public let service: String?
    /// Where the user is, as the front end says.
    public let address: IPAddress?
    /// Where and with what, as the front end says.
    public let circumstances: SignInCircumstances
    /// When it was begun.
    let startedAt: Timestamp
    /// When its time is over.
    let expiresAt: Timestamp
    /// What has been shown, and was right.
    let shown: [ShownFactor]

    /// How many steps a sign-in can have.
    static let maximumSteps = 4

    init(
        correlation: [UInt8], step: UInt8 = 0, isTransaction: Bool, user: UserName, client: String,
        service: String?, address: IPAddress?, circumstances: SignInCircumstances,
        startedAt: Timestamp, expiresAt: Timestamp, shown: [ShownFactor] = []
    ) {
        self.correlation = correlation
        self.step = step
        self.isTransaction = isTransaction
        self.user = user
        self.client = client
        self.service = service
        self.address = address
        self.circumstances = circumstances
        self.startedAt = startedAt
        self.expiresAt = expiresAt
        self.shown = shown
    }

    /// The state after one more factor was shown.
    func showing(_ factor: ShownFactor) -> SignInState {
        SignInState(
            correlation: correlation, step: step + 1, isTransaction: true, user: user,
            client: client, service: service, address: address, circumstances: circumstances,
            startedAt: startedAt, expiresAt: expiresAt, shown: shown + [factor])
    }

    /// Names this step: 17 bytes, which a challenge for it is bound to.
    var binding: [UInt8] { correlation + [step] }

    /// What is spent with the step; `nil` where there is no transaction that could be used again.
    var spent: SpentChallenge? {
        guard isTransaction else { return nil }
        let name = SHA256.hash(Array("countersign sign-in step 1".utf8) + binding)
        return SpentChallenge(challenge: name, expiresAt: expiresAt)
    }
}

/// A factor that was shown in a step, and was right.
struct ShownFactor: Sendable, Hashable {
    /// When.
    let at: Timestamp
    /// With what.
    let method: SignInMethod
    /// The credential, where it has an identifier.
    let credentialID: [UInt8]?
    /// Its owner's name for it.
    let label: String
    /// Whether the person was verified.
    let isUserVerified: Bool
    /// Whether its key is known to live in hardware.
    let isHardwareBound: Bool
    /// What device it is, where that is known.
    let device: DeviceFacts?

    /// The step as the log has it.
    var logged: SignInStep {
        SignInStep(
            at: at, method: method, credentialID: credentialID, label: label,
            isUserVerified: isUserVerified, isHardwareBound: isHardwareBound,
            device: device?.name, reason: "ok")
    }
}
