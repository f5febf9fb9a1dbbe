import Cryptography
import ISO7816
import PIV

extension PIVApplet {
    /// What the card waits for between the two commands of the management key's authentication.
    enum ManagementAuthentication: Sendable {
        /// The client is to decrypt a witness, of which this is the plain form.
        case witness([UInt8])
        /// The client is to encrypt a challenge, of which this is the encrypted form.
        case challenge([UInt8])
    }

    /// Mutual authentication, or that of the client alone (part 2 appendix A.1). The two commands must follow each
    /// other at once, and the first takes what was allowed away.
    mutating func authenticateManager(
        _ algorithm: PIVAlgorithm, _ data: [UInt8], _ pending: ManagementAuthentication?
    ) throws(Refusal) -> [UInt8] {
        let key = state.managementKey
        guard key.algorithm == algorithm, let length = algorithm.blockLength else {
            throw Refusal(.incorrectParameters)
        }
        let template = try decoding { () throws(MalformedCardData) in
            try AuthenticationTemplate(decoding: data)
        }
        session.isManaged = false
        guard template.exponentiation == nil else { throw Refusal(.wrongData) }
        switch (template.witness, template.challenge, template.response) {
        case ([], nil, nil):
            let witness = random.bytes(length)
            session.momentary.authentication = .witness(witness)
            return AuthenticationTemplate(witness: try encrypted(witness)).encoded()
        case (nil, [], nil):
            let challenge = random.bytes(length)
            session.momentary.authentication = .challenge(try encrypted(challenge))
            return AuthenticationTemplate(challenge: challenge).encoded()
        case (let witness?, let challenge?, nil), (let witness?, let challenge?, []):
            guard case .witness(let expected) = pending, challenge.count == length else {
                throw Refusal(.wrongData)
            }
            try admit(witness, expected)
            // Only who has the key learns how it encrypts something.
            return AuthenticationTemplate(response: try encrypted(challenge)).encoded()
        case (nil, nil, let response?):
            guard case .challenge(let expected) = pending else { throw Refusal(.wrongData) }
            try admit(response, expected)
            return []
        default: throw Refusal(.wrongData)
        }
    }

    private mutating func admit(_ answer: [UInt8], _ expected: [UInt8]) throws(Refusal) {
        guard ConstantTime.areEqual(answer, expected) else {
            throw Refusal(.securityStatusNotSatisfied)
        }
        try requireTouch(state.managementKey.touchPolicy)
        session.isManaged = true
    }

    private func encrypted(_ block: [UInt8]) throws(Refusal) -> [UInt8] {
        let key = state.managementKey
        return try internally { () throws(CryptographyError) in
            switch key.algorithm {
            case .tripleDES: try TripleDESECB.encryptBlocks(block, key: key.bytes)
            default: try AESECB.encryptBlocks(block, key: key.bytes)
            }
        }
    }

    /// The vendor's SET MANAGEMENT KEY: algorithm, then the data object 9B with the key. P2 is the touch policy,
    /// counted down from FF.
    mutating func setManagementKey(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        guard command.parameter1 == 0xFF else { throw Refusal(.incorrectParameters) }
        let touchPolicy: TouchPolicy
        switch command.parameter2 {
        case 0xFF: touchPolicy = .never
        case 0xFE: touchPolicy = .always
        case 0xFD: touchPolicy = .cached
        default: throw Refusal(.incorrectParameters)
        }
        try requireManagement()
        let object = try decoding { () throws(MalformedCardData) in
            try TLV.decode(Array(command.data.dropFirst()))
        }
        guard
            let algorithm = command.data.first.flatMap(PIVAlgorithm.init(rawValue:)),
            object.tag == UInt32(PIVCommand.managementKeyReference),
            let key = CardManagementKey(
                algorithm: algorithm, bytes: object.value, touchPolicy: touchPolicy)
        else { throw Refusal(.wrongData) }
        state.managementKey = key
        return []
    }
}
