import Cryptography
import ISO7816
import PIV

extension PIVApplet {
    /// GENERAL AUTHENTICATE (part 2 §3.2.4): signs, agrees on a key, or authenticates whoever manages the card.
    mutating func generalAuthenticate(
        _ command: CommandAPDU, _ justBefore: Momentary
    ) throws(Refusal) -> [UInt8] {
        guard let algorithm = PIVAlgorithm(rawValue: command.parameter1) else {
            // 00 stands for triple DES too (NIST SP 800-78-4 table 6-2).
            guard command.parameter1 == 0, command.parameter2 == PIVCommand.managementKeyReference
            else { throw Refusal(.incorrectParameters) }
            return try authenticateManager(.tripleDES, command.data, justBefore.authentication)
        }
        if command.parameter2 == PIVCommand.managementKeyReference {
            return try authenticateManager(algorithm, command.data, justBefore.authentication)
        }
        guard
            let slot = PIVSlot(rawValue: command.parameter2), let key = state.keys[slot],
            key.algorithm == algorithm
        else { throw Refusal(.incorrectParameters) }
        let template = try decoding { () throws(MalformedCardData) in
            try AuthenticationTemplate(decoding: command.data)
        }
        try requirePIN(key.pinPolicy, justBefore)
        // Only the two forms that ask for a response.
        guard template.response == [], template.witness == nil else { throw Refusal(.wrongData) }
        switch (template.challenge, template.exponentiation) {
        case (let input?, nil):
            let prepared = try Self.prepared(input, for: algorithm)
            try requireTouch(key.touchPolicy)
            return AuthenticationTemplate(response: try signature(slot, key, prepared)).encoded()
        case (nil, let point?):
            return try agree(key, point)
        default: throw Refusal(.wrongData)
        }
    }

    private func requirePIN(
        _ policy: PINPolicy, _ justBefore: Momentary
    ) throws(Refusal) {
        let isSatisfied =
            switch policy {
            case .never: true
            case .once, .matchOnce, .defaultPolicy: session.isPINVerified
            case .always, .matchAlways: session.isPINVerified && justBefore.isPINVerified
            }
        guard isSatisfied else { throw Refusal(.securityStatusNotSatisfied) }
    }

    /// The input as long as the key: shorter digests are filled up in front, for ECDSA takes them as numbers; a block
    /// for RSA has to be whole.
    private static func prepared(
        _ input: [UInt8], for algorithm: PIVAlgorithm
    ) throws(Refusal) -> [UInt8] {
        guard let length = algorithm.signatureInputLength, (1...length).contains(input.count)
        else { throw Refusal(.wrongData) }
        guard algorithm != .rsa2048 || input.count == length else { throw Refusal(.wrongData) }
        return [UInt8](repeating: 0, count: length - input.count) + input
    }

    private mutating func signature(
        _ slot: PIVSlot, _ key: CardKey, _ input: [UInt8]
    ) throws(Refusal) -> [UInt8] {
        var signer = key.privateKey
        var input = input
        switch sabotage {
        case .signatureByAnotherKey:
            sabotage = nil
            signer = try anotherKey(slot, key) ?? signer
        case .signatureOverOtherData:
            sabotage = nil
            if let last = input.popLast() { input.append(last ^ 1) }
        case .certificateNotDER, nil: break
        }
        do throws(CryptographyError) {
            return try signer.signature(over: input)
        } catch .invalidBlock {
            throw Refusal(.wrongData)
        } catch {
            throw Refusal(.noPreciseDiagnosis)
        }
    }

    /// A key of the same kind: that of another slot, or else one that nobody knows.
    private func anotherKey(
        _ slot: PIVSlot, _ key: CardKey
    ) throws(Refusal) -> CardKey.PrivateKey? {
        let others = state.keys.filter { $0.key != slot && $0.value.algorithm == key.algorithm }
        if let other = others.min(by: { $0.key.rawValue < $1.key.rawValue }) {
            return other.value.privateKey
        }
        return try internally { () throws(CryptographyError) in
            try .generate(key.algorithm, random: random)
        }
    }

    private mutating func agree(_ key: CardKey, _ point: [UInt8]) throws(Refusal) -> [UInt8] {
        try requireTouch(key.touchPolicy)
        let secret: [UInt8]?
        do throws(CryptographyError) {
            secret = try key.privateKey.sharedSecret(with: point)
        } catch .invalidPublicKey {
            throw Refusal(.wrongData)
        } catch {
            throw Refusal(.noPreciseDiagnosis)
        }
        guard let secret else { throw Refusal(.wrongData) }
        return AuthenticationTemplate(response: secret).encoded()
    }
}
