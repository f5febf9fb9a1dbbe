import Cryptography
import PhonePush
import PushMessages
import Synchronization

/// A phone in software that is asked whether it is its owner who signs in.
///
/// It is a real one and no mock: it makes a key for each account, knows its server by the key that was pinned when it was
/// enrolled, takes Web Push messages on an endpoint of its own and asks by itself, shows nothing that its server has not
/// signed for it, and signs what the person saw together with what they decided.
///
/// What happens is told in ``outcomes``. Whoever reads the state file or the process's memory has the keys.
public final class SoftwarePhone: Sendable {
    /// What is known only while the phone is on.
    struct Session {
        /// Where events of the run go; `nil` while the phone does not run.
        var events: AsyncStream<PhoneEvent>.Continuation?
        var endpoint: Task<PushEndpointServer, any Error>?
        /// The time of the last signed message of each account, in ms: the next has to be later.
        var lastTimes: [PhoneID: Int64] = [:]
        /// How far each server's clock is ahead, in ms, where one said so.
        var offsets: [PhoneID: Int64] = [:]
        /// The prompts that have shown, and when they expire.
        var shown: [PromptID: Int64] = [:]
    }

    let configuration: Configuration
    let memory: PhoneMemory
    let inbox: PushInbox
    let session = Mutex(Session())
    let report: AsyncStream<PhoneOutcome>.Continuation

    /// What happens, in order. For one reader; the last 1 024 wait for it.
    public let outcomes: AsyncStream<PhoneOutcome>

    /// Turns a phone on, with the state that `storage` has.
    public init(
        storage: Storage = .memory, configuration: Configuration = Configuration()
    ) throws(PhoneFailure) {
        let (outcomes, report) = AsyncStream.makeStream(
            of: PhoneOutcome.self, bufferingPolicy: .bufferingNewest(1_024))
        self.configuration = configuration
        self.outcomes = outcomes
        self.report = report
        memory = try PhoneMemory(storage)
        inbox = PushInbox(clock: configuration.clock) { report.yield($0) }
    }

    deinit {
        session.withLock { $0.endpoint }?.cancel()
        report.finish()
    }

    /// The accounts that the phone is enrolled for, the oldest first.
    public var accounts: [Account] {
        memory.current.accounts.map { account in
            Account(
                phone: account.phone, user: account.user, server: account.server,
                endpoint: account.subscription.endpoint)
        }
    }

    /// Makes the push endpoint fail, one fault a request.
    public func planEndpointFaults(_ faults: [EndpointFault]) {
        inbox.withDistributor { $0.plan(faults) }
    }

    /// Opens the push endpoint, where the phone has one and it is not open yet.
    ///
    /// ``enrol(_:)`` and ``run(person:)`` do so too. It is open until ``close()``: while the phone does not run, messages
    /// wait as long as they may.
    public func open() async throws(PhoneFailure) {
        guard let port = configuration.delivery.pushPort else { return }
        let (host, inbox) = (configuration.host, inbox)
        let task = session.withLock { session in
            if let task = session.endpoint { return task }
            let task = Task<PushEndpointServer, any Error> {
                try await PushEndpointServer.start(host: host, port: port) { inbox.receive($0) }
            }
            session.endpoint = task
            return task
        }
        do {
            let server = try await task.value
            let name = host.contains(":") ? "[\(host)]" : host
            let accounts = memory.current.accounts
            inbox.withDistributor { distributor in
                guard distributor.origin.isEmpty else { return }
                distributor.origin = "http://\(name):\(server.port)"
                for account in accounts { distributor.subscribe(account) }
            }
        } catch {
            session.withLock { $0.endpoint = nil }
            throw error as? PhoneFailure
                ?? .cannotListen(address: "\(host):\(port)", reason: "\(error)")
        }
    }

    /// Turns the phone off for good: closes the push endpoint and ends ``outcomes``.
    public func close() async {
        let task = session.withLock { $0.endpoint.take() }
        inbox.withDistributor { $0.origin = "" }
        if let server = try? await task?.value { server.close() }
        report.finish()
    }
}

extension Distributor {
    /// Takes the messages of an account.
    mutating func subscribe(_ account: PhoneAccount) {
        subscribe(
            account.subscription.token,
            Subscription(serverKey: account.serverKey, isGone: account.subscription.isGone))
    }
}
