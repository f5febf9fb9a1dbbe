public import ISO7816

/// What a card knows about a key, a PIN or the PUK: the response to Yubico's GET METADATA.
///
/// It comes from the card without a signature; what was attested is in ``SlotAttestation``.
public struct CardMetadata: Hashable, Sendable {
    /// 01: what kind of key it is; `nil` for a PIN and the PUK.
    public var algorithm: PIVAlgorithm?
    /// 02: when the key wants the PIN.
    public var pinPolicy: PINPolicy?
    /// 02: when the key wants a touch.
    public var touchPolicy: TouchPolicy?
    /// 03: whether the key was generated in the card, rather than imported.
    public var isGenerated: Bool?
    /// 04: the public key. Also `nil` for the kinds that ``CardPublicKey`` has not.
    public var publicKey: CardPublicKey?
    /// 05: whether PIN, PUK or management key is what a new card has.
    public var isDefault: Bool?
    /// 06: how often PIN or PUK can be tried.
    public var retries: Retries?

    /// How often a PIN or PUK can be tried.
    public struct Retries: Hashable, Sendable {
        /// After the right one.
        public let total: UInt8
        /// Now.
        public let left: UInt8

        /// Counts from their numbers.
        public init(total: UInt8, left: UInt8) {
            self.total = total
            self.left = left
        }
    }

    /// Metadata from its members.
    public init(
        algorithm: PIVAlgorithm?, pinPolicy: PINPolicy? = nil, touchPolicy: TouchPolicy? = nil,
        isGenerated: Bool? = nil, publicKey: CardPublicKey? = nil, isDefault: Bool? = nil,
        retries: Retries? = nil
    ) {
        self.algorithm = algorithm
        self.pinPolicy = pinPolicy
        self.touchPolicy = touchPolicy
        self.isGenerated = isGenerated
        self.publicKey = publicKey
        self.isDefault = isDefault
        self.retries = retries
    }

    /// Decodes the data of a response, up to its end. Members with other tags, which newer cards have, are passed over.
    ///
    /// - Throws: ``MalformedCardData/missing(_:)`` without an algorithm, ``MalformedCardData/value(_:)`` for a member of
    ///   another length or with an unknown value, and for a public key of another kind than the algorithm says.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        let members = try TLV.decodeTemplate(bytes)
        guard let number = members[0x01] else { throw .missing("algorithm") }
        switch number {
        case [0xFF]: algorithm = nil
        default:
            guard number.count == 1,
                let known = number.first.flatMap(PIVAlgorithm.init(rawValue:))
            else { throw .value("algorithm") }
            algorithm = known
        }
        if let policies = members[0x02] {
            guard policies.count == 2, let pin = PINPolicy(rawValue: policies[0]) else {
                throw .value("PIN policy")
            }
            guard let touch = TouchPolicy(rawValue: policies[1]) else {
                throw .value("touch policy")
            }
            (pinPolicy, touchPolicy) = (pin, touch)
        }
        switch members[0x03] {
        case nil: break
        case [1]: isGenerated = true
        case [2]: isGenerated = false
        default: throw .value("origin")
        }
        if let template = members[0x04], algorithm?.signatureInputLength != nil {
            let key = try CardPublicKey(template: template)
            guard key.algorithm == algorithm else { throw .value("public key") }
            publicKey = key
        }
        switch members[0x05] {
        case nil: break
        case [0]: isDefault = false
        case [1]: isDefault = true
        default: throw .value("default")
        }
        if let counts = members[0x06] {
            guard counts.count == 2, counts[1] <= counts[0] else { throw .value("retries") }
            retries = Retries(total: counts[0], left: counts[1])
        }
    }

    /// The data of a response.
    public func encoded() -> [UInt8] {
        var objects = [TLV(0x01, [algorithm?.rawValue ?? 0xFF])]
        if pinPolicy != nil || touchPolicy != nil {
            let policies = [
                (pinPolicy ?? .defaultPolicy).rawValue, (touchPolicy ?? .defaultPolicy).rawValue,
            ]
            objects.append(TLV(0x02, policies))
        }
        if let isGenerated { objects.append(TLV(0x03, [isGenerated ? 1 : 2])) }
        if let publicKey { objects.append(TLV(0x04, publicKey.template)) }
        if let isDefault { objects.append(TLV(0x05, [isDefault ? 1 : 0])) }
        if let retries { objects.append(TLV(0x06, [retries.total, retries.left])) }
        return objects.flatMap { $0.encoded() }
    }
}
