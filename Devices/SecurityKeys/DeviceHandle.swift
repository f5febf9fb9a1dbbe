import Authenticators
import CFIDO2

/// A security key that libfido2 has open, on a channel of its own. Used on the key's own thread only.
@safe struct DeviceHandle: ~Copyable {
    private let pointer: OpaquePointer
    private let pipe: ReportPipe
    private let patience: Patience

    /// Allocates a channel and asks the key what it is.
    init(
        pipe: ReportPipe, path: String, patience: Patience
    ) throws(AuthenticatorFailure) {
        guard let device = unsafe fido_dev_new() else {
            pipe.close()
            throw .unexpectedStatus(FIDOStatus.internalError.description)
        }
        pipe.begin(timeout: patience.promptly)
        let status = PipeRegistry.withToken(for: pipe) { token -> FIDOStatus in
            // The flag is kept by thread. Without it a key whose authenticatorGetInfo reply is damaged would be taken
            // for a U2F key, and its person would silently not be verified.
            fido_init(FIDO_DISABLE_U2F_FALLBACK)
            var functions = PipeRegistry.functions
            let status = unsafe FIDOStatus(
                rawValue: fido_dev_set_io_functions(device, &functions))
            guard status == .success else { return status }
            return unsafe FIDOStatus(rawValue: fido_dev_open(device, token))
        }
        guard status == .success else {
            var device: OpaquePointer? = unsafe device
            unsafe fido_dev_free(&device)
            pipe.close()
            throw Self.failureToOpen(status, pipe: pipe, path: path)
        }
        unsafe self.pointer = device
        self.pipe = pipe
        self.patience = patience
    }

    deinit {
        unsafe fido_dev_close(pointer)
        var device: OpaquePointer? = unsafe pointer
        unsafe fido_dev_free(&device)
    }

    private static func failureToOpen(
        _ status: FIDOStatus, pipe: ReportPipe, path: String
    ) -> AuthenticatorFailure {
        switch pipe.interruption {
        case .cancelled: .cancelled
        case .unplugged: pipe.hasAnswered ? .unplugged : .notFound(path: path)
        case .timedOut: pipe.hasAnswered ? .timedOut : .notAnAuthenticator(path: path)
        case nil: pipe.isBusy ? .inUse : status.failure
        }
    }

    /// Carries out one call of the library. Its status is returned where it comes from the key, which then awaits the
    /// next command. Everything else is thrown, and leaves the channel out of step: the handle is of no further use.
    ///
    /// - Parameter timeout: `nil` for a call that needs nobody.
    borrowing func call(
        timeout: Duration? = nil, prompts: ReportPipe.Prompts = .touch,
        _ body: (OpaquePointer) -> Int32
    ) throws(AuthenticatorFailure) -> FIDOStatus {
        pipe.begin(timeout: timeout ?? patience.promptly, prompts: prompts)
        let status = unsafe FIDOStatus(rawValue: body(pointer))
        guard status.rawValue < 0 else { return status }
        switch pipe.interruption {
        case .unplugged: throw .unplugged
        case .timedOut:
            cancel()
            throw .timedOut
        case .cancelled:
            cancel()
            throw .cancelled
        case nil: throw pipe.isBusy ? .inUse : status.failure
        }
    }

    /// Tells the key to give the request up. The library refuses for a U2F key, which has nothing to give up.
    private borrowing func cancel() {
        guard unsafe FIDOStatus(rawValue: fido_dev_cancel(pointer)) == .success else { return }
        pipe.drain(for: patience.farewell)
    }

    /// Whether it speaks CTAP2; otherwise U2F only.
    var isFIDO2: Bool { unsafe fido_dev_is_fido2(pointer) }

    /// Whether user verification yields a token with permissions (CTAP 2.1), or happens within the command (CTAP 2.0).
    var grantsTokens: Bool { unsafe fido_dev_supports_permissions(pointer) }

    /// Major, minor and build of the reply to CTAPHID_INIT.
    var version: [UInt8] {
        unsafe [fido_dev_major(pointer), fido_dev_minor(pointer), fido_dev_build(pointer)]
    }

    /// How many wrong PINs may still follow each other; `nil` where the key does not say.
    borrowing func pinRetries() throws(AuthenticatorFailure) -> Int? {
        try unsafe retries { unsafe fido_dev_get_retry_count($0, $1) }
    }

    /// How many failures of built-in user verification may still follow each other; `nil` where the key does not say.
    borrowing func verificationRetries() throws(AuthenticatorFailure) -> Int? {
        try unsafe retries { unsafe fido_dev_get_uv_retry_count($0, $1) }
    }

    private borrowing func retries(
        _ function: (OpaquePointer, UnsafeMutablePointer<Int32>) -> Int32
    ) throws(AuthenticatorFailure) -> Int? {
        var count: Int32 = 0
        let status = try unsafe call { unsafe function($0, &count) }
        return status == .success && count >= 0 ? Int(count) : nil
    }
}

/// Runs `body` with the PIN as C wants it, or with nothing.
func withCString<Result>(
    of pin: borrowing PIN?, _ body: (UnsafePointer<UInt8>?) -> Result
) -> Result {
    switch pin {
    case .none: body(nil)
    case .some(let pin):
        pin.withNullTerminatedUTF8 { bytes in
            unsafe bytes.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
        }
    }
}
