import Accounts
import CredentialStore
import Cryptography
import Encoding
import PushMessages
import VerificationCore
import WebAuthn

/// A message that a phone is said to have signed.
struct PhoneMessage: Sendable {
    let phone: PhoneID
    let bytes: [UInt8]
    /// r and s, 64 bytes.
    let signature: [UInt8]
}

/// Finds out whether messages are by enrolled phones.
struct PhoneJudge: Sendable {
    /// How far a message's time may be from the server's, in ms.
    static let clockTolerance: Int64 = 120_000

    let store: SQLiteStore
    /// A key that no phone has, for messages of phones that do not exist.
    let stranger: PublicKey
    let keys = KeyCache(capacity: 10_000)

    /// Judges a batch with one read of the store: whether the phone is known, then the signature. A phone that is not
    /// known costs a verification too.
    func judge(_ batch: [PhoneMessage]) throws(StoreError) -> [Result<Phone, PhoneRefusal>] {
        let identifiers = batch.map { try? CredentialID(bytes: $0.phone.bytes) }
        let phones = try store.phones(withIDs: Set(identifiers.compactMap(\.self)))
        return zip(batch, identifiers).map { message, id in
            guard let phone = id.flatMap({ phones[$0] }) else {
                _ = stranger.isValidRawSignature(message.signature, for: message.bytes)
                return .failure(.unknownPhone)
            }
            return isValid(message.signature, for: message.bytes, by: phone.publicKey)
                ? .success(phone) : .failure(.invalidSignature)
        }
    }

    /// Whether a signature verifies under a point of 65 bytes, which need not be on the curve.
    func isValid(_ signature: [UInt8], for message: [UInt8], by point: [UInt8]) -> Bool {
        guard
            point.count == 65, point.first == 0x04,
            let der = ECDSASignature.der(fromRaw: signature),
            let key = try? keys.key(
                .es256(x: Array(point[1..<33]), y: Array(point[33..<65])))
        else { return false }
        return key.isValidSignature(der, for: message)
    }

    /// Whether a message's time, any that a phone may claim, is near enough to the server's.
    static func isTimely(_ time: Int64, at now: Timestamp) -> Bool {
        let (difference, isTooFar) = now.milliseconds.subtractingReportingOverflow(time)
        return !isTooFar && difference.magnitude <= clockTolerance.magnitude
    }
}
