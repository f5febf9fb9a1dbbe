public import Ceremonies
public import CredentialStore
public import DeviceModels
import Dispatch
import LineProtocol

/// What the verbs about users, credentials and sign-ins work on.
public struct CoreServices: Sendable {
    /// The store, for what needs no service.
    public var store: SQLiteStore
    /// Enrols security keys.
    public var registration: RegistrationService
    /// Enrols cards.
    public var cardRegistration: CardRegistrationService
    /// Challenges, and verifies the answers.
    public var authentication: AuthenticationService
    /// Enrols tokens.
    public var tokens: TokenService
    /// Verifies what is typed.
    public var codes: CodeService
    /// Makes recovery codes, passes and app passwords.
    public var spares: SpareCodeService
    /// Begins sign-ins that take more than one answer.
    public var access: AccessService
    /// Puts policies in force.
    public var policies: PolicyDesk
    /// Signs the heads of the audit log.
    public var auditHeads: AuditHeads
    /// Asks on phones, where the server has an address that phones reach.
    public var push: PushService?
    /// Whether app passwords go when a password is reset.
    public var deletesAppPasswordsAtReset: Bool
    /// Seals all secrets at rest under a new key.
    public var rotateKeys: @Sendable () throws -> KeyRotationReport
    /// Device models and advisories.
    public var catalogue: Catalogue
    /// The time.
    public var clock: @Sendable () -> Timestamp
    /// Where the store may be waited for, away from the event loops and from Swift's own threads.
    let administration = DispatchQueue(label: "countersign.administration")

    /// Services over one store.
    public init(
        store: SQLiteStore, registration: RegistrationService,
        cardRegistration: CardRegistrationService, authentication: AuthenticationService,
        tokens: TokenService, codes: CodeService, spares: SpareCodeService, access: AccessService,
        policies: PolicyDesk, auditHeads: AuditHeads, push: PushService?,
        deletesAppPasswordsAtReset: Bool,
        rotateKeys: @escaping @Sendable () throws -> KeyRotationReport, catalogue: Catalogue,
        clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.registration = registration
        self.cardRegistration = cardRegistration
        self.authentication = authentication
        self.tokens = tokens
        self.codes = codes
        self.spares = spares
        self.access = access
        self.policies = policies
        self.auditHeads = auditHeads
        self.push = push
        self.deletesAppPasswordsAtReset = deletesAppPasswordsAtReset
        self.rotateKeys = rotateKeys
        self.catalogue = catalogue
        self.clock = clock
    }

    /// The verbs, in the order in which help lists them. `program` names the server in STATUS.
    public func verbs(program: String) -> [Verb] {
        let start = clock()
        let pushVerbs = push.map { push in
            [pushVerb(push), waitVerb(push), cancelVerb(push), enrollWaitVerb(push)]
        }
        return signInVerbs + (pushVerbs ?? []) + factorVerbs + directoryVerbs + policyVerbs
            + auditVerbs(auditHeads) + [
                reportVerb, signInsVerb, keysRotateVerb, statusVerb(program: program, since: start),
            ]
    }

    private var signInVerbs: [Verb] {
        [beginVerb, continueVerb, challengeVerb, assertVerb, verifyVerb]
    }

    private var factorVerbs: [Verb] {
        [
            enrollBeginVerb, enrollFinishVerb, credListVerb, credDelVerb, tokenAddVerb,
            tokenListVerb, tokenAssignVerb, tokenUnassignVerb, tokenResyncVerb, tokenDelVerb,
            recoveryNewVerb, passAddVerb, passDelVerb, appPassAddVerb, appPassListVerb,
            appPassDelVerb,
        ]
    }

    private var directoryVerbs: [Verb] {
        [
            actVerb, userAddVerb, userGetVerb, userListVerb, userDelVerb, userLockVerb,
            userUnlockVerb, userMFAVerb, riskReportVerb, riskGetVerb, passwordResetVerb,
            pushResumeVerb, groupAddVerb, groupDelVerb, groupListVerb, groupJoinVerb,
            groupLeaveVerb, groupMembersVerb, roleAddVerb, roleDelVerb, roleListVerb, appAddVerb,
            appSetVerb, appDelVerb, appListVerb, locationAddVerb, locationSetVerb, locationDelVerb,
            locationListVerb, locationGetVerb,
        ]
    }
}

extension Capability {
    /// Ask for challenges and have their answers verified.
    public static let verify = Capability(rawValue: "verify")
    /// Enrol credentials.
    public static let enroll = Capability(rawValue: "enroll")
    /// Add, show and delete users and credentials.
    public static let administer = Capability(rawValue: "administer")
    /// See how the server fares.
    public static let stats = Capability(rawValue: "stats")

    /// All that a client can be given.
    public static let all: [Capability] = [
        .verify, .enroll, .administer, .stats, .act, .audit, .reasons,
    ]
}

/// What a rotation of keys did.
public struct KeyRotationReport: Sendable, Hashable {
    /// The number of the key that seals from now on.
    public var key: UInt32
    /// How many secrets were sealed anew.
    public var resealed: Int
    /// How many could not be opened; older keys were kept for them.
    public var unreadable: Int

    /// A report from its parts.
    public init(key: UInt32, resealed: Int, unreadable: Int) {
        self.key = key
        self.resealed = resealed
        self.unreadable = unreadable
    }
}
