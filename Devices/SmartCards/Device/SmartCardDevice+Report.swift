public import Authenticators
import Cryptography
import PIV
import WebAuthn

extension SmartCardDevice {
    /// Asks the card for what describes it. Needs nobody.
    public func describe() async throws(AuthenticatorFailure) -> AuthenticatorDescription {
        try await exclusively { (card) throws(AuthenticatorFailure) in
            try card.channel.transaction { () throws(AuthenticatorFailure) in
                let properties = try card.select()
                var description = AuthenticatorDescription(
                    family: .smartCard, path: path.description)
                description.product = properties.label.isEmpty ? nil : properties.label
                description.serialNumber = try card.serialNumber().map { String($0) }
                description.firmware = try card.firmware().map { firmware in
                    AuthenticatorDescription.Firmware(deviceVersion: firmware.encoded())
                }
                description.answerToReset = card.channel.answerToReset
                description.versions = ["PIV"]
                description.transports = [.smartCard]
                description.algorithms = properties.algorithms
                    .compactMap(PIVAlgorithm.init(rawValue:)).flatMap(\.signatureAlgorithms)
                description.pin = .set(
                    retriesLeft: try card.retriesLeft(of: card.pinReference()))
                description.minimumPINLength = 6
                return description
            }
        }
    }

    /// Asks the card for everything that it tells. Needs nobody. It takes a while: every slot is looked into.
    public func report() async throws(AuthenticatorFailure) -> CardReport {
        try await exclusively { (card) throws(AuthenticatorFailure) in
            try card.channel.transaction { () throws(AuthenticatorFailure) in
                try card.report(path)
            }
        }
    }
}

extension PIVCard {
    fileprivate func report(_ path: CardPath) throws(AuthenticatorFailure) -> CardReport {
        let properties = try select()
        let reference = try pinReference()
        let management = try managementKeyMetadata()
        var slots: [SlotReport] = []
        for slot in PIVSlot.all + [.attestation] {
            if let report = try report(on: slot) { slots.append(report) }
        }
        return CardReport(
            path: path, answerToReset: channel.answerToReset, label: properties.label,
            firmware: try firmware(), serialNumber: try serialNumber(), chuid: try readableCHUID(),
            discovery: try discovery()?.1, pin: try secret(reference), puk: try secret(.puk),
            managementKey: .init(
                algorithm: management?.algorithm, isDefault: try isManagementKeyWellKnown(),
                isKept: try isManagementKeyKept()),
            slots: slots)
    }

    private func secret(
        _ reference: PINReference
    ) throws(AuthenticatorFailure) -> CardReport.Secret {
        let metadata = try metadata(of: reference)
        return CardReport.Secret(
            retriesLeft: try retriesLeft(of: reference),
            retries: metadata?.retries.map { Int($0.total) }, isDefault: metadata?.isDefault)
    }

    /// Many cards have an identifier that is not quite as it should be; that is no reason to say nothing about them.
    private func readableCHUID() throws(AuthenticatorFailure) -> CHUID? {
        do throws(AuthenticatorFailure) {
            return try chuid()
        } catch .malformedReply {
            return nil
        }
    }

    private func report(on slot: PIVSlot) throws(AuthenticatorFailure) -> SlotReport? {
        let held = try certificate(in: slot)
        let metadata = try readableMetadata(of: slot).value
        let key = metadata?.publicKey?.verified
        let certificate: SlotReport.Certificate
        var certifiedKey: PublicKey?
        switch held {
        case .absent where metadata == nil: return nil
        case .absent: certificate = .absent
        case .compressed: certificate = .compressed
        case .unreadable: certificate = .unreadable
        case .certificate(let held):
            certifiedKey = held.publicKey
            certificate = .present(
                subject: held.subject, issuer: held.issuer, notBefore: held.notBefore,
                notAfter: held.notAfter,
                isForKey: key.map { $0.identifier == certifiedKey?.identifier })
        }
        return SlotReport(
            slot: slot, algorithm: metadata?.algorithm ?? certifiedKey?.cardAlgorithm,
            pinPolicy: metadata?.pinPolicy, touchPolicy: metadata?.touchPolicy,
            isGenerated: metadata?.isGenerated,
            keyIdentifier: (key ?? certifiedKey)?.identifier, certificate: certificate)
    }
}

extension PIVAlgorithm {
    /// The signature algorithms of a key of this kind.
    fileprivate var signatureAlgorithms: [COSEAlgorithm] {
        switch self {
        case .p256: [.es256]
        case .p384: [.es384]
        case .rsa2048: [.ps256, .rs256]
        default: []
        }
    }
}

extension PublicKey {
    /// The card's word for the kind of key.
    fileprivate var cardAlgorithm: PIVAlgorithm? {
        switch kind {
        case .p256: .p256
        case .p384: .p384
        case .rsa(2048): .rsa2048
        case .rsa(3072): .rsa3072
        case .rsa(4096): .rsa4096
        case .rsa, .other: nil
        }
    }
}
