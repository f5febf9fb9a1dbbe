/// What a verified slot attestation says of the card: its word, with the maker's signature.
public struct AttestedCardFacts: Sendable, Hashable {
    /// The value of the vendor's form factor extension; nil where it has none.
    public var formFactor: UInt8?
    /// The firmware; nil where it says nothing of it.
    public var firmware: FirmwareVersion?
    /// The SHA-256 digest, 32 bytes, of the DER form of the anchor that the chain ended at; nil
    /// where the caller does not tell, and then any maker's facts may be anyone's.
    public var root: [UInt8]?

    /// The facts of one attestation.
    public init(formFactor: UInt8?, firmware: FirmwareVersion?, root: [UInt8]?) {
        self.formFactor = formFactor
        self.firmware = firmware
        self.root = root
    }
}

extension Catalogue {
    /// The models that give the answer to reset `atr`, by id. Several models share one, and any
    /// card can give any.
    public func models(forATR atr: [UInt8]) -> [DeviceModel] {
        models.filter { $0.piv?.answersToReset.contains(atr) == true }
    }

    /// The models that a card may be, by id.
    ///
    /// What is attested decides: a model is a candidate when the entry contradicts none of the
    /// facts and states at least one of them. The answer to reset `atr` only narrows the candidates
    /// down, and is passed over where none of them gives it. A root that no entry lists is not a
    /// maker's: what it attests tells no model, and the answer to reset is all there is, as it is
    /// without an attestation.
    public func models(
        forCard atr: [UInt8]?, attested facts: AttestedCardFacts?
    ) -> [DeviceModel] {
        let byATR = atr.map(models(forATR:)) ?? []
        guard let facts, facts.formFactor != nil || facts.firmware != nil || facts.root != nil,
            facts.root.map(isRootOfSomeMaker) != false
        else { return byATR }
        let attested = models.filter { $0.piv?.agrees(with: facts) == true }
        let narrowed = attested.filter { byATR.contains($0) }
        return narrowed.isEmpty ? attested : narrowed
    }

    private func isRootOfSomeMaker(_ root: [UInt8]) -> Bool {
        models.contains { $0.piv?.isAttested(by: root) == true }
    }

    /// What the advisories say of a key in the PIV application of a card that is one of
    /// `candidates`, the gravest first; nothing where there is no candidate.
    ///
    /// `firmware` is the card's version, where known, and `algorithm` the kind of its key. What is
    /// not known clears nothing. A finding is `affected` only if it is so for every candidate.
    public func advisories(
        forCard candidates: [DeviceModel], firmware: FirmwareVersion?,
        algorithm: KeyAlgorithmFamily?
    ) -> [Finding] {
        Self.gravestFirst(
            advisories.compactMap {
                $0.finding(forCard: candidates, firmware: firmware, algorithm: algorithm)
            })
    }
}

extension ModelPIV {
    /// Whether the entry contradicts none of `facts` and states at least one.
    fileprivate func agrees(with facts: AttestedCardFacts) -> Bool {
        var statements: [Bool] = []
        if let root = facts.root, attestation.contains(where: { $0.role == .root }) {
            statements.append(isAttested(by: root))
        }
        if let formFactor = facts.formFactor, !attestedFormFactors.isEmpty {
            statements.append(attestedFormFactors.contains(formFactor))
        }
        if let version = facts.firmware, let firmware {
            statements.append(firmware.contains(version))
        }
        return !statements.isEmpty && statements.allSatisfy(\.self)
    }
}
