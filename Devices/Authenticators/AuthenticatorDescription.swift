public import WebAuthn

/// What an authenticator says about itself. None of it is proven; an attestation that verifies is.
///
/// What a family does not have is empty or `nil`.
public struct AuthenticatorDescription: Sendable, Hashable {
    /// A kind of authenticator, by how it is driven.
    public enum Family: String, Sendable, Hashable, CaseIterable {
        /// A FIDO2 or U2F security key.
        case securityKey = "security-key"
        /// An ISO 7816 smart card.
        case smartCard = "smart-card"
        /// A phone that is reached by push.
        case phone
    }

    /// Whether a PIN protects the authenticator.
    public enum PINState: Sendable, Hashable {
        /// It knows no PIN.
        case unsupported
        /// It could have a PIN and has none.
        case notSet
        /// It has a PIN. `retriesLeft` wrong ones may follow each other before it blocks, where that is known.
        case set(retriesLeft: Int?)
    }

    /// Whether the authenticator can verify its person by itself, such as by fingerprint.
    public enum BuiltInVerification: Sendable, Hashable {
        /// It has no means to.
        case unsupported
        /// It has the means and nobody is enrolled.
        case notEnrolled
        /// It can. `retriesLeft` failures may follow each other before it blocks, where that is known.
        case ready(retriesLeft: Int?)
    }

    /// Numbers that an authenticator gives for the software in it. What they mean is its maker's affair.
    public struct Firmware: Sendable, Hashable {
        /// Major, minor and build as CTAPHID_INIT reports them: the device's version, often the firmware's.
        public var deviceVersion: [UInt8]
        /// The number of authenticatorGetInfo (CTAP 2.1 §6.4, `firmwareVersion`).
        public var reported: UInt64?

        /// Firmware by its numbers.
        public init(deviceVersion: [UInt8], reported: UInt64? = nil) {
            self.deviceVersion = deviceVersion
            self.reported = reported
        }
    }

    /// How it is driven.
    public var family: Family
    /// Where it is, in the form in which the driver takes it: a device path or a reader's name.
    public var path: String
    /// Who made it, as its connector says.
    public var manufacturer: String?
    /// What it is called, as its connector says.
    public var product: String?
    /// The vendor number of its connector, such as USB's.
    public var vendorID: UInt16?
    /// The product number of its connector, such as USB's.
    public var productID: UInt16?
    /// Its serial number, where it tells.
    public var serialNumber: String?
    /// Names its model, where the family has that.
    public var aaguid: AAGUID?
    /// The software in it.
    public var firmware: Firmware?
    /// What it answers when it is powered up, where it is a card: 2 to 33 bytes that name its make (ISO 7816-3 §8.2).
    public var answerToReset: [UInt8]?
    /// The protocols that it speaks, such as `FIDO_2_1` and `U2F_V2`.
    public var versions: [String]
    /// The protocol extensions that it knows, such as `credProtect`.
    public var extensions: [String]
    /// What it can do and how it is set: each option that it names, on or off (CTAP 2.1 §6.4).
    public var options: [String: Bool]
    /// How it can be reached, by its own account or else by how it was reached now.
    public var transports: [AuthenticatorTransport]
    /// What it can sign with, the best first, by its own account.
    public var algorithms: [COSEAlgorithm]
    /// Its PIN.
    public var pin: PINState
    /// The fewest characters that it takes for a PIN, where it tells.
    public var minimumPINLength: Int?
    /// Whether the PIN must be changed before it is good for anything.
    public var isPINChangeRequired: Bool
    /// Its own means to verify its person.
    public var builtInVerification: BuiltInVerification
    /// How many more discoverable credentials fit, where it tells.
    public var remainingCredentials: Int?

    /// A description that says nothing beyond family and path; the rest is set one by one.
    public init(family: Family, path: String) {
        self.family = family
        self.path = path
        versions = []
        extensions = []
        options = [:]
        transports = []
        algorithms = []
        pin = .unsupported
        isPINChangeRequired = false
        builtInVerification = .unsupported
    }
}
