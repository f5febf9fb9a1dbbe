package import ConditionalAccess
package import CredentialStore
package import DeviceModels
import PIV

/// What is known of a device by the credential that it holds. What no attestation that leads to a known root vouches for
/// is left out.
extension DeviceFacts {
    /// What is known of a security key.
    package init(_ credential: Credential, _ catalogue: Catalogue) {
        let isAttested = credential.isAttestationTrusted
        let model = isAttested ? catalogue.model(for: credential.aaguid) : nil
        let findings =
            model.map { catalogue.advisories(for: $0, aaguid: credential.aaguid, firmware: nil) }
            ?? []
        self.init(
            aaguid: credential.aaguid, model: model?.id,
            certification: model?.claim(of: credential.aaguid)?.certification,
            verification: model?.userVerification ?? [], isAttested: isAttested,
            openAdvisories: Set(findings.map(\.advisory.id)))
    }

    /// What is known of a card by one of its keys.
    package init(_ credential: CardCredential, _ catalogue: Catalogue) {
        let key = credential.key
        let models = key.isTrusted ? key.models(in: catalogue) : []
        let firmware = key.firmware.map {
            FirmwareVersion(UInt16($0.major), UInt16($0.minor), UInt16($0.patch))
        }
        let findings = catalogue.advisories(
            forCard: models, firmware: firmware, algorithm: nil)
        self.init(
            model: models.count == 1 ? models.first?.id : nil,
            verification: key.verificationMeans,
            isAttested: key.isTrusted && key.evidence == .attested,
            openAdvisories: Set(findings.map(\.advisory.id)), firmware: firmware)
    }

    /// The device's name in the log: the model, or else the AAGUID.
    var name: String? {
        model?.description ?? aaguid.map { "aaguid:\($0)" }
    }
}
