import Cryptography
import ISO7816
import PIV

extension PIVApplet {
    /// GET VERSION: the firmware's three numbers.
    func version(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        try Self.requireNoParameters(command)
        return configuration.firmware.encoded()
    }

    /// GET SERIAL: four bytes.
    func serialNumber(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        try Self.requireNoParameters(command)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: state.serialNumber >> $0) }
    }

    /// GET METADATA of a slot, a PIN or the management key.
    func metadata(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        guard command.parameter1 == 0x00 else { throw Refusal(.incorrectParameters) }
        switch command.parameter2 {
        case PINReference.application.rawValue:
            return Self.metadata(state.pin, factory: .factoryPIN)
        case PINReference.puk.rawValue:
            return Self.metadata(state.puk, factory: .factoryPUK)
        case PIVCommand.managementKeyReference:
            let key = state.managementKey
            return CardMetadata(
                algorithm: key.algorithm, pinPolicy: .defaultPolicy, touchPolicy: key.touchPolicy,
                isDefault: key.isFactoryValue
            ).encoded()
        case PIVSlot.attestation.rawValue: return try attestationKeyMetadata()
        default:
            guard let key = PIVSlot(rawValue: command.parameter2).flatMap({ state.keys[$0] })
            else { throw Refusal(.referencedDataNotFound) }
            return CardMetadata(
                algorithm: key.algorithm, pinPolicy: key.pinPolicy, touchPolicy: key.touchPolicy,
                isGenerated: key.isGenerated, publicKey: key.publicKey
            ).encoded()
        }
    }

    private static func metadata(
        _ reference: CardReference, factory: CardReference
    ) -> [UInt8] {
        CardMetadata(
            algorithm: nil,
            isDefault: ConstantTime.areEqual(reference.value, factory.value),
            retries: CardMetadata.Retries(
                total: UInt8(clamping: reference.tries), left: UInt8(clamping: reference.triesLeft))
        ).encoded()
    }

    /// The key in F9 came with the card.
    private func attestationKeyMetadata() throws(Refusal) -> [UInt8] {
        let scalar = state.attestation.privateKey
        let publicKey = try internally { () throws(CryptographyError) in
            try CardKey.PrivateKey.p256(scalar).publicKey
        }
        return CardMetadata(
            algorithm: .p256, pinPolicy: .never, touchPolicy: .never, isGenerated: false,
            publicKey: publicKey
        ).encoded()
    }

    /// ATTEST: a certificate for a key that was made in the card. P1 is the slot.
    mutating func attest(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        guard command.parameter2 == 0x00, command.data.isEmpty,
            let slot = PIVSlot(rawValue: command.parameter1)
        else { throw Refusal(.incorrectParameters) }
        guard let key = state.keys[slot] else { throw Refusal(.referencedDataNotFound) }
        guard key.isGenerated else { throw Refusal(.conditionsNotSatisfied) }
        let facts = SlotAttestation(
            slot: slot, firmware: configuration.firmware, serialNumber: state.serialNumber,
            pinPolicy: key.pinPolicy, touchPolicy: key.touchPolicy,
            formFactor: SoftwareCard.Model.formFactor)
        let attestation = state.attestation
        let certificate = try internally { () throws(CryptographyError) in
            try attestation.certificate(for: key.publicKey, facts)
        }
        guard sabotage == .certificateNotDER else { return certificate }
        sabotage = nil
        return Self.spoilt(certificate: certificate)
    }

    /// SET PIN RETRIES: P1 for the PIN, P2 for the PUK. Both get their factory values.
    mutating func setRetries(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        try requireManagement()
        guard session.isPINVerified else { throw Refusal(.securityStatusNotSatisfied) }
        guard command.parameter1 > 0, command.parameter2 > 0, command.data.isEmpty else {
            throw Refusal(.wrongData)
        }
        let (pin, puk) = (Int(command.parameter1), Int(command.parameter2))
        state.pin = CardReference(
            value: CardReference.factoryPIN.value, tries: pin, triesLeft: pin)
        state.puk = CardReference(
            value: CardReference.factoryPUK.value, tries: puk, triesLeft: puk)
        session.isPINVerified = false
        return []
    }

    /// RESET: as a new card, but for serial number and attestation. Only once PIN and PUK are blocked.
    mutating func reset(_ command: CommandAPDU) throws(Refusal) -> [UInt8] {
        try Self.requireNoParameters(command)
        guard state.pin.isBlocked, state.puk.isBlocked else {
            throw Refusal(.conditionsNotSatisfied)
        }
        state = CardState(
            serialNumber: state.serialNumber, attestation: state.attestation,
            managementKey: .factory(configuration.managementKeyAlgorithm))
        session = Session()
        session.isSelected = true
        return []
    }

    private static func requireNoParameters(_ command: CommandAPDU) throws(Refusal) {
        guard command.parameter1 == 0x00, command.parameter2 == 0x00, command.data.isEmpty else {
            throw Refusal(.incorrectParameters)
        }
    }
}
