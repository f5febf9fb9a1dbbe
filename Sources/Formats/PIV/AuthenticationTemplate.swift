public import ISO7816

/// The dynamic authentication template 7C of GENERAL AUTHENTICATE (NIST SP 800-73-4 Part 2 §3.2.4, table 7).
///
/// A member that is there but empty asks the other side for it.
public struct AuthenticationTemplate: Hashable, Sendable {
    /// 80: a challenge that its maker encrypted, to be sent back decrypted.
    public var witness: [UInt8]?
    /// 81: what is to be signed or encrypted.
    public var challenge: [UInt8]?
    /// 82: the signature or the encrypted challenge.
    public var response: [UInt8]?
    /// 85: the other side's public key, for a key agreement.
    public var exponentiation: [UInt8]?

    /// A template from its members.
    public init(
        witness: [UInt8]? = nil, challenge: [UInt8]? = nil, response: [UInt8]? = nil,
        exponentiation: [UInt8]? = nil
    ) {
        self.witness = witness
        self.challenge = challenge
        self.response = response
        self.exponentiation = exponentiation
    }

    /// Decodes a template that fills `bytes` and has no other members.
    public init(decoding bytes: [UInt8]) throws(MalformedCardData) {
        let object = try TLV.decode(bytes)
        guard object.tag == 0x7C else { throw .tag }
        var members = try TLV.decodeTemplate(object.value)
        witness = members.removeValue(forKey: 0x80)
        challenge = members.removeValue(forKey: 0x81)
        response = members.removeValue(forKey: 0x82)
        exponentiation = members.removeValue(forKey: 0x85)
        guard members.isEmpty else { throw .tag }
    }

    /// The bytes. The order is the one that clients use and some cards insist on: what is asked for comes first.
    public func encoded() -> [UInt8] {
        let members: [(tag: UInt32, value: [UInt8]?)] = [
            (0x80, witness), (0x82, response), (0x81, challenge), (0x85, exponentiation),
        ]
        return TLV(
            0x7C,
            children: members.compactMap { member in member.value.map { TLV(member.tag, $0) } }
        ).encoded()
    }
}
