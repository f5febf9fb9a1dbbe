import Authenticators
import WebAuthn

extension DeviceHandle {
    /// What the key says of itself, with what the operating system `listed` of it.
    borrowing func description(
        path: DevicePath, listed: ListedKey?
    ) throws(AuthenticatorFailure) -> AuthenticatorDescription {
        let information = try information()
        var description = AuthenticatorDescription(
            family: .securityKey, path: path.description)
        description.manufacturer = listed?.manufacturer
        description.product = listed?.product
        description.vendorID = listed?.vendorID
        description.productID = listed?.productID
        description.aaguid = information.aaguid
        description.firmware = AuthenticatorDescription.Firmware(
            deviceVersion: version, reported: information.firmwareVersion)
        description.versions = information.versions
        description.extensions = information.extensions
        description.options = information.options
        description.transports =
            information.transports.isEmpty ? [.usb] : information.transports
        description.algorithms = information.algorithms
        description.pin =
            switch information.abilities.pin {
            case .unsupported: .unsupported
            case .notSetUp: .notSet
            case .ready: .set(retriesLeft: try pinRetries())
            }
        description.builtInVerification =
            switch information.abilities.builtIn {
            case .unsupported: .unsupported
            case .notSetUp: .notEnrolled
            case .ready: .ready(retriesLeft: try verificationRetries())
            }
        description.minimumPINLength = information.minimumPINLength
        description.isPINChangeRequired = information.isPINChangeRequired
        description.remainingCredentials = information.remainingCredentials
        return description
    }
}
