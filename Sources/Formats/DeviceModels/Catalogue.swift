public import WebAuthn

/// The models and the advisories, checked against each other, with look-ups.
///
/// A value made once at start-up and handed to whoever needs it. It does no I/O.
public struct Catalogue: Sendable {
    /// The models, by id.
    public let models: [DeviceModel]
    /// The advisories, by id.
    public let advisories: [Advisory]
    private let modelsByAAGUID: [AAGUID: DeviceModel]

    /// The longest file of the catalogue that is read. A full entry takes a tenth of it.
    static let fileByteLimit = 65_536

    /// A catalogue that knows nothing.
    public static let empty = Catalogue()

    private init() {
        models = []
        advisories = []
        modelsByAAGUID = [:]
    }

    /// Takes `models` and `advisories`, if no id is there twice, no AAGUID belongs to two models,
    /// and every advisory speaks of models that are there, and of applications that they have.
    public init(models: [DeviceModel], advisories: [Advisory]) throws(CatalogueError) {
        self.models = models.sorted { $0.id < $1.id }
        self.advisories = advisories.sorted { $0.id < $1.id }

        var ids: Set<ModelID> = []
        var modelsByAAGUID: [AAGUID: DeviceModel] = [:]
        for model in self.models {
            guard ids.insert(model.id).inserted else { throw .repeatedModel(model.id) }
            for claim in model.aaguids {
                if let other = modelsByAAGUID.updateValue(model, forKey: claim.value) {
                    throw .contestedAAGUID(claim.value, other.id, model.id)
                }
            }
        }
        self.modelsByAAGUID = modelsByAAGUID

        var advisoryIDs: Set<AdvisoryID> = []
        for advisory in self.advisories {
            guard advisoryIDs.insert(advisory.id).inserted else {
                throw .repeatedAdvisory(advisory.id)
            }
            for entry in advisory.affected {
                guard let model = self.models.first(where: { $0.id == entry.model }) else {
                    throw .unknownModel(advisory.id, entry.model)
                }
                let strangers = (entry.applications ?? []).subtracting(model.applications)
                if let stranger = ModelApplication.allCases.first(where: strangers.contains) {
                    throw .unknownApplication(advisory.id, model.id, stranger)
                }
            }
        }
    }

    /// The model with the name `id`.
    public func model(_ id: ModelID) -> DeviceModel? {
        models.first { $0.id == id }
    }

    /// The model that `aaguid` belongs to. It is what the authenticator says it is until an
    /// attestation has been verified.
    public func model(for aaguid: AAGUID) -> DeviceModel? {
        modelsByAAGUID[aaguid]
    }

    /// The models that show the USB numbers `usb`, by id. Makers use one pair of numbers for
    /// several models, and any device can show any.
    public func models(for usb: USBIdentifier) -> [DeviceModel] {
        models.filter { $0.usb.contains(usb) }
    }

    /// What the advisories say of the FIDO application of an authenticator that is a `model`, the
    /// gravest first.
    ///
    /// `aaguid` is the one that it has, where known, and `firmware` the version that it reports,
    /// where it reports one. An unknown firmware clears nothing: see `Finding.Status`.
    public func advisories(
        for model: DeviceModel, aaguid: AAGUID?, firmware: FirmwareVersion?
    ) -> [Finding] {
        Self.gravestFirst(
            advisories.compactMap { $0.finding(for: model, aaguid: aaguid, firmware: firmware) })
    }

    static func gravestFirst(_ findings: [Finding]) -> [Finding] {
        findings.sorted {
            ($1.advisory.severity, $0.advisory.id) < ($0.advisory.severity, $1.advisory.id)
        }
    }
}
