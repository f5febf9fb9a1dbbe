public import Authenticators
import PIV

/// A PIV smart card, driven through PC/SC.
///
/// The connection is made for each operation and ended after it. While the person is asked for the PIN other programs can
/// use the card; what follows upon the PIN they cannot come between.
public actor SmartCardDevice: Authenticator {
    /// Opens a connection to the card. Called on the card's own thread, where it may block.
    public typealias Connector = @Sendable () throws(AuthenticatorFailure) -> any CardTransport

    /// Where the card is.
    public nonisolated let path: CardPath

    private let connect: Connector
    private let patience: CardPatience
    private let thread: CardThread
    private let executor: BlockingExecutor
    private var isInUse = false

    /// The device's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// A card that this module connects to by itself: one in a PC/SC reader. Nothing is opened yet.
    ///
    /// - Throws: ``AuthenticatorFailure/invalidPath(_:)`` for a software card, which needs a connector.
    public init(path: CardPath) throws(AuthenticatorFailure) {
        try self.init(path: path, patience: .standard)
    }

    /// A card in a PC/SC reader that is given as long as `patience` says.
    package init(path: CardPath, patience: CardPatience) throws(AuthenticatorFailure) {
        guard case .reader(let name) = path else { throw .invalidPath(path.description) }
        self.init(path: path, patience: patience) { () throws(AuthenticatorFailure) in
            try PCSCTransport(reader: name)
        }
    }

    /// A card that `connect` opens a connection to, anew for each operation. `path` only names it.
    public init(path: CardPath, connect: @escaping Connector) {
        self.init(path: path, patience: .standard, connect: connect)
    }

    /// A card that is given as long as `patience` says.
    package init(path: CardPath, patience: CardPatience, connect: @escaping Connector) {
        self.path = path
        self.patience = patience
        self.connect = connect
        thread = CardThread(label: "countersign.smart-card.line \(path)")
        executor = BlockingExecutor(label: "countersign.smart-card \(path)")
    }

    /// Connects to the card for `body` and nobody else of this process, and ends the connection afterwards. Cancelling
    /// the task ends it.
    ///
    /// - Parameter timeout: for all that `body` asks of the card; `nil` for what needs nobody.
    func exclusively<Value: Sendable>(
        timeout: Duration? = nil,
        _ body: (PIVCard) async throws(AuthenticatorFailure) -> Value
    ) async throws(AuthenticatorFailure) -> Value {
        // While an operation waits for the person's PIN, the actor would let another one in.
        guard !isInUse else { throw .inUse }
        isInUse = true
        defer { isInUse = false }
        let cancellation = Cancellation()
        let result = await withTaskCancellationHandler {
            await connected(cancellation, timeout ?? patience.altogether, body)
        } onCancel: {
            cancellation.request()
        }
        return try result.get()
    }

    private func connected<Value: Sendable>(
        _ cancellation: Cancellation, _ timeout: Duration,
        _ body: (PIVCard) async throws(AuthenticatorFailure) -> Value
    ) async -> Result<Value, AuthenticatorFailure> {
        do throws(AuthenticatorFailure) {
            let channel = try CardChannel(
                thread: thread, cancellation: cancellation, patience: patience,
                timeout: timeout, connect: connect)
            defer { channel.close() }
            return .success(try await body(PIVCard(channel: channel, path: path.description)))
        } catch {
            return .failure(error)
        }
    }
}
