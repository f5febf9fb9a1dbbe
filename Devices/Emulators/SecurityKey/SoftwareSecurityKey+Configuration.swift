public import WebAuthn

extension SoftwareSecurityKey {
    /// How a software security key behaves.
    public struct Configuration: Sendable {
        /// Who signs the attestation of a new credential (WebAuthn Level 3 §6.5.3).
        public enum Attestation: Sendable, Hashable {
            /// The key of the batch, whose certificate the key's own root issued.
            case batch
            /// The credential's own key.
            case selfAttestation
        }

        /// What a signature counter counts (WebAuthn Level 3 §6.1.1).
        public enum SignatureCounter: Sendable, Hashable {
            /// The signatures of the whole key.
            case global
            /// The signatures of each credential.
            case perCredential
        }

        /// When a reset is allowed (CTAP 2.1 §6.6).
        public enum ResetWindow: Sendable, Hashable {
            /// For so long after the key was plugged in; real keys take ten seconds.
            case afterPowerUp(Duration)
            /// Always, for a key that nobody can pull out.
            case anyTime
        }

        /// Who signs attestations.
        public var attestation: Attestation
        /// What the signature counter counts.
        public var signatureCounter: SignatureCounter
        /// When a reset is allowed.
        public var resetWindow: ResetWindow
        /// How long the key waits for the person.
        public var userActionTimeout: Duration
        /// The fingers that are enrolled when the key's state is first made. A reset forgets them like all others.
        public var initialFingers: [Finger]

        /// A key with batch attestation, a global counter, and the owner's right index finger enrolled.
        public init(
            attestation: Attestation = .batch,
            signatureCounter: SignatureCounter = .global,
            resetWindow: ResetWindow = .afterPowerUp(.seconds(10)),
            userActionTimeout: Duration = .seconds(30),
            initialFingers: [Finger] = [.rightIndex]
        ) {
            self.attestation = attestation
            self.signatureCounter = signatureCounter
            self.resetWindow = resetWindow
            self.userActionTimeout = userActionTimeout
            self.initialFingers = initialFingers
        }
    }

    /// What the software security key says of its model.
    public enum Model {
        /// The model's AAGUID: c0de51a4-7e57-4b1e-9a5e-0c5ec0de0001.
        public static let aaguid =
            AAGUID("c0de51a4-7e57-4b1e-9a5e-0c5ec0de0001") ?? .zero
        /// The firmware's version as people write it.
        public static let firmwareVersion = "1.0.0"
        /// The firmware's version as authenticatorGetInfo has it: a byte each for major, minor and patch.
        public static let encodedFirmwareVersion = 0x0001_0000

        static let deviceVersion: [UInt8] = [1, 0, 0]
    }
}
