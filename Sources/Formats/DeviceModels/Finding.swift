public import WebAuthn

/// That an advisory speaks, or may speak, of an authenticator.
public struct Finding: Sendable, Hashable {
    /// The advisory.
    public let advisory: Advisory
    /// How sure it is.
    public let status: Status
    /// Why; never empty.
    public let reasons: [Reason]

    /// How sure a finding is.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// The authenticator has the flaw.
        case affected
        /// What is known of the authenticator leaves it open.
        case possiblyAffected = "possibly-affected"
    }

    /// A fact that a finding rests on.
    public enum Reason: Sendable, Hashable, CustomStringConvertible {
        /// The authenticator says that its firmware is one of those affected.
        case firmwareIsAffected(FirmwareVersion, affected: FirmwareRange)
        /// Its AAGUID is shipped only with firmware that is affected.
        case aaguidIsAffected(AAGUID, shipped: FirmwareRange, affected: FirmwareRange)
        /// Its AAGUID is shipped with firmware of which a part is affected, and it does not say
        /// which it has.
        case aaguidIsPartlyAffected(AAGUID, shipped: FirmwareRange, affected: FirmwareRange)
        /// Neither it nor its AAGUID says which firmware it has.
        case firmwareIsUnknown(affected: FirmwareRange)
        /// It says that it has firmware which its AAGUID is not shipped with, so its word does not
        /// clear it.
        case firmwareContradictsAAGUID(FirmwareVersion, AAGUID, shipped: FirmwareRange)
        /// Every version of the model is affected.
        case modelIsAffected(ModelID)
        /// The model has been sold only with firmware that is affected.
        case modelFirmwareIsAffected(ModelID, sold: FirmwareRange, affected: FirmwareRange)
        /// The model has been sold with firmware of which a part is affected, and nobody knows
        /// which the card has.
        case modelFirmwareIsPartlyAffected(ModelID, sold: FirmwareRange, affected: FirmwareRange)
        /// It says that it has firmware which the model has never been sold with, so its word does
        /// not clear it.
        case firmwareContradictsModel(FirmwareVersion, ModelID, sold: FirmwareRange)
        /// It may be any of these models, and the advisory does not say the same of each.
        case modelIsOneOf([ModelID])

        /// The reason in a sentence, for a person to read.
        public var description: String {
            switch self {
            case .firmwareIsAffected(let firmware, let affected):
                "its firmware is \(firmware), and \(affected) is affected"
            case .aaguidIsAffected(let aaguid, let shipped, let affected):
                "the AAGUID \(aaguid) is shipped with firmware \(shipped), "
                    + "and \(affected) is affected"
            case .aaguidIsPartlyAffected(let aaguid, let shipped, let affected):
                "its firmware is not known; the AAGUID \(aaguid) is shipped with firmware "
                    + "\(shipped), of which \(affected) is affected"
            case .firmwareIsUnknown(let affected):
                "its firmware is not known, and \(affected) is affected"
            case .firmwareContradictsAAGUID(let firmware, let aaguid, let shipped):
                "it says that its firmware is \(firmware), but the AAGUID \(aaguid) is shipped "
                    + "with firmware \(shipped)"
            case .modelIsAffected(let model):
                "every \(model) is affected"
            case .modelFirmwareIsAffected(let model, let sold, let affected):
                "the \(model) has been sold with firmware \(sold), and \(affected) is affected"
            case .modelFirmwareIsPartlyAffected(let model, let sold, let affected):
                "its firmware is not known; the \(model) has been sold with firmware \(sold), "
                    + "of which \(affected) is affected"
            case .firmwareContradictsModel(let firmware, let model, let sold):
                "it says that its firmware is \(firmware), but the \(model) has been sold with "
                    + "firmware \(sold)"
            case .modelIsOneOf(let models):
                "it may be one of " + models.map(\.description).joined(separator: ", ")
                    + ", of which not each is affected alike"
            }
        }
    }
}

extension Advisory {
    /// Whether this note speaks of the FIDO application of an authenticator that is a `model`; nil
    /// when it does not.
    ///
    /// `firmware` is the authenticator's own word, which no attestation covers. The AAGUID's
    /// shipped range is the maker's. So the range decides where the firmware is not known, and
    /// firmware outside it does not clear an authenticator whose AAGUID the note speaks of.
    func finding(
        for model: DeviceModel, aaguid: AAGUID?, firmware: FirmwareVersion?
    ) -> Finding? {
        // Which algorithm a credential has is not asked here, so no note is passed over for it.
        guard let entry = affected.first(where: { $0.model == model.id }),
            entry.concerns(.fido, algorithm: nil)
        else { return nil }
        func finding(_ status: Finding.Status, _ reasons: Finding.Reason...) -> Finding {
            Finding(advisory: self, status: status, reasons: reasons)
        }

        let range = entry.firmware
        if range == .all { return finding(.affected, .modelIsAffected(model.id)) }
        let claim = aaguid.flatMap { model.claim(of: $0) }
        guard let claim, let shipped = claim.firmware else {
            guard let firmware else {
                return finding(.possiblyAffected, .firmwareIsUnknown(affected: range))
            }
            guard range.contains(firmware) else { return nil }
            return finding(.affected, .firmwareIsAffected(firmware, affected: range))
        }
        guard let firmware else {
            if shipped.isWithin(range) {
                return finding(
                    .affected, .aaguidIsAffected(claim.value, shipped: shipped, affected: range))
            }
            guard shipped.overlaps(range) else { return nil }
            return finding(
                .possiblyAffected,
                .aaguidIsPartlyAffected(claim.value, shipped: shipped, affected: range))
        }
        if range.contains(firmware) {
            return finding(.affected, .firmwareIsAffected(firmware, affected: range))
        }
        guard !shipped.contains(firmware), shipped.overlaps(range) else { return nil }
        return finding(
            .possiblyAffected,
            .firmwareContradictsAAGUID(firmware, claim.value, shipped: shipped))
    }
}
