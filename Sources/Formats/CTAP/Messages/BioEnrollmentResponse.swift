public import Encoding

/// How a fingerprint sample came out: lastEnrollSampleStatus (CTAP 2.1 §6.7.4). Unknown values are kept.
public struct FingerprintSampleStatus: RawRepresentable, Hashable, Sendable {
    /// The status's number.
    public let rawValue: Int

    /// The status with this number.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// CTAP2_ENROLL_FEEDBACK_FP_GOOD.
    public static let good = FingerprintSampleStatus(rawValue: 0x00)
    /// CTAP2_ENROLL_FEEDBACK_FP_POOR_QUALITY.
    public static let poorQuality = FingerprintSampleStatus(rawValue: 0x07)
    /// CTAP2_ENROLL_FEEDBACK_FP_MERGE_FAILURE: the sample is not of the finger that is being enrolled.
    public static let mergeFailure = FingerprintSampleStatus(rawValue: 0x0A)
    /// CTAP2_ENROLL_FEEDBACK_FP_EXISTS: the finger is enrolled already.
    public static let exists = FingerprintSampleStatus(rawValue: 0x0B)
    /// CTAP2_ENROLL_FEEDBACK_NO_USER_ACTIVITY: nobody touched the sensor in time.
    public static let noUserActivity = FingerprintSampleStatus(rawValue: 0x0D)
}

/// The response to authenticatorBioEnrollment (CTAP 2.1 §6.7); which members it has depends on the subcommand.
public struct BioEnrollmentResponse: Hashable, Sendable {
    /// An enrolled fingerprint.
    public struct Template: Hashable, Sendable {
        /// Its identifier.
        public let id: [UInt8]
        /// Its name for people.
        public let friendlyName: String?

        /// A template from its parts.
        public init(id: [UInt8], friendlyName: String?) {
            self.id = id
            self.friendlyName = friendlyName
        }
    }

    /// 1 for fingerprint.
    public var modality: Int?
    /// 1 for a sensor to touch, 2 for one to swipe.
    public var fingerprintKind: Int?
    /// How many good samples make an enrolment.
    public var samplesRequired: Int?
    /// The template that is being enrolled.
    public var template: [UInt8]?
    /// How the last sample came out.
    public var sampleStatus: FingerprintSampleStatus?
    /// How many good samples are still wanted.
    public var remainingSamples: Int?
    /// The enrolled fingerprints.
    public var templates: [Template]?
    /// How many bytes a friendly name may have.
    public var maximumFriendlyNameLength: Int?

    /// A response without members.
    public init() {}

    /// Decodes the map that follows the status.
    public init(decoding bytes: [UInt8]) throws(MalformedMessage) {
        let parameters = try Parameters(decoding: bytes)
        modality = try parameters.optional(0x01, \.intValue)
        fingerprintKind = try parameters.optional(0x02, \.intValue)
        samplesRequired = try parameters.optional(0x03, \.intValue)
        template = try parameters.optional(0x04, \.bytesValue)
        sampleStatus = try parameters.optional(0x05, \.intValue)
            .map(FingerprintSampleStatus.init(rawValue:))
        remainingSamples = try parameters.optional(0x06, \.intValue)
        if let items = try parameters.nestedArray(0x07) {
            var decoded: [Template] = []
            for item in items {
                decoded.append(
                    Template(
                        id: try item.required(0x01, \.bytesValue),
                        friendlyName: try item.optional(0x02, \.textValue)))
            }
            templates = decoded
        }
        maximumFriendlyNameLength = try parameters.optional(0x08, \.intValue)
    }

    /// The map that follows the status.
    public var cbor: CBOR {
        .map(present: [
            0x01: modality.map { CBOR($0) },
            0x02: fingerprintKind.map { CBOR($0) },
            0x03: samplesRequired.map { CBOR($0) },
            0x04: template.map(CBOR.bytes),
            0x05: sampleStatus.map { CBOR($0.rawValue) },
            0x06: remainingSamples.map { CBOR($0) },
            0x07: templates.map { list in
                .array(
                    list.map {
                        .map(present: [
                            0x01: .bytes($0.id), 0x02: $0.friendlyName.map(CBOR.text),
                        ])
                    })
            },
            0x08: maximumFriendlyNameLength.map { CBOR($0) },
        ])
    }
}
