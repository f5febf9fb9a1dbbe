/// How a client may reach an authenticator (WebAuthn Level 3 §5.8.4).
public struct AuthenticatorTransport: RawRepresentable, Sendable, Hashable {
    /// The word on the wire.
    public let rawValue: String

    /// Any word; unknown ones are kept, as the specification asks.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Over removable USB.
    public static let usb = AuthenticatorTransport(rawValue: "usb")
    /// Over near field communication.
    public static let nfc = AuthenticatorTransport(rawValue: "nfc")
    /// Over Bluetooth Low Energy.
    public static let ble = AuthenticatorTransport(rawValue: "ble")
    /// Over an ISO 7816 smart card with contacts.
    public static let smartCard = AuthenticatorTransport(rawValue: "smart-card")
    /// By a mix of transports, such as a phone's.
    public static let hybrid = AuthenticatorTransport(rawValue: "hybrid")
    /// Built into the client device.
    public static let `internal` = AuthenticatorTransport(rawValue: "internal")
}
