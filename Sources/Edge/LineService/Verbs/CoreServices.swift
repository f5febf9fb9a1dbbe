public import Ceremonies
public import CredentialStore
public import DeviceModels
import Dispatch
import LineProtocol

/// What the verbs about users, credentials and sign-ins work on.
public struct CoreServices: Sendable {
    let store: SQLiteStore
    let registration: RegistrationService
    let cardRegistration: CardRegistrationService
    let authentication: AuthenticationService
    let catalogue: Catalogue
    let clock: @Sendable () -> Timestamp
    /// Where the store may be waited for, away from the event loops and from Swift's own threads.
    let administration = DispatchQueue(label: "countersign.administration")

    /// Services over one store.
    public init(
        store: SQLiteStore, registration: RegistrationService,
        cardRegistration: CardRegistrationService, authentication: AuthenticationService,
        catalogue: Catalogue, clock: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.registration = registration
        self.cardRegistration = cardRegistration
        self.authentication = authentication
        self.catalogue = catalogue
        self.clock = clock
    }

    /// The verbs, in the order in which help lists them. `program` names the server in STATUS.
    public func verbs(program: String) -> [Verb] {
        let start = clock()
        return [
            challengeVerb, assertVerb, enrollBeginVerb, enrollFinishVerb, credListVerb, credDelVerb,
            userAddVerb, userGetVerb, userDelVerb, statusVerb(program: program, since: start),
        ]
    }

    /// A verb whose work waits for the store.
    ///
    /// - Parameter queue: where it waits; the queue of all administration if `nil`.
    func administrative(
        _ syntax: VerbSyntax, requires capability: Capability, on queue: DispatchQueue? = nil,
        respond: @escaping @Sendable (Invocation) throws(ArgumentError) -> Reply
    ) -> Verb {
        let queue = queue ?? administration
        return Verb(syntax, requires: capability) { invocation, promise in
            queue.async {
                do throws(ArgumentError) {
                    promise.fulfil(try respond(invocation))
                } catch {
                    promise.fulfil(error.reply)
                }
            }
        }
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
    public static let all: [Capability] = [.verify, .enroll, .administer, .stats, .reasons]
}
