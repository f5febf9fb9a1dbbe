public import ISO7816

/// The control reference template AC of GENERATE ASYMMETRIC KEY PAIR (NIST SP 800-73-4 Part 2 §3.3.2, table 10), with
/// Yubico's policies.
public struct KeyGeneration: Hashable, Sendable {
    /// 80: what kind of key.
    public let algorithm: PIVAlgorithm
    /// AA: when the PIN is wanted; `nil` for what the slot has by itself.
    public let pinPolicy: PINPolicy?
    /// AB: when a touch is wanted; `nil` for what the card has by itself.
    public let touchPolicy: TouchPolicy?

    /// A template from its members.
    public init(
        algorithm: PIVAlgorithm, pinPolicy: PINPolicy? = nil, touchPolicy: TouchPolicy? = nil
    ) {
        self.algorithm = algorithm
        self.pinPolicy = pinPolicy
        self.touchPolicy = touchPolicy
    }

    /// Decodes a template that fills `bytes` and has no other members. A parameter (81) is not supported.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        let object = try TLV.decode(bytes)
        guard object.tag == 0xAC else { throw .tag }
        var members = try TLV.decodeTemplate(object.value)
        guard let number = members.removeValue(forKey: 0x80) else { throw .missing("algorithm") }
        guard number.count == 1, let algorithm = number.first.flatMap(PIVAlgorithm.init(rawValue:))
        else { throw .value("algorithm") }
        let policies = try KeyPolicyMembers(removingFrom: &members)
        guard members.isEmpty else { throw .tag }
        self.init(
            algorithm: algorithm, pinPolicy: policies.pinPolicy, touchPolicy: policies.touchPolicy)
    }

    /// The bytes.
    public func encoded() -> [UInt8] {
        let policies = KeyPolicyMembers(pinPolicy: pinPolicy, touchPolicy: touchPolicy)
        return TLV(0xAC, children: [TLV(0x80, [algorithm.rawValue])] + policies.objects).encoded()
    }
}

/// The members AA and AB, which Yubico added to what generates a key and what imports one.
struct KeyPolicyMembers {
    let pinPolicy: PINPolicy?
    let touchPolicy: TouchPolicy?

    init(pinPolicy: PINPolicy?, touchPolicy: TouchPolicy?) {
        self.pinPolicy = pinPolicy
        self.touchPolicy = touchPolicy
    }

    init(removingFrom members: inout [UInt32: [UInt8]]) throws(MalformedCardData) {
        var pinPolicy: PINPolicy?
        if let value = members.removeValue(forKey: 0xAA) {
            pinPolicy = value.first.flatMap(PINPolicy.init(rawValue:))
            guard value.count == 1, pinPolicy != nil else { throw .value("PIN policy") }
        }
        var touchPolicy: TouchPolicy?
        if let value = members.removeValue(forKey: 0xAB) {
            touchPolicy = value.first.flatMap(TouchPolicy.init(rawValue:))
            guard value.count == 1, touchPolicy != nil else { throw .value("touch policy") }
        }
        self.init(pinPolicy: pinPolicy, touchPolicy: touchPolicy)
    }

    var objects: [TLV] {
        [pinPolicy.map { TLV(0xAA, [$0.rawValue]) }, touchPolicy.map { TLV(0xAB, [$0.rawValue]) }]
            .compactMap(\.self)
    }
}
