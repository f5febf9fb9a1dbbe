/// Something that a person should know while a ceremony runs. Most are requests to do something.
public enum AuthenticatorEvent: Sendable, Hashable {
    /// The authenticator waits to be touched.
    case touchNeeded
    /// The authenticator waits to verify its person by its own means, such as a fingerprint.
    case verificationNeeded(VerificationMeans)
    /// The person was not recognised. `retriesLeft` more failures may follow before the authenticator blocks its own
    /// means, where that is known.
    case verificationFailed(VerificationMeans, retriesLeft: Int?)
    /// The authenticator's own means are blocked or cannot be used, and the PIN takes their place.
    case verificationUnavailable(VerificationMeans)
    /// The PIN is about to be asked for.
    case pinNeeded(PINRequest)
    /// The PIN was wrong.
    case pinRejected(retriesLeft: Int?)
}

/// A means by which an authenticator verifies its person by itself.
public enum VerificationMeans: String, Sendable, Hashable, CaseIterable {
    /// A fingerprint.
    case fingerprint
    /// A face.
    case face
    /// A PIN entered at the authenticator itself.
    case pinAtDevice = "pin-at-device"
    /// Some other means, or one that the authenticator does not name.
    case unspecified
}
