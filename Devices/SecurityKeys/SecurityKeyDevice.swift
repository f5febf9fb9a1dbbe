public import Authenticators
import WebAuthn

/// A FIDO2 or U2F security key, driven through libfido2.
///
/// The key is opened for each ceremony and closed after it, so that a ceremony that was cut short leaves nothing
/// behind, and other programs can use the key in between.
public actor SecurityKeyDevice: Authenticator {
    /// Opens a connection to the key. Called on the key's own thread, where it may block.
    public typealias Connector = @Sendable () throws(AuthenticatorFailure) -> any ReportTransport

    /// Where the key is.
    public nonisolated let path: DevicePath

    private let connect: Connector
    private let patience: Patience
    private let executor: BlockingExecutor
    private var isInUse = false

    /// The key's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// A key that this module connects to by itself: one behind the kernel's HID driver or behind UDP. Nothing is
    /// opened yet.
    ///
    /// - Throws: ``AuthenticatorFailure/invalidPath(_:)`` for a software key, which needs a connector.
    public init(path: DevicePath, reach: UDPReach = .loopback) throws(AuthenticatorFailure) {
        switch path {
        case .hidraw(let number):
            self.init(path: path) { () throws(AuthenticatorFailure) in
                try DescriptorTransport.openHIDDevice(number: number)
            }
        case .udp(let host, let port):
            self.init(path: path) { () throws(AuthenticatorFailure) in
                try DescriptorTransport.openUDP(host: host, port: port, reach: reach)
            }
        case .emulator: throw .invalidPath(path.description)
        }
    }

    /// A key that `connect` opens a connection to, anew for each ceremony. `path` only names it.
    public init(path: DevicePath, connect: @escaping Connector) {
        self.init(path: path, patience: .standard, connect: connect)
    }

    /// A key that is given as long as `patience` says.
    package init(path: DevicePath, patience: Patience, connect: @escaping Connector) {
        self.path = path
        self.patience = patience
        self.connect = connect
        executor = BlockingExecutor(label: "countersign.security-key \(path)")
    }

    /// Asks the key for its information and its retries. Needs nobody.
    public func describe() async throws(AuthenticatorFailure) -> AuthenticatorDescription {
        var listed: ListedKey?
        if case .hidraw = path {
            listed = try await ListedKey.attached().first { $0.path == path }
        }
        return try await exclusively(.unattended) { (device) throws(AuthenticatorFailure) in
            try device.description(path: path, listed: listed)
        }
    }

    /// Opens the key for `body` and nobody else, and closes it afterwards. Cancelling the task ends it.
    func exclusively<Value: Sendable>(
        _ interaction: Interaction,
        _ body: (borrowing DeviceHandle) async throws(AuthenticatorFailure) -> Value
    ) async throws(AuthenticatorFailure) -> Value {
        // While a ceremony waits for the person's PIN, the actor would let another one in.
        guard !isInUse else { throw .inUse }
        isInUse = true
        defer { isInUse = false }
        let cancellation = Cancellation()
        let result = await withTaskCancellationHandler {
            await opened(cancellation, interaction, body)
        } onCancel: {
            cancellation.request()
        }
        return try result.get()
    }

    private func opened<Value: Sendable>(
        _ cancellation: Cancellation, _ interaction: Interaction,
        _ body: (borrowing DeviceHandle) async throws(AuthenticatorFailure) -> Value
    ) async -> Result<Value, AuthenticatorFailure> {
        do throws(AuthenticatorFailure) {
            let pipe = ReportPipe(
                transport: try connect(), cancellation: cancellation, report: interaction.report)
            let device = try DeviceHandle(
                pipe: pipe, path: path.description, patience: patience)
            return .success(try await body(device))
        } catch {
            return .failure(error)
        }
    }
}
