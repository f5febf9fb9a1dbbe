import Authenticators
import CFIDO2

/// A request that libfido2 is to carry out with user verification by one method or another, and then its answer.
protocol CeremonyHandle: ~Copyable {
    /// Asks for built-in user verification, or leaves it to the key.
    func setBuiltInVerification(_ isWanted: Bool) throws(AuthenticatorFailure)

    /// Carries the request out. The device and the PIN, if any, are in use until it returns.
    func run(on device: OpaquePointer, pin: UnsafePointer<UInt8>?) -> Int32
}

extension DeviceHandle {
    /// Carries a ceremony out with user verification by `method`.
    borrowing func run(
        _ ceremony: borrowing some CeremonyHandle & ~Copyable, by method: VerificationPlan.Method,
        pin: borrowing PIN?, means: VerificationMeans, timeout: Duration
    ) throws(AuthenticatorFailure) -> FIDOStatus {
        try ceremony.setBuiltInVerification(method == .builtIn)
        var prompts = ReportPipe.Prompts.touch
        if method == .builtIn {
            prompts.forToken = .verificationNeeded(means)
            if !grantsTokens { prompts.forCommand = .verificationNeeded(means) }
        }
        return try unsafe withCString(of: pin) { text -> Result<FIDOStatus, AuthenticatorFailure> in
            Result { () throws(AuthenticatorFailure) in
                try unsafe call(timeout: timeout, prompts: prompts) { device in
                    unsafe ceremony.run(on: device, pin: text)
                }
            }
        }.get()
    }
}

/// Throws for a setter of the library that refuses what it is given.
func require(_ status: Int32, _ name: String) throws(AuthenticatorFailure) {
    guard status == FIDO_OK else { throw .invalidRequest(name: name) }
}

/// The bytes of a buffer of the library's, which may be `NULL` where it is empty.
func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: start, count: unsafe start == nil ? 0 : count))
}
