import Encoding

/// What the QR code of an enrolment holds: where the server is, how to know it, and the secret that admits one phone.
///
///     countersign://enrol?v=1&url=…&pin=…&ticket=…&exp=…&name=…&user=…
///
/// Values are percent-encoded (RFC 3986 §2.1), all but the unreserved characters.
public struct EnrolmentTicket: Sendable, Hashable {
    /// How long the URI can be at most, in bytes.
    public static let maximumLength = 2048

    /// Where the phone registers.
    public let url: PhoneServiceURL
    /// The SHA-256 of the SubjectPublicKeyInfo of the server's TLS key, 32 bytes; `nil` only where ``url`` is `http`.
    public let pin: [UInt8]?
    /// The one-time secret: 1 to 400 characters of base64url.
    public let ticket: String
    /// Until when it can be used, in seconds since 1970.
    public let expiresAt: Int64
    /// The server's name for people: 1 to 64 bytes.
    public let server: String
    /// The account's name for people: 1 to 128 bytes.
    public let user: String

    /// A ticket from its parts.
    ///
    /// - Throws: ``MalformedPush/value(_:)`` naming the parameter that is not what it should be, and
    ///   ``MalformedPush/missing(_:)`` for an `https` URL without pin.
    public init(
        url: PhoneServiceURL, pin: [UInt8]?, ticket: String, expiresAt: Int64, server: String,
        user: String
    ) throws(MalformedPush) {
        if let pin {
            guard url.isSecure, pin.count == 32 else { throw .value("pin") }
        } else {
            guard !url.isSecure else { throw .missing("pin") }
        }
        guard Self.isSecret(ticket) else { throw .value("ticket") }
        guard expiresAt >= 0 else { throw .value("exp") }
        try ShownText.check(server, "name", lengths: 1...64)
        try ShownText.check(user, "user", lengths: 1...128)
        self.url = url
        self.pin = pin
        self.ticket = ticket
        self.expiresAt = expiresAt
        self.server = server
        self.user = user
    }

    /// Whether `text` could be a ticket's secret: 1 to 400 characters of base64url.
    static func isSecret(_ text: String) -> Bool {
        (1...400).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                PercentEncoding.isUnreserved(byte) && byte != UInt8(ascii: ".")
                    && byte != UInt8(ascii: "~")
            }
    }

    /// Decodes a URI. The parameters may be in any order; each occurs once, and there are no others.
    public init(decoding uri: String) throws(MalformedPush) {
        guard uri.utf8.count <= Self.maximumLength else { throw .tooLong }
        let start = "countersign://enrol?"
        guard uri.utf8.starts(with: start.utf8) else { throw .ticket }
        var parameters = try Self.parameters(uri.utf8.dropFirst(start.utf8.count))
        func take(_ name: String) throws(MalformedPush) -> String {
            guard let value = parameters.removeValue(forKey: name) else { throw .missing(name) }
            return value
        }
        guard try take("v") == "1" else { throw .value("v") }
        let url = try PhoneServiceURL(take("url"))
        var pin: [UInt8]?
        if let text = parameters.removeValue(forKey: "pin") {
            guard let bytes = try? Base64URL.decode(text) else { throw .value("pin") }
            pin = bytes
        }
        let secret = try take("ticket")
        let expiry = try take("exp")
        guard let expiresAt = Int64(expiry), String(expiresAt) == expiry else {
            throw .value("exp")
        }
        let (server, user) = (try take("name"), try take("user"))
        if let stranger = parameters.keys.min() { throw .unknown(stranger) }
        try self.init(
            url: url, pin: pin, ticket: secret, expiresAt: expiresAt, server: server, user: user)
    }

    private static func parameters(
        _ query: some Sequence<UInt8>
    ) throws(MalformedPush) -> [String: String] {
        var parameters: [String: String] = [:]
        for pair in Array(query).split(
            separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        {
            guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { throw .ticket }
            let name = pair[..<equals]
            guard name.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else {
                throw .ticket
            }
            let key = String(decoding: name, as: UTF8.self)
            guard let value = PercentEncoding.decode(Array(pair[(equals + 1)...])) else {
                throw .value(key)
            }
            guard parameters.updateValue(value, forKey: key) == nil else {
                throw .duplicate(key)
            }
        }
        return parameters
    }

    /// The URI, at most ``maximumLength`` bytes.
    public func encoded() -> String {
        var pairs = [("v", "1"), ("url", url.text)]
        if let pin { pairs.append(("pin", Base64URL.encode(pin))) }
        pairs += [
            ("ticket", ticket), ("exp", String(expiresAt)), ("name", server), ("user", user),
        ]
        return "countersign://enrol?"
            + pairs.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
    }
}

/// Percent-encoding of a query's values.
enum PercentEncoding {
    /// Whether a byte stands for itself (RFC 3986 §2.3).
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }

    static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            if isUnreserved(byte) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += "%" + Hex.encode([byte]).uppercased()
            }
        }
        return encoded
    }

    /// The text; `nil` where a byte should have been encoded, an escape is broken, or it is not UTF-8.
    static func decode(_ bytes: [UInt8]) -> String? {
        var decoded: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                guard digits.utf8.count == 2, let value = try? Hex.decode(digits) else {
                    return nil
                }
                decoded += value
                rest = rest.dropFirst(2)
            } else {
                guard isUnreserved(byte) else { return nil }
                decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }
}
