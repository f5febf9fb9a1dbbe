package import Accounts
package import CredentialStore
import Cryptography
import Encoding
import VerificationCore
package import WebAuthn

/// Seals challenges so that the server need not remember them, and opens them when they come back.
///
/// A transaction identifier is the base64url of a payload and a tag. The payload binds the random challenge to all that
/// it is for; the tag is HMAC-SHA256 under a key that only the servers of one installation have:
///
///     version 1 | purpose 1 | user verification 1 | issue and expiry 8 each, ms since 1970, big-endian | challenge 32
///     | length 1, client | length 1, relying party | length 1, user | length 1, sign-in
///     | length 1, detail | tag 32
///
/// Issuing one writes nothing. That it is answered once is the store's to decide.
package struct ChallengeSealer: Sendable {
    private static let version: UInt8 = 4
    private static let tagLength = 32
    /// The base64url of the longest transaction, which has 996 bytes.
    private static let longestText = 1328
    private let key: [UInt8]
    private let decoyKey: [UInt8]

    /// Derives its keys from the installation's secret, 32 bytes.
    package init(secret: [UInt8]) {
        key = HMACSHA256.authenticate(Array("countersign challenge seal 1".utf8), key: secret)
        decoyKey = HMACSHA256.authenticate(Array("countersign decoys 1".utf8), key: secret)
    }

    /// The transaction identifier of `challenge`.
    package func seal(_ challenge: IssuedChallenge) -> String {
        var writer = ByteWriter(capacity: 128)
        writer.append(Self.version)
        writer.append(challenge.purpose.rawValue)
        writer.append(challenge.userVerification.sealedByte)
        writer.append(UInt64(bitPattern: challenge.issuedAt.milliseconds))
        writer.append(UInt64(bitPattern: challenge.expiresAt.milliseconds))
        writer.append(challenge.bytes)
        for text in [challenge.client, challenge.relyingPartyID.text, challenge.user.text] {
            writer.append(UInt8(clamping: text.utf8.count))
            writer.append(text.utf8)
        }
        writer.append(UInt8(clamping: challenge.signIn.count))
        writer.append(challenge.signIn)
        writer.append(UInt8(clamping: challenge.detail.count))
        writer.append(challenge.detail)
        let tag = HMACSHA256.authenticate(writer.bytes, key: key)
        return Base64URL.encode(writer.bytes + tag)
    }

    /// What a transaction identifier of ours binds, or `nil` for any other text. Whether it has expired is not
    /// checked here.
    package func open(_ transaction: String) -> IssuedChallenge? {
        guard
            transaction.utf8.count <= Self.longestText,
            let sealed = try? Base64URL.decode(transaction),
            sealed.count > Self.tagLength
        else { return nil }
        let payload = Array(sealed.dropLast(Self.tagLength))
        let tag = HMACSHA256.authenticate(payload, key: key)
        guard ConstantTime.areEqual(tag, Array(sealed.suffix(Self.tagLength))) else { return nil }
        return try? Self.decode(payload)
    }

    /// A credential identifier for a user who has none: always the same for the same user, and one that nobody could
    /// tell from a random one (WebAuthn Level 3 §14.6.2).
    package func decoyCredentialID(
        for user: UserName, at relyingPartyID: RelyingPartyID
    ) -> CredentialID? {
        let name = Array(relyingPartyID.text.utf8) + [0] + Array(user.text.utf8)
        let first = HMACSHA256.authenticate([1] + name, key: decoyKey)
        let second = HMACSHA256.authenticate([2] + name, key: decoyKey)
        // Lengths that security keys in the field use, and the software key; chosen by a byte that nobody sees.
        let choice = HMACSHA256.authenticate([3] + name, key: decoyKey)[0]
        let length = [16, 32, 32, 48, 63, 64, 64, 64][Int(choice & 7)]
        return try? CredentialID(bytes: Array((first + second).prefix(length)))
    }

    /// An identifier of a card's key for a user who has no card: always the same for the same user, 32 bytes.
    package func decoyCardKeyID(for user: UserName) -> CredentialID? {
        try? CredentialID(
            bytes: HMACSHA256.authenticate([4] + Array(user.text.utf8), key: decoyKey))
    }

    private static func decode(_ payload: [UInt8]) throws -> IssuedChallenge {
        var reader = ByteReader(payload)
        guard
            try reader.readUInt8() == version,
            let purpose = IssuedChallenge.Purpose(rawValue: try reader.readUInt8()),
            let userVerification = UserVerificationRequirement(sealedByte: try reader.readUInt8())
        else { throw MalformedEncoding.truncated }
        let issue = Int64(bitPattern: try reader.readUInt64())
        let expiry = Int64(bitPattern: try reader.readUInt64())
        let challenge = try reader.readBytes(32)
        var texts: [String] = []
        for _ in 0..<3 {
            let utf8 = try reader.readBytes(Int(reader.readUInt8()))
            texts.append(String(decoding: utf8, as: UTF8.self))
        }
        let signIn = try reader.readBytes(Int(reader.readUInt8()))
        let detail = try reader.readBytes(Int(reader.readUInt8()))
        try reader.finish()
        guard let user = UserName(texts[2]) else { throw MalformedEncoding.invalidUTF8 }
        return IssuedChallenge(
            purpose: purpose, bytes: challenge, user: user,
            relyingPartyID: try RelyingPartyID(texts[1]), client: texts[0],
            userVerification: userVerification, issuedAt: Timestamp(milliseconds: issue),
            expiresAt: Timestamp(milliseconds: expiry), detail: detail, signIn: signIn)
    }
}

