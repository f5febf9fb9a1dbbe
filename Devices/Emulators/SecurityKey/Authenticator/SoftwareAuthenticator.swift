import CTAP
import Cryptography
import Encoding

/// The authenticator behind the transport: CTAP 2.1 and U2F on a ``KeyState``, without I/O.
///
/// A command answers with a ``Step``: a reply, or a prompt for the person and how to go on with what the person does.
/// Each command is in a file of its own.
struct SoftwareAuthenticator: Sendable {
    /// Where a command stands.
    enum Step: Sendable {
        /// It is done.
        case reply(CTAPResponse)
        /// It waits for the person.
        case ask(PersonScript.Prompt, timeout: Duration, then: Continuation)
    }

    /// How a command goes on once the person has answered. A thrown status is its reply.
    typealias Continuation =
        @Sendable (inout SoftwareAuthenticator, Answer) throws(CTAPStatus) -> Step

    /// What the person did.
    enum Answer: Sendable {
        /// Touched, with a finger or with something that has no print.
        case touched(Finger?)
        /// Refused.
        case declined
        /// Nothing, until the time was over.
        case timedOut
    }

    /// What it remembers without power.
    var state: KeyState { didSet { isStateChanged = true } }
    /// Whether `state` has to be saved before the next reply.
    var isStateChanged = false
    let configuration: SoftwareSecurityKey.Configuration
    let random: RandomSource
    /// The time, set before each call.
    var now: Duration
    /// What it remembers until it is unplugged.
    var session: Session

    init(
        state: KeyState, configuration: SoftwareSecurityKey.Configuration, random: RandomSource,
        poweredUpAt now: Duration
    ) throws(CryptographyError) {
        self.state = state
        self.configuration = configuration
        self.random = random
        self.now = now
        session = try Session(random: random, poweredUpAt: now)
    }

    /// Forgets what an unplugged key forgets.
    mutating func cyclePower(at now: Duration) throws(CryptographyError) {
        self.now = now
        session = try Session(random: random, poweredUpAt: now)
    }

    /// Carries out the payload of a CTAPHID_CBOR message.
    mutating func begin(_ message: [UInt8]) -> Step {
        guard message.count <= Limits.messageSize else {
            return .reply(.failure(.requestTooLarge))
        }
        do throws(MalformedMessage) {
            let request = try CTAPRequest(decoding: message)
            return begin(request)
        } catch {
            session.enumeration = nil
            return .reply(.failure(error.status))
        }
    }

    /// Goes on with a command after the person's answer.
    mutating func resume(_ then: Continuation, _ answer: Answer) -> Step {
        do throws(CTAPStatus) {
            return try then(&self, answer)
        } catch {
            return .reply(.failure(error))
        }
    }

    private mutating func begin(_ request: CTAPRequest) -> Step {
        do throws(CTAPStatus) {
            return try carryOut(request)
        } catch {
            return .reply(.failure(error))
        }
    }

    private mutating func carryOut(_ request: CTAPRequest) throws(CTAPStatus) -> Step {
        // Any command but its own continuation ends an enumeration (CTAP 2.1 §6, stateful commands).
        let enumeration = session.enumeration
        session.enumeration = nil
        switch request {
        case .makeCredential(let request): return try makeCredential(request)
        case .getAssertion(let request): return try getAssertion(request)
        case .getNextAssertion: return try getNextAssertion(continuing: enumeration)
        case .getInfo: return .reply(.success(information.cbor))
        case .clientPIN(let request): return try clientPIN(request)
        case .reset: return try reset()
        case .bioEnrollment(let request): return try bioEnrollment(request)
        case .credentialManagement(let request):
            return .reply(try credentialManagement(request, continuing: enumeration))
        case .selection: return selection()
        case .largeBlobs(let request): return .reply(try largeBlobs(request))
        case .config(let request): return .reply(try config(request))
        }
    }

    /// authenticatorSelection (CTAP 2.1 §6.9).
    private func selection() -> Step {
        askForTouch { _ in .reply(.success) }
    }
}

extension SoftwareAuthenticator {
    /// What a key remembers until it is unplugged.
    struct Session: Sendable {
        let poweredUpAt: Duration
        var keyAgreement: P256PrivateKey
        var tokens: [PINUVAuthProtocol: PINUVAuthToken]
        /// How many PINs in a row were wrong.
        var wrongPINs = 0
        var enumeration: Enumeration?
        var enrolment: Enrolment?
        var largeBlobWrite: LargeBlobWrite?
        var touch: PendingTouch?

        init(random: RandomSource, poweredUpAt: Duration) throws(CryptographyError) {
            self.poweredUpAt = poweredUpAt
            keyAgreement = try random.privateKey()
            tokens = Dictionary(
                uniqueKeysWithValues: PINUVAuthProtocol.allCases.map {
                    ($0, PINUVAuthToken(random: random))
                })
        }
    }

    /// An answer that takes several commands to give.
    enum Enumeration: Sendable {
        case assertions([KeyCredential], AssertionContext, since: Duration)
        case relyingParties([DiscoverableCredential])
        case credentials([DiscoverableCredential])
    }

    /// Waits for any touch. Refusal and time-out end the command.
    func askForTouch(
        then proceed: @escaping @Sendable (inout SoftwareAuthenticator) throws(CTAPStatus) -> Step
    ) -> Step {
        .ask(.touch, timeout: configuration.userActionTimeout) {
            (authenticator, answer) throws(CTAPStatus) in
            switch answer {
            case .touched: return try proceed(&authenticator)
            case .declined: throw .operationDenied
            case .timedOut: throw .userActionTimeout
            }
        }
    }

    /// Carries out a cryptographic operation whose failure is the key's own.
    func internally<Value>(
        _ operation: () throws(CryptographyError) -> Value
    ) throws(CTAPStatus) -> Value {
        do throws(CryptographyError) {
            return try operation()
        } catch {
            throw .other
        }
    }
}
