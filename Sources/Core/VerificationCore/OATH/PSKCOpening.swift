public import Cryptography
public import OATH

/// Why no token came out of a key package.
public enum PSKCOpeningFailure: Error, Hashable, Sendable {
    /// The package has encrypted values, and no key was given.
    case keyNeeded
    /// A key was given where a passphrase is needed, or a passphrase where a key is.
    case otherKindOfKey
    /// The key or the passphrase is not the one, or the values have been changed: nobody can tell which.
    case wrongKey
    /// The package is wrong in itself.
    case malformed(MalformedOATH)
    /// OpenSSL failed.
    case cryptography(CryptographyError)

    /// A stable name for logs.
    public var code: String {
        switch self {
        case .keyNeeded: "pskc-key-needed"
        case .otherKindOfKey: "pskc-other-kind-of-key"
        case .wrongKey: "pskc-wrong-key"
        case .malformed(let reason): reason.code
        case .cryptography: "pskc-cryptography"
        }
    }
}

/// What opens the encrypted values of one key container (RFC 6030 §6). Its text says nothing of the keys.
public struct PSKCProtectionKey: Sendable, CustomStringConvertible {
    private let encryptionKey: [UInt8]
    private let authenticationKey: [UInt8]
    private let authenticationHash: HashAlgorithm

    /// Opens a container with the key that sender and receiver share.
    ///
    /// - Throws: `.otherKindOfKey`; `.wrongKey`, as far as that shows already.
    public init(
        preShared key: [UInt8], for protection: PSKCProtection
    ) throws(PSKCOpeningFailure) {
        guard case .preShared = protection.source else { throw .otherKindOfKey }
        try self.init(key, protection)
    }

    /// Opens a container with a passphrase. Takes as long as the container asks for, once for all its packages.
    ///
    /// - Throws: `.otherKindOfKey`; `.wrongKey`, as far as that shows already.
    public init(
        passphrase: [UInt8], for protection: PSKCProtection
    ) throws(PSKCOpeningFailure) {
        guard case .passphrase(let derivation) = protection.source else { throw .otherKindOfKey }
        let key: [UInt8]
        do throws(CryptographyError) {
            key = try PBKDF2.derive(
                password: passphrase, salt: derivation.salt, iterations: derivation.iterations,
                length: derivation.keyLength, with: HashAlgorithm(derivation.hash))
        } catch {
            throw .cryptography(error)
        }
        try self.init(key, protection)
    }

    private init(_ key: [UInt8], _ protection: PSKCProtection) throws(PSKCOpeningFailure) {
        guard let authentication = protection.authentication else {
            throw .malformed(.missing("MACMethod"))
        }
        encryptionKey = key
        authenticationHash = HashAlgorithm(authentication.hash)
        authenticationKey =
            if let wrapped = authentication.key {
                // Nothing authenticates the MAC's key itself; with a wrong one no value passes.
                try Self.decrypt(wrapped, key: key)
            } else {
                key
            }
    }

    /// Nothing.
    public var description: String { "a key of a key container" }

    /// The bytes of a value: first its MAC is verified, and then it is decrypted.
    fileprivate func open(
        _ ciphertext: PSKCCiphertext, mac: [UInt8]
    ) throws(PSKCOpeningFailure) -> [UInt8] {
        let expected = MessageAuthentication.hmac(
            ciphertext.bytes, key: authenticationKey, with: authenticationHash)
        guard ConstantTime.areEqual(expected, mac) else { throw .wrongKey }
        return try Self.decrypt(ciphertext, key: encryptionKey)
    }

    /// A key of a length that the cipher has not is a wrong one like another.
    private static func decrypt(
        _ ciphertext: PSKCCiphertext, key: [UInt8]
    ) throws(PSKCOpeningFailure) -> [UInt8] {
        guard key.count == ciphertext.keyLength else { throw .wrongKey }
        do throws(CryptographyError) {
            return try PaddedCBC.decrypt(ciphertext.bytes, key: key)
        } catch .authenticationFailed {
            throw .wrongKey
        } catch {
            throw .cryptography(error)
        }
    }
}

extension PSKCKeyPackage {
    /// The token of the package.
    ///
    /// - Parameter key: what opens the container's values; `nil` where there is none, which is enough for a package in the
    ///   clear.
    /// - Throws: `.keyNeeded`; `.wrongKey` whatever did not fit; `.malformed` for a package that is wrong also with the
    ///   right key.
    public func draft(with key: PSKCProtectionKey?) throws(PSKCOpeningFailure) -> TokenDraft {
        let opened = try (
            secret: Self.open(secret, key) { bytes in bytes },
            counter: Self.open(counter, key) { bytes in Self.number(bytes) },
            timeInterval: Self.open(timeInterval, key) { bytes in Self.number(bytes) },
            timeDrift: Self.open(timeDrift, key) { bytes in
                Self.number(bytes).map { Int64(bitPattern: $0) }
            }
        )
        do throws(MalformedOATH) {
            return try draft(
                secret: opened.secret, counter: opened.counter, timeInterval: opened.timeInterval,
                timeDrift: opened.timeDrift)
        } catch {
            throw .malformed(error)
        }
    }

    private static func open<Plain>(
        _ value: PSKCValue<Plain>, _ key: PSKCProtectionKey?, _ read: ([UInt8]) -> Plain?
    ) throws(PSKCOpeningFailure) -> Plain {
        switch value {
        case .plain(let plain):
            return plain
        case .encrypted(let ciphertext, let mac):
            guard let key else { throw .keyNeeded }
            guard let plain = read(try key.open(ciphertext, mac: mac)) else {
                throw .malformed(.value("EncryptedValue"))
            }
            return plain
        }
    }

    private static func open<Plain>(
        _ value: PSKCValue<Plain>?, _ key: PSKCProtectionKey?, _ read: ([UInt8]) -> Plain?
    ) throws(PSKCOpeningFailure) -> Plain? {
        guard let value else { return nil }
        let plain: Plain = try open(value, key, read)
        return plain
    }

    /// RFC 6030 §4.2: an encrypted number is eight bytes, the most significant first.
    private static func number(_ bytes: [UInt8]) -> UInt64? {
        guard bytes.count == 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
