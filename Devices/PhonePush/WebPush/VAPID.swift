public import Cryptography
import Encoding

/// Who sends, so that a push service takes messages from nobody else (RFC 8292): a key, and whom to write to about it.
public struct VAPID: Sendable {
    /// How long an authorisation holds, in seconds: half of the day that is allowed (§2), so that clocks may differ.
    public static let lifetime: Int64 = 12 * 3_600

    private let key: P256PrivateKey
    private let subject: String

    /// The public half, a point in uncompressed form of 65 bytes: what a phone gives its push service, so that messages
    /// from others are refused there (§4).
    public let publicKey: [UInt8]

    /// A sender.
    ///
    /// - Parameter subject: `mailto:` or `https:` and something behind it; at most 255 printable characters of ASCII
    ///   (§2.1). Push services read it.
    public init(key: P256PrivateKey, subject: String) throws(PushFailure) {
        let rest = ["mailto:", "https://"].first(where: subject.hasPrefix)
            .map { subject.utf8.dropFirst($0.utf8.count) }
        guard
            let rest, !rest.isEmpty, subject.utf8.count <= 255,
            rest.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .invalidSubject }
        guard let publicKey = key.publicKey.p256Point else { throw .invalidPublicKey }
        self.key = key
        self.subject = subject
        self.publicKey = publicKey
    }

    /// The value of the header `Authorization` for messages to the origin of `endpoint` (§3).
    ///
    /// - Parameter expiresAt: In seconds since 1970; push services refuse what is over 24 hours away.
    public func authorization(
        for endpoint: PushEndpoint, expiresAt: Int64
    ) throws(PushFailure) -> String {
        let header: JSON = ["typ": "JWT", "alg": "ES256"]
        let claims: JSON = [
            "aud": .string(endpoint.origin), "exp": .integer(expiresAt), "sub": .string(subject),
        ]
        let signed = [header, claims].map { Base64URL.encode($0.encoded().utf8) }
            .joined(separator: ".")
        do throws(CryptographyError) {
            let signature = try key.rawSignature(for: Array(signed.utf8))
            let token = "\(signed).\(Base64URL.encode(signature))"
            return "vapid t=\(token),k=\(Base64URL.encode(publicKey))"
        } catch {
            throw .cryptography(error)
        }
    }
}

extension VAPID {
    /// The longest header that is read, in bytes.
    static let maximumHeaderByteCount = 2_048

    /// Verifies the value of a header `Authorization` for a push service at the origin `audience`, and gives the key
    /// that signed it: 65 bytes. Whose key it is and whether it may send is for the caller.
    ///
    /// Form and claims come first, the signature last. The claim `exp` must be ahead of `time`, in seconds since 1970,
    /// by at most a day.
    public static func verify(
        _ header: String, audience: String, at time: Int64
    ) throws(PushFailure) -> [UInt8] {
        let (token, point) = try parameters(of: header)
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .malformedAuthorization }
        let expiresAt: Int64
        let signature: [UInt8]
        let key: PublicKey
        let claimed: String
        do {
            let head = try JSON.decode(Base64URL.decode(parts[0]), maximumDepth: 1)
            let claims = try JSON.decode(Base64URL.decode(parts[1]), maximumDepth: 1)
            signature = try Base64URL.decode(parts[2])
            key = try PublicKey(p256Point: Base64URL.decode(point))
            guard
                head["alg"]?.stringValue == "ES256",
                head["typ"].map({ $0.stringValue?.uppercased() == "JWT" }) ?? true,
                claims["sub"].map({ $0.stringValue != nil }) ?? true,
                let audience = claims["aud"]?.stringValue,
                let expiry = claims["exp"]?.intValue.flatMap(Int64.init)
            else { throw PushFailure.malformedAuthorization }
            claimed = audience
            expiresAt = expiry
        } catch {
            throw .malformedAuthorization
        }
        guard claimed == audience else { throw .wrongAudience(claimed) }
        let (left, isOverflow) = expiresAt.subtractingReportingOverflow(time)
        guard !isOverflow, (1...86_400).contains(left) else {
            throw .authorizationNotInTime(expiresAt: expiresAt)
        }
        let signed = Array("\(parts[0]).\(parts[1])".utf8)
        guard key.isValidRawSignature(signature, for: signed), let point = key.p256Point else {
            throw .invalidSignature
        }
        return point
    }

    /// The token and the key of the scheme `vapid`, each once, in either order (§3, RFC 9110 §11.4).
    private static func parameters(
        of header: String
    ) throws(PushFailure) -> (token: Substring, key: Substring) {
        guard
            header.utf8.count <= maximumHeaderByteCount, header.utf8.allSatisfy({ $0 < 0x80 }),
            header.prefix(6).lowercased() == "vapid "
        else { throw .malformedAuthorization }
        var values: [Substring: Substring] = [:]
        let list = header.dropFirst(6).split(separator: ",", omittingEmptySubsequences: false)
        for item in list {
            let trimmed = item.drop { $0 == " " || $0 == "\t" }
            let pair = trimmed.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, values.updateValue(pair[1], forKey: pair[0]) == nil else {
                throw .malformedAuthorization
            }
        }
        guard values.count == 2, let token = values["t"], let key = values["k"] else {
            throw .malformedAuthorization
        }
        return (token, key)
    }
}
