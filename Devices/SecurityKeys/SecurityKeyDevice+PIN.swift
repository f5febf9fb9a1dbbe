public import Authenticators
import CFIDO2

extension SecurityKeyDevice {
    /// Gives the key a PIN, or another one in place of `current`. What is wrong with a PIN only the key can tell:
    /// ``AuthenticatorFailure/pinPolicy`` for one that is too short.
    public func setPIN(
        _ new: borrowing PIN, replacing current: borrowing PIN?
    ) async throws(AuthenticatorFailure) {
        try await exclusively(.unattended) { (device) async throws(AuthenticatorFailure) in
            guard device.isFIDO2 else { throw .unsupportedFeature(name: "clientPin") }
            let status = try device.setPIN(new, replacing: current)
            guard status != .success else { return }
            throw status == .pinInvalid
                ? .pinInvalid(retriesLeft: try device.pinRetries()) : status.failure
        }
    }
}

extension DeviceHandle {
    borrowing func setPIN(
        _ new: borrowing PIN, replacing current: borrowing PIN?
    ) throws(AuthenticatorFailure) -> FIDOStatus {
        try new.withNullTerminatedUTF8 { bytes -> Result<FIDOStatus, AuthenticatorFailure> in
            unsafe withCString(of: current) { old in
                Result { () throws(AuthenticatorFailure) in
                    try unsafe call { device in
                        unsafe bytes.withUnsafeBufferPointer {
                            unsafe fido_dev_set_pin(device, $0.baseAddress, old)
                        }
                    }
                }
            }
        }.get()
    }
}
