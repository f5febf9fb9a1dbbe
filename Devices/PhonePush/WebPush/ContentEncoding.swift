package import Cryptography

/// The content coding `aes128gcm` (RFC 8188) of one record, as Web Push has it.
///
/// ```
/// salt 16 | record size 4 | length of the key's name 1 | the key's name | ciphertext | tag 16
/// ```
///
/// The record size is always 4096: it is the one part of the header that authenticates nothing, so that another would
/// be a message that was changed and opens all the same.
package enum ContentEncoding {
    package static let saltByteCount = 16
    package static let recordSize: UInt32 = 4096

    /// What stands before the ciphertext.
    package struct Header {
        package let salt: [UInt8]
        package let keyName: [UInt8]

        package init(salt: [UInt8], keyName: [UInt8]) {
            self.salt = salt
            self.keyName = keyName
        }

        package var bytes: [UInt8] {
            let size = (0..<4).map {
                UInt8(truncatingIfNeeded: ContentEncoding.recordSize >> (24 - 8 * $0))
            }
            return salt + size + [UInt8(truncatingIfNeeded: keyName.count)] + keyName
        }
    }

    /// Seals the text under a secret of any length.
    package static func seal(
        _ plaintext: [UInt8], secret: [UInt8], header: Header
    ) throws(CryptographyError) -> [UInt8] {
        let (key, nonce) = try keys(secret: secret, salt: header.salt)
        // 2 ends the last record (§2); no padding follows.
        let record = try AES128GCM.seal(
            plaintext + [2], key: key, nonce: nonce, authenticating: [])
        return header.bytes + record
    }

    /// Opens the ciphertext behind a header and takes the padding off.
    package static func open(
        _ record: [UInt8], secret: [UInt8], salt: [UInt8]
    ) throws(PushFailure) -> [UInt8] {
        let padded: [UInt8]
        do throws(CryptographyError) {
            let (key, nonce) = try keys(secret: secret, salt: salt)
            padded = try AES128GCM.open(record, key: key, nonce: nonce, authenticating: [])
        } catch .authenticationFailed {
            throw .messageNotAuthentic
        } catch {
            throw .cryptography(error)
        }
        guard let end = padded.lastIndex(where: { $0 != 0 }), padded[end] == 2 else {
            throw .malformedMessage
        }
        return Array(padded.prefix(end))
    }

    /// §2.2 and §2.3; the first record's nonce is the base itself.
    private static func keys(
        secret: [UInt8], salt: [UInt8]
    ) throws(CryptographyError) -> (key: [UInt8], nonce: [UInt8]) {
        let key = try HKDFSHA256.derive(
            secret: secret, salt: salt, info: Array("Content-Encoding: aes128gcm\0".utf8),
            length: 16)
        let nonce = try HKDFSHA256.derive(
            secret: secret, salt: salt, info: Array("Content-Encoding: nonce\0".utf8), length: 12)
        return (key, nonce)
    }
}
