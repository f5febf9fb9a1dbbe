/// A signature algorithm's number in the registry of COSE algorithms (RFC 9053, RFC 8812).
public struct COSEAlgorithm: RawRepresentable, Sendable, Hashable {
    /// The registered number.
    public let rawValue: Int

    /// Any number; those not named below are kept as they are.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// ECDSA on P-256 with SHA-256 (`ES256`).
    public static let es256 = COSEAlgorithm(rawValue: -7)
    /// EdDSA; in WebAuthn Ed25519 (`EdDSA`).
    public static let eddsa = COSEAlgorithm(rawValue: -8)
    /// ECDSA on P-384 with SHA-384 (`ES384`).
    public static let es384 = COSEAlgorithm(rawValue: -35)
    /// ECDSA on P-521 with SHA-512 (`ES512`).
    public static let es512 = COSEAlgorithm(rawValue: -36)
    /// ECDSA on secp256k1 with SHA-256 (`ES256K`).
    public static let es256k = COSEAlgorithm(rawValue: -47)
    /// RSASSA-PSS with SHA-256 (`PS256`).
    public static let ps256 = COSEAlgorithm(rawValue: -37)
    /// RSASSA-PKCS1-v1_5 with SHA-256 (`RS256`).
    public static let rs256 = COSEAlgorithm(rawValue: -257)

    private static let names: [COSEAlgorithm: String] = [
        .es256: "ES256", .eddsa: "EdDSA", .es384: "ES384", .es512: "ES512", .es256k: "ES256K",
        .ps256: "PS256", .rs256: "RS256",
    ]

    /// The registered name, or the number where that is not known here.
    public var name: String { Self.names[self] ?? String(rawValue) }

    /// The algorithm with this registered name, where that is known here.
    public init?(name: String) {
        guard let known = Self.names.first(where: { $0.value == name }) else { return nil }
        self = known.key
    }
}
