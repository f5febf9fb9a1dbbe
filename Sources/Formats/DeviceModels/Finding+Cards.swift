extension Advisory {
    /// Whether this note speaks of a key of the kind `algorithm` in the PIV application of a card
    /// that is one of `candidates`; nil when it does not.
    ///
    /// It is sure only where it is sure of each candidate.
    func finding(
        forCard candidates: [DeviceModel], firmware: FirmwareVersion?,
        algorithm: KeyAlgorithmFamily?
    ) -> Finding? {
        let statements = candidates.map {
            statement(on: $0, firmware: firmware, algorithm: algorithm)
        }
        var reasons: [Finding.Reason] = []
        for case let statement? in statements where !reasons.contains(statement.reason) {
            reasons.append(statement.reason)
        }
        guard !reasons.isEmpty else { return nil }
        let isSure = statements.allSatisfy { $0?.status == .affected }
        if !isSure, statements.contains(where: { $0?.status != .possiblyAffected }) {
            reasons.append(.modelIsOneOf(candidates.map(\.id)))
        }
        return Finding(
            advisory: self, status: isSure ? .affected : .possiblyAffected, reasons: reasons)
    }

    /// What the note says of one model. The range that the model was sold with decides where the
    /// firmware is not known, and firmware outside it clears no card.
    private func statement(
        on model: DeviceModel, firmware: FirmwareVersion?, algorithm: KeyAlgorithmFamily?
    ) -> (status: Finding.Status, reason: Finding.Reason)? {
        guard let entry = affected.first(where: { $0.model == model.id }),
            entry.concerns(.piv, algorithm: algorithm)
        else { return nil }
        let range = entry.firmware
        if range == .all { return (.affected, .modelIsAffected(model.id)) }
        let sold = model.piv?.firmware
        if let firmware {
            if range.contains(firmware) {
                return (.affected, .firmwareIsAffected(firmware, affected: range))
            }
            guard let sold, !sold.contains(firmware), sold.overlaps(range) else { return nil }
            return (
                .possiblyAffected, .firmwareContradictsModel(firmware, model.id, sold: sold)
            )
        }
        guard let sold else {
            return (.possiblyAffected, .firmwareIsUnknown(affected: range))
        }
        if sold.isWithin(range) {
            return (
                .affected, .modelFirmwareIsAffected(model.id, sold: sold, affected: range)
            )
        }
        guard sold.overlaps(range) else { return nil }
        return (
            .possiblyAffected,
            .modelFirmwareIsPartlyAffected(model.id, sold: sold, affected: range)
        )
    }
}
