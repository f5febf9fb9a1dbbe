import Authenticators
import Cryptography
import PIV
import WebAuthn

/// What a card is given to sign a message: a digest for ECDSA, a padded block for RSA.
struct SignatureInput {
    /// The signature algorithm that this is the input of.
    let algorithm: COSEAlgorithm
    /// The card's number for the key.
    let cardAlgorithm: PIVAlgorithm
    /// How the signature is verified.
    let scheme: SignatureScheme
    /// The digest or block.
    let bytes: [UInt8]

    /// The inputs that a key can sign `message` by, among `algorithms`, the best first: PSS before PKCS #1 v1.5.
    ///
    /// - Throws: ``AuthenticatorFailure/unsupportedAlgorithm`` where there is none.
    static func all(
        for message: [UInt8], key: PublicKey, among algorithms: [COSEAlgorithm]
    ) throws(AuthenticatorFailure) -> [SignatureInput] {
        let possible: [SignatureInput]
        switch key.kind {
        case .p256:
            possible = [
                SignatureInput(
                    algorithm: .es256, cardAlgorithm: .p256, scheme: .ecdsaSHA256,
                    bytes: SHA256.hash(message))
            ]
        case .p384:
            possible = [
                SignatureInput(
                    algorithm: .es384, cardAlgorithm: .p384, scheme: .ecdsaSHA384,
                    bytes: SHA384.hash(message))
            ]
        case .rsa(let bits): possible = try blocks(for: message, bits: bits)
        case .other: possible = []
        }
        let welcome = possible.filter { algorithms.contains($0.algorithm) }
        guard !welcome.isEmpty else { throw .unsupportedAlgorithm }
        return welcome
    }

    private static func blocks(
        for message: [UInt8], bits: Int
    ) throws(AuthenticatorFailure) -> [SignatureInput] {
        let cardAlgorithm: PIVAlgorithm
        switch bits {
        case 2048: cardAlgorithm = .rsa2048
        case 3072: cardAlgorithm = .rsa3072
        case 4096: cardAlgorithm = .rsa4096
        default: throw .unsupportedAlgorithm
        }
        let digest = SHA256.hash(message)
        do throws(CryptographyError) {
            return [
                SignatureInput(
                    algorithm: .ps256, cardAlgorithm: cardAlgorithm, scheme: .rsaPSSSHA256,
                    bytes: try RSAPadding.pssSHA256(
                        digest: digest, salt: SecureRandom.bytes(32), modulusBits: bits)),
                SignatureInput(
                    algorithm: .rs256, cardAlgorithm: cardAlgorithm, scheme: .rsaPKCS1SHA256,
                    bytes: try RSAPadding.pkcs1SHA256(digest: digest, modulusLength: bits / 8)),
            ]
        } catch {
            throw .unsupportedAlgorithm
        }
    }
}
