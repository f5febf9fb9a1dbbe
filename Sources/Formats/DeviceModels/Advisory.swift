/// A known flaw of some firmware of some models: the facts of one note of `Firmware-notes`.
public struct Advisory: Sendable, Hashable, Identifiable {
    /// The name that its publisher gave it.
    public let id: AdvisoryID
    /// What it is about.
    public let title: String
    /// How grave its publisher holds it to be.
    public let severity: Severity
    /// When it was published.
    public let published: PublicationDate
    /// What the note recommends at enrolment. The decision is the policy's.
    public let action: RecommendedAction
    /// What an attacker gains, in a sentence.
    public let consequence: String
    /// What is affected; each model is there once.
    public let affected: [AffectedModel]
    /// Where to read more; never empty.
    public let references: [Reference]
    /// The note itself, in Markdown.
    public let body: String

    /// The grades that publishers use.
    public enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
        /// Hardly of use to an attacker.
        case low
        /// Of use to an attacker who is able and near.
        case moderate
        /// Of use to many attackers.
        case high
        /// Of use to anyone.
        case critical

        /// Whether `lhs` is the lesser one.
        public static func < (lhs: Severity, rhs: Severity) -> Bool {
            func rank(_ severity: Severity) -> Int {
                switch severity {
                case .low: 0
                case .moderate: 1
                case .high: 2
                case .critical: 3
                }
            }
            return rank(lhs) < rank(rhs)
        }
    }

    /// What to do with a key that is affected.
    public enum RecommendedAction: String, Sendable, Hashable, CaseIterable {
        /// Enrol it and say so to whoever enrols it.
        case flag
        /// Do not enrol it.
        case refuse
    }

    /// A model, and what of it is affected.
    public struct AffectedModel: Sendable, Hashable {
        /// The model.
        public let model: ModelID
        /// The firmware.
        public let firmware: FirmwareRange
        /// The applications that the flaw touches; nil when it is all of them.
        public let applications: Set<ModelApplication>?
        /// The kinds of keys that the flaw touches; nil when it is all of them.
        public let algorithms: Set<KeyAlgorithmFamily>?

        /// Whether the flaw touches `application` and keys of the kind `algorithm`. A kind that is
        /// not known rules nothing out.
        func concerns(
            _ application: ModelApplication, algorithm: KeyAlgorithmFamily?
        ) -> Bool {
            guard applications?.contains(application) != false else { return false }
            guard let algorithm else { return true }
            return algorithms?.contains(algorithm) != false
        }
    }

    /// A page about the flaw.
    public struct Reference: Sendable, Hashable {
        /// Its `https` address, or a path in this repository.
        public let location: String
        /// What stands there.
        public let title: String
    }
}
