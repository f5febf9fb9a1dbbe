/// The key that a card is managed with (9B): making keys and writing data objects need it.
///
/// There is one copy, in memory that is overwritten when its last owner is gone, and no text form shows it.
public struct ManagementKey: Sendable {
    let secret: SecretBytes

    /// Takes 16, 24 or 32 bytes: 24 for triple DES and AES-192, the others for AES-128 and AES-256. `nil` for anything
    /// else. The bytes that it was made from are the caller's to forget.
    public init?(_ bytes: some Collection<UInt8>) {
        guard [16, 24, 32].contains(bytes.count) else { return nil }
        secret = SecretBytes(Array(bytes))
    }

    /// How many bytes it has.
    package var length: Int { secret.count }

    init(secret: SecretBytes) {
        self.secret = secret
    }

    /// The key of every new card: 01 to 08, over and over. It protects nothing.
    static func wellKnown(length: Int) -> ManagementKey {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 % 8 + 1) }
        return ManagementKey(secret: SecretBytes(bytes))
    }
}

extension ManagementKey: CustomReflectable {
    /// No members.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Where the management key of a card comes from.
public enum ManagementKeySource: Sendable {
    /// From the card itself, which keeps it for whoever knows the PIN, as `ykman` and `yubico-piv-tool` set it up. A card
    /// that still has the well-known key is given a random one and set up like that, so that nobody has to remember it.
    case automatic
    /// From the card itself likewise; a card that still has the well-known key is refused with
    /// ``AuthenticatorFailure/managementKeyIsDefault``.
    case kept
    /// From whoever manages the card. It is left as it is.
    case given(ManagementKey)
}
