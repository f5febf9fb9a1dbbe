/// A key package whose key is one that we take (RFC 6030 §4): HOTP, TOTP or OCRA. Its values may be encrypted yet.
public struct PSKCKeyPackage: Sendable, Hashable, CustomStringConvertible {
    /// What package and device say of themselves.
    public struct Facts: Sendable, Hashable {
        /// The device's serial number, or the key's identifier where the device has none.
        public var serial: String?
        /// Whose it is: the identifier of the key's user, else of the device's. Of a distinguished name it is the value of
        /// `UID`, and none where it has no such part, for nobody signs in with the rest.
        public var user: String?
        /// Who issued the key.
        public var issuer: String?
        /// Who made the device.
        public var manufacturer: String?
        /// The maker's name for its kind.
        public var model: String?
        /// The later of the beginnings of the device's and the key's life, in seconds since 1970.
        public var startAt: Int64?
        /// The earlier of their ends, likewise.
        public var expiresAt: Int64?

        /// No facts.
        public init() {}
    }

    /// What package and device say of themselves.
    public let facts: Facts
    /// The key.
    public let secret: PSKCValue<[UInt8]>
    /// The next counter.
    public let counter: PSKCValue<UInt64>?
    /// The length of a time step in seconds.
    public let timeInterval: PSKCValue<UInt64>?
    /// By how many time steps the clock is ahead.
    public let timeDrift: PSKCValue<Int64>?
    private let members: TokenMembers

    /// A package from its parts.
    ///
    /// - Parameters:
    ///   - digits: of the response's format; `nil` where the package has none.
    ///   - suite: of the algorithm's parameters, for OCRA its suite.
    /// - Throws: what is wrong with the parameters, as far as nothing of them is encrypted.
    public init(
        kind: TokenKind, hash: OATHHash?, digits: Int?, suite: String?, facts: Facts,
        secret: PSKCValue<[UInt8]>, counter: PSKCValue<UInt64>?,
        timeInterval: PSKCValue<UInt64>?, timeDrift: PSKCValue<Int64>?
    ) throws(MalformedOATH) {
        var members = TokenMembers(kind)
        members.hash = hash
        members.digits = digits
        members.suite = suite
        self.facts = facts
        self.secret = secret
        self.counter = counter
        // Makers write both whatever the kind.
        self.timeInterval = kind == .totp ? timeInterval : nil
        self.timeDrift = kind == .totp ? timeDrift : nil
        self.members = members
        if case .plain(let secret) = secret {
            guard TokenParameters.secretLengths.contains(secret.count) else { throw .secretLength }
        }
        // An encrypted interval is none that there could not be, until it is opened.
        let interval: UInt64? =
            if case .plain(let interval) = self.timeInterval { interval } else { nil }
        _ = try parameters(timeInterval: interval)
    }

    /// Whether it takes a key to read all its values.
    public var isEncrypted: Bool {
        secret.isEncrypted || counter?.isEncrypted == true || timeInterval?.isEncrypted == true
            || timeDrift?.isEncrypted == true
    }

    /// Kind and serial number.
    public var description: String {
        "\(members.kind.rawValue) key package \(facts.serial ?? "without a serial number")"
    }

    /// The token, from the values of the package once they are open.
    ///
    /// - Parameters:
    ///   - secret: the key.
    ///   - counter: the next counter, where the package has one.
    ///   - timeInterval: the length of a time step in seconds, likewise.
    ///   - timeDrift: in time steps, likewise.
    public func draft(
        secret: [UInt8], counter: UInt64?, timeInterval: UInt64?, timeDrift: Int64?
    ) throws(MalformedOATH) -> TokenDraft {
        let parameters = try parameters(timeInterval: timeInterval)
        var draft = try TokenDraft(secret: secret, parameters: parameters)
        switch parameters.mechanism {
        case .hotp: draft.counter = counter ?? 0
        case .ocra(let suite): draft.counter = suite.hasCounter ? counter ?? 0 : 0
        case .totp, .challengeResponse: break
        }
        if let timeDrift {
            guard let drift = Int(exactly: timeDrift), TokenDraft.drifts.contains(drift) else {
                throw .value("TimeDrift")
            }
            draft.drift = drift
        }
        draft.serial = facts.serial
        draft.user = facts.user
        draft.issuer = facts.issuer
        draft.manufacturer = facts.manufacturer
        draft.model = facts.model
        draft.startAt = facts.startAt
        draft.expiresAt = facts.expiresAt
        return draft
    }

    private func parameters(timeInterval: UInt64?) throws(MalformedOATH) -> TokenParameters {
        // RFC 6030 §10.1.1: without the response's format nobody knows how many digits there are.
        guard members.digits != nil || members.kind == .ocra else {
            throw .missing("ResponseFormat")
        }
        var members = members
        if let timeInterval {
            guard let period = Int(exactly: timeInterval) else { throw .period }
            members.period = period
        }
        return try members.parameters()
    }
}
