import CTAP

/// All that a software security key remembers when it is not plugged in. It holds secrets.
struct KeyState: Hashable, Sendable {
    /// Under which non-discoverable credentials are wrapped; a reset makes it anew, which voids them all.
    var deviceSecret: [UInt8]
    /// Who signs attestations. Survives a reset.
    let attestation: AttestationIdentity
    /// The global signature counter. Survives a reset, for it must never go back.
    var signatureCounter: UInt32 = 0
    /// The signature counters of single credentials, by the SHA-256 of the credential ID.
    var credentialCounters: [[UInt8]: UInt32] = [:]
    /// The discoverable credentials, the oldest first.
    var credentials: [DiscoverableCredential] = []
    /// The PIN, where one is set.
    var pin: PIN?
    /// How many wrong PINs are left.
    var pinRetries = Limits.pinRetries
    /// How many wrong fingers are left.
    var uvRetries = Limits.uvRetries
    /// The enrolled fingers, the oldest first.
    var fingerprints: [FingerprintTemplate] = []
    /// Whether the person must always be verified.
    var alwaysUv = false
    /// The least number of code points in a PIN.
    var minimumPINLength = Limits.minimumPINLength
    /// Whether the PIN must be changed before it opens anything.
    var forcePINChange = false
    /// The relying parties that may learn the minimum PIN length.
    var minimumPINLengthRPIDs: [String] = []
    /// Whether enterprise attestation is enabled.
    var enterpriseAttestation = false
    /// The serialized large-blob array.
    var largeBlobArray: [UInt8] = LargeBlobArray.empty

    /// The state of a key that nobody has used yet.
    init(deviceSecret: [UInt8], attestation: AttestationIdentity) {
        self.deviceSecret = deviceSecret
        self.attestation = attestation
    }

    /// What a factory reset leaves (CTAP 2.1 §6.6).
    mutating func reset(deviceSecret: [UInt8]) {
        let counter = signatureCounter
        self = KeyState(deviceSecret: deviceSecret, attestation: attestation)
        signatureCounter = counter
    }

    /// Whether anything could verify the person (CTAP 2.1 §6: "protected by some form of user verification").
    var isProtected: Bool { pin != nil || !fingerprints.isEmpty }
}

/// A PIN as the key keeps it.
struct PIN: Hashable, Sendable {
    /// The first 16 bytes of its SHA-256.
    let hash: [UInt8]
    /// How many code points it has.
    let length: Int
}

/// An enrolled finger.
struct FingerprintTemplate: Hashable, Sendable {
    let id: [UInt8]
    let finger: Finger
    var friendlyName: String?
}

/// How long the key's lists are and how often one may err.
enum Limits {
    static let pinRetries = 8
    static let pinAttemptsPerPowerCycle = 3
    static let uvRetries = 3
    static let minimumPINLength = 4
    static let maximumPINLength = 63
    static let discoverableCredentials = 64
    static let fingerprints = 5
    static let samplesPerEnrolment = 3
    static let friendlyNameLength = 64
    static let relyingPartiesForMinimumPINLength = 8
    static let credentialsInList = 16
    static let credentialIDLength = 128
    static let messageSize = 2048
    static let largeBlobArrayLength = 4096
    static let largeBlobFragmentLength = messageSize - 64
}
