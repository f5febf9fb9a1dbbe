public import Cryptography

/// A message that the push service cannot read (RFC 8291): sealed to the phone's key and authenticated with the secret
/// that the phone and the sender share.
public enum WebPushMessage {
    /// The longest text that is sealed, in bytes: a message of 4096, which every push service takes (RFC 8030 §7.2),
    /// less the header of 86, the delimiter and the tag.
    public static let maximumPlaintextByteCount = maximumByteCount - headerByteCount - 17

    /// The longest message, in bytes.
    public static let maximumByteCount = 4096

    private static let headerByteCount = ContentEncoding.saltByteCount + 5 + pointByteCount
    private static let pointByteCount = 65

    /// Seals a text for the phone of `subscription`.
    ///
    /// What the text is long shows in the message. Anybody who has the subscription can make a message that opens.
    ///
    /// - Parameters:
    ///   - plaintext: At most ``maximumPlaintextByteCount`` bytes, else ``PushFailure/messageTooLong(byteCount:)``.
    ///   - salt: 16 random bytes that serve no other message.
    ///   - key: A fresh key that serves no other message.
    public static func seal(
        _ plaintext: [UInt8], for subscription: PushSubscription, salt: [UInt8],
        key: P256PrivateKey
    ) throws(PushFailure) -> [UInt8] {
        guard plaintext.count <= maximumPlaintextByteCount else {
            throw .messageTooLong(byteCount: plaintext.count)
        }
        do throws(CryptographyError) {
            guard
                salt.count == ContentEncoding.saltByteCount, let own = key.publicKey.p256Point
            else { throw .invalidLength }
            let secret = try secret(
                agreedBy: key, with: PublicKey(p256Point: subscription.publicKey),
                authenticationSecret: subscription.authenticationSecret,
                receiver: subscription.publicKey, sender: own)
            return try ContentEncoding.seal(
                plaintext, secret: secret, header: .init(salt: salt, keyName: own))
        } catch {
            throw .cryptography(error)
        }
    }

    /// Seals a text with a salt and a key made for it.
    public static func seal(
        _ plaintext: [UInt8], for subscription: PushSubscription
    ) throws(PushFailure) -> [UInt8] {
        let key: P256PrivateKey
        do throws(CryptographyError) {
            key = try P256PrivateKey()
        } catch {
            throw .cryptography(error)
        }
        let salt = SecureRandom.bytes(ContentEncoding.saltByteCount)
        return try seal(plaintext, for: subscription, salt: salt, key: key)
    }

    /// Opens a message for the phone that has this key and this secret of 16 bytes, padding taken off.
    ///
    /// One record of at most 4096 bytes is taken, in a message that states a record size of 4096, as all senders do.
    /// That it opens says that its sender had the subscription, not who it was.
    public static func open(
        _ message: [UInt8], privateKey: P256PrivateKey, authenticationSecret: [UInt8]
    ) throws(PushFailure) -> [UInt8] {
        guard authenticationSecret.count == 16 else {
            throw .invalidAuthenticationSecret(byteCount: authenticationSecret.count)
        }
        guard message.count <= maximumByteCount else {
            throw .messageTooLong(byteCount: message.count)
        }
        let salt = Array(message.prefix(ContentEncoding.saltByteCount))
        let sender = Array(message.prefix(headerByteCount).suffix(pointByteCount))
        let header = ContentEncoding.Header(salt: salt, keyName: sender)
        guard
            message.count > headerByteCount + 16, message.starts(with: header.bytes),
            let receiver = privateKey.publicKey.p256Point
        else { throw .malformedMessage }
        let secret: [UInt8]
        do throws(CryptographyError) {
            secret = try self.secret(
                agreedBy: privateKey, with: PublicKey(p256Point: sender),
                authenticationSecret: authenticationSecret, receiver: receiver, sender: sender)
        } catch .invalidPublicKey {
            throw .malformedMessage
        } catch {
            throw .cryptography(error)
        }
        return try ContentEncoding.open(
            Array(message.dropFirst(headerByteCount)), secret: secret, salt: salt)
    }

    /// RFC 8291 §3.4: the secret of the content coding from the agreement, the shared secret and both points.
    private static func secret(
        agreedBy key: P256PrivateKey, with peer: PublicKey, authenticationSecret: [UInt8],
        receiver: [UInt8], sender: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        try HKDFSHA256.derive(
            secret: key.sharedSecret(with: peer), salt: authenticationSecret,
            info: Array("WebPush: info\0".utf8) + receiver + sender, length: 32)
    }
}
