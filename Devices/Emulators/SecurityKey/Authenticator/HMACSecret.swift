import CTAP
import Cryptography
import Encoding

/// The extension hmac-secret at an assertion (CTAP 2.1 §12.5): salts go in encrypted, their codes under a secret of
/// the credential come out encrypted.
struct HMACSecret: Sendable {
    private let number: PINUVAuthProtocol
    private let secret: PINUVAuthProtocol.SharedSecret
    private let salts: [UInt8]

    /// Decrypts the input; one or two salts of 32 bytes.
    init(_ input: CBOR, ownKey: P256PrivateKey) throws(CTAPStatus) {
        let request: HMACSecretInput
        do throws(MalformedMessage) {
            request = try HMACSecretInput(input)
        } catch {
            throw error.status
        }
        guard let number = PINUVAuthProtocol(request.protocolNumber) else {
            throw .invalidParameter
        }
        self.number = number
        do throws(CryptographyError) {
            secret = try number.sharedSecret(ownKey: ownKey, peer: request.keyAgreement)
        } catch {
            throw .invalidParameter
        }
        guard
            number.verify(
                request.encryptedSalts, signature: request.authentication, key: secret.hmacKey)
        else { throw .pinAuthInvalid }
        do throws(CryptographyError) {
            salts = try number.decrypt(request.encryptedSalts, secret)
        } catch {
            throw .invalidParameter
        }
        guard salts.count == 32 || salts.count == 64 else { throw .invalidParameter }
    }

    /// The output for a credential. Its secret depends on whether the person was verified, so that a thief who can
    /// only touch learns nothing of what the owner's finger opens.
    func output(
        for credential: KeyCredential, isUserVerified: Bool, deviceSecret: [UInt8],
        random: RandomSource
    ) throws(CryptographyError) -> [UInt8] {
        let label = isUserVerified ? "hmac-secret with UV" : "hmac-secret without UV"
        let credentialSecret = HMACSHA256.authenticate(
            Array(label.utf8) + credential.id,
            key: HMACSHA256.authenticate(credential.privateKey, key: deviceSecret))
        var codes: [UInt8] = []
        for start in stride(from: 0, to: salts.count, by: 32) {
            codes += HMACSHA256.authenticate(
                Array(salts[start..<start + 32]), key: credentialSecret)
        }
        return try number.encrypt(codes, secret, random: random)
    }
}