/// A challenge and all that it is bound to.
package struct IssuedChallenge: Sendable, Hashable {
    /// What a challenge may be answered with.
    package enum Purpose: UInt8, Sendable {
        /// A new credential.
        case registration = 1
        /// An assertion.
        case authentication = 2
        /// A new key of a card.
        case cardRegistration = 3
        /// A card's signature.
        case cardAuthentication = 4
        /// A new token's code or response.
        case tokenRegistration = 5
        /// A token's HMAC of the challenge.
        case responseAuthentication = 6
        /// A token's code for the question that follows from the challenge.
        case questionAuthentication = 7
        /// A phone, as the front end that waits for it knows its enrolment.
        case phoneRegistration = 9
        /// The same enrolment, as the phone knows it.
        case phoneTicket = 10
        /// An administrator's ticket, with which a connection acts for the one who signed in.
        case administration = 11
    }

    /// What it may be answered with.
    package let purpose: Purpose
    /// 32 random bytes.
    package let bytes: [UInt8]
    /// Whom it is for.
    package let user: UserName
    /// The relying party that it is for.
    package let relyingPartyID: RelyingPartyID
    /// The front end that asked for it and alone may answer it.
    package let client: String
    /// Whether the person must be verified.
    package let userVerification: UserVerificationRequirement
    /// When it was issued.
    package let issuedAt: Timestamp
    /// When its time is over.
    package let expiresAt: Timestamp
    /// What else belongs to its purpose: at most 255 bytes.
    package let detail: [UInt8]
    /// The step of a sign-in that it is for: 17 bytes, or none where it is for no step of any.
    package let signIn: [UInt8]

    /// A challenge from its parts.
    package init(
        purpose: Purpose, bytes: [UInt8], user: UserName, relyingPartyID: RelyingPartyID,
        client: String, userVerification: UserVerificationRequirement, issuedAt: Timestamp,
        expiresAt: Timestamp, detail: [UInt8] = [], signIn: [UInt8] = []
    ) {
        self.purpose = purpose
        self.bytes = bytes
        self.user = user
        self.relyingPartyID = relyingPartyID
        self.client = client
        self.userVerification = userVerification
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.detail = detail
        self.signIn = signIn
    }

    /// The challenge as the store spends it.
    package var spent: SpentChallenge { SpentChallenge(challenge: bytes, expiresAt: expiresAt) }
}

extension UserVerificationRequirement {
    fileprivate var sealedByte: UInt8 {
        switch self {
        case .discouraged: 0
        case .preferred: 1
        case .required: 2
        }
    }

    fileprivate init?(sealedByte: UInt8) {
        switch sealedByte {
        case 0: self = .discouraged
        case 1: self = .preferred
        case 2: self = .required
        default: return nil
        }
    }
}
