internal import OATH

/// Reads a key package.
struct PackageReader {
    private let element: KeyPackageElement
    private let protection: PSKCProtection?

    init(_ element: KeyPackageElement, _ protection: PSKCProtection?) {
        self.element = element
        self.protection = protection
    }

    /// The serial number, as far as it can be told whatever else is wrong.
    static func serial(of element: KeyPackageElement) -> String? {
        let serial = element.device.first?.serial.first ?? element.key.first?.id
        return serial.flatMap { $0.isEmpty ? nil : $0 }
    }

    func package() throws(MalformedOATH) -> PSKCKeyPackage {
        let key = try element.key.required("Key")
        let algorithm = try Algorithm(key.algorithm)
        let parameters = try key.parameters.one("AlgorithmParameters")
        let suite = try parameters?.suite.one("Suite")
        let policy = try PolicyReader(key.policy.one("Policy"))
        try policy.checkUsage(algorithm.kind)
        let data = try key.data.required("Data")
        return try PSKCKeyPackage(
            kind: algorithm.kind, hash: algorithm.hash(suite: suite), digits: digits(parameters),
            suite: algorithm.suite(stated: suite), facts: facts(key, policy),
            secret: value(data.secret.required("Secret"), "Secret") { text throws(MalformedOATH) in
                try text.base64Binary("Secret")
            },
            counter: number(data.counter, "Counter"),
            timeInterval: number(data.timeInterval, "TimeInterval"),
            timeDrift: number(data.timeDrift, "TimeDrift"))
    }

    private func digits(
        _ parameters: AlgorithmParametersElement?
    ) throws(MalformedOATH) -> Int? {
        if let challenge = try parameters?.challenge.one("ChallengeFormat") {
            // A digit that checks the question is not part of it, and no suite says so.
            guard !challenge.hasCheckDigits else { throw .unsupported("CheckDigits") }
        }
        guard let response = try parameters?.response.one("ResponseFormat") else { return nil }
        guard response.encoding == "DECIMAL" else { throw .unsupported("ResponseFormat") }
        guard !response.hasCheckDigits else { throw .unsupported("CheckDigits") }
        guard let length = response.length else { throw .missing("Length") }
        return try length.number("Length")
    }

    private func facts(
        _ key: KeyElement, _ policy: PolicyReader
    ) throws(MalformedOATH) -> PSKCKeyPackage.Facts {
        let device = try element.device.one("DeviceInfo")
        var facts = PSKCKeyPackage.Facts()
        _ = try device?.serial.one("SerialNo")
        facts.serial = Self.serial(of: element)
        facts.manufacturer = try device?.manufacturer.one("Manufacturer")
        facts.model = try device?.model.one("Model")
        facts.issuer = try key.issuer.one("Issuer")
        let deviceUser = try device?.user.one("UserId")
        let user = try key.user.one("UserId") ?? deviceUser
        facts.user = user.flatMap { PSKCKeyPackage.Facts.userName($0) }
        let starts = [try PolicyReader.time(device?.startDate, "StartDate"), policy.startAt]
        let ends = [try PolicyReader.time(device?.expiryDate, "ExpiryDate"), policy.expiresAt]
        facts.startAt = starts.compactMap(\.self).max()
        facts.expiresAt = ends.compactMap(\.self).min()
        return facts
    }

    private func number<Number: FixedWidthInteger & Sendable>(
        _ elements: [ValueElement], _ name: String
    ) throws(MalformedOATH) -> PSKCValue<Number>? {
        guard let element = try elements.one(name) else { return nil }
        return try value(element, name) { text throws(MalformedOATH) in try text.number(name) }
    }

    /// RFC 6030 §4.2: either in the clear, or encrypted and then with the code that authenticates it.
    private func value<Plain>(
        _ element: ValueElement, _ name: String,
        plain: (String) throws(MalformedOATH) -> Plain
    ) throws(MalformedOATH) -> PSKCValue<Plain> {
        let encrypted = try element.encrypted.one("EncryptedValue")
        if let text = try element.plain.one("PlainValue") {
            guard encrypted == nil else { throw .duplicate(name) }
            return .plain(try plain(text))
        }
        guard let encrypted else { throw .missing(name) }
        guard let protection else { throw .missing("EncryptionKey") }
        guard let authentication = protection.authentication else { throw .missing("MACMethod") }
        let mac = try element.mac.required("ValueMAC").base64Binary("ValueMAC")
        guard mac.count == authentication.hash.byteCount else { throw .value("ValueMAC") }
        return .encrypted(try ProtectionReader.ciphertext(encrypted), mac: mac)
    }
}

/// What a key's `Algorithm` says (RFC 6030 §10, and the profiles of the drafts beside it).
private struct Algorithm {
    let kind: TokenKind
    /// The suite of OCRA, where the identifier has it.
    private let named: String?

    /// The registered name space, and what drafts had before it was.
    private static let spaces = [
        "urn:ietf:params:xml:ns:keyprov:pskc:", "urn:ietf:params:xml:ns:keyprov:pskc#",
        "http://www.ietf.org/keyprov/pskc#",
    ]

    init(_ identifier: String?) throws(MalformedOATH) {
        guard let identifier else { throw .missing("Algorithm") }
        guard let space = Self.spaces.first(where: identifier.hasPrefix) else {
            throw .unsupported("Algorithm")
        }
        let name = String(identifier.dropFirst(space.count))
        named = name.hasPrefix("OCRA-1:") ? name : nil
        switch name.lowercased() {
        case "hotp": kind = .hotp
        case "totp": kind = .totp
        case "ocra": kind = .ocra
        default:
            guard named != nil else { throw .unsupported("Algorithm") }
            kind = .ocra
        }
    }

    /// The hash function that the suite of a code's algorithm names: `HMAC-SHA256`, say.
    func hash(suite: String?) throws(MalformedOATH) -> OATHHash? {
        guard kind != .ocra, let suite, !suite.isEmpty else { return nil }
        let name = suite.replacing("HMAC-", with: "", maxReplacements: 1).replacing("-", with: "")
        guard let hash = OATHHash(rawValue: name.lowercased()) else { throw .hash }
        return hash
    }

    /// The suite of OCRA.
    func suite(stated: String?) throws(MalformedOATH) -> String? {
        guard kind == .ocra else { return nil }
        guard let named else { return stated }
        guard stated == nil || stated == named else { throw .duplicate("Suite") }
        return named
    }
}

extension FormatElement {
    /// Whether there is a digit that checks the others. Anything but a clear no counts.
    fileprivate var hasCheckDigits: Bool {
        checkDigits.map { $0 != "false" && $0 != "0" } ?? false
    }
}
