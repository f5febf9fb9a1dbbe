import Cryptography
import ISO7816
import PIV

extension PIVApplet {
    /// GENERATE ASYMMETRIC KEY PAIR (part 2 §3.3.2), with the vendor's policies.
    mutating func generateKeyPair(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        guard command.parameter1 == 0x00 else { throw Refusal(.incorrectParameters) }
        let slot = try Self.cardholderSlot(command.parameter2)
        try requireManagement()
        let request = try decoding { () throws(MalformedCardData) in
            try KeyGeneration(decoding: command.data)
        }
        let random = random
        let generated = try internally { () throws(CryptographyError) in
            try CardKey.PrivateKey.generate(request.algorithm, random: random)
        }
        guard let generated else { throw Refusal(.wrongData) }
        let key = try admitted(
            generated, slot, request.pinPolicy, request.touchPolicy, isGenerated: true)
        state.keys[slot] = key
        return key.publicKey.encoded()
    }

    /// The vendor's IMPORT ASYMMETRIC KEY: a scalar (06), or the two primes of an RSA key with the exponent 65537 (01
    /// and 02; what follows from them, 03 to 05, is not looked at).
    mutating func importKey(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        let slot = try Self.cardholderSlot(command.parameter2)
        guard let algorithm = PIVAlgorithm(rawValue: command.parameter1) else {
            throw Refusal(.incorrectParameters)
        }
        try requireManagement()
        let members = try decoding { () throws(MalformedCardData) in
            try TLV.decodeTemplate(command.data)
        }
        let privateKey = try Self.privateKey(algorithm, members)
        state.keys[slot] = try admitted(
            privateKey, slot, try Self.policy(members[0xAA]), try Self.policy(members[0xAB]),
            isGenerated: false)
        return []
    }

    private static func privateKey(
        _ algorithm: PIVAlgorithm, _ members: [UInt32: [UInt8]]
    ) throws(Refusal) -> CardKey.PrivateKey {
        switch (algorithm, members[0x06], members[0x01], members[0x02]) {
        case (.p256, let scalar?, nil, nil): return .p256(scalar)
        case (.p384, let scalar?, nil, nil): return .p384(scalar)
        case (.rsa2048, nil, let first?, let second?):
            do throws(CryptographyError) {
                return .rsa2048(try RSAPrivateKey(primes: first, second).derRepresentation)
            } catch {
                throw Refusal(.wrongData)
            }
        default: throw Refusal(.functionNotSupported)
        }
    }

    /// A slot that keys may be put in: any but the one that attests.
    private static func cardholderSlot(_ reference: UInt8) throws(Refusal) -> PIVSlot {
        guard let slot = PIVSlot(rawValue: reference), slot != .attestation else {
            throw Refusal(.incorrectParameters)
        }
        return slot
    }

    private static func policy<Policy: RawRepresentable<UInt8>>(
        _ member: [UInt8]?
    ) throws(Refusal) -> Policy? {
        guard let member else { return nil }
        guard member.count == 1, let policy = member.first.flatMap(Policy.init(rawValue:)) else {
            throw Refusal(.wrongData)
        }
        return policy
    }

    /// The key with what its policies mean in its slot. The card compares no fingerprints.
    private func admitted(
        _ privateKey: CardKey.PrivateKey, _ slot: PIVSlot, _ pinPolicy: PINPolicy?,
        _ touchPolicy: TouchPolicy?, isGenerated: Bool
    ) throws(Refusal) -> CardKey {
        let pinPolicy = (pinPolicy ?? .defaultPolicy).resolved(in: slot)
        guard pinPolicy != .matchOnce, pinPolicy != .matchAlways else {
            throw Refusal(.wrongData)
        }
        let touchPolicy = touchPolicy ?? .defaultPolicy
        do throws(CryptographyError) {
            return try CardKey(
                privateKey, pinPolicy: pinPolicy,
                touchPolicy: touchPolicy == .defaultPolicy ? .never : touchPolicy,
                isGenerated: isGenerated)
        } catch {
            throw Refusal(.wrongData)
        }
    }
}
