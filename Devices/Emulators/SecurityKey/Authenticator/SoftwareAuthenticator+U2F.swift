import CTAP
import Cryptography
import ISO7816

extension SoftwareAuthenticator {
    /// A touch that a U2F client is polling for, or that came and was not used yet.
    struct PendingTouch: Sendable {
        /// When the person touches; `nil` for one who does not.
        let dueAt: Duration?
        let forgottenAt: Duration
    }

    /// How long a touch counts once it came.
    private static let touchLifetime: Duration = .seconds(10)

    /// Carries out the payload of a CTAPHID_MSG message.
    ///
    /// U2F does not wait: without a touch it refuses, and the client asks again (FIDO U2F Raw Message Formats 1.2
    /// §4.2).
    ///
    /// - Parameter ask: asks the person for a touch and says when it will come; `nil` for never.
    mutating func u2f(_ message: [UInt8], ask: () -> Duration?) -> ResponseAPDU {
        let command: CommandAPDU
        do throws(MalformedCardData) {
            command = try CommandAPDU(decoding: message)
        } catch {
            return ResponseAPDU(status: .wrongLength)
        }
        let request: U2FRequest
        do throws(MalformedMessage) {
            request = try U2FRequest(command)
        } catch {
            return ResponseAPDU(status: Self.status(of: error))
        }
        guard !state.alwaysUv || request == .version else {
            return ResponseAPDU(status: .commandNotAllowed)
        }
        do throws(CryptographyError) {
            switch request {
            case .version: return ResponseAPDU(data: Array("U2F_V2".utf8), status: .success)
            case .register(let challenge, let application):
                guard takeTouch(ask) else {
                    return ResponseAPDU(status: .conditionsNotSatisfied)
                }
                return try register(challenge: challenge, application: application)
            case .authenticate(let control, let challenge, let application, let keyHandle):
                guard
                    let credential = credential(keyHandle, rpIDHash: application),
                    credential.isUsable(userVerified: false, isNamed: true)
                else { return ResponseAPDU(status: .wrongData) }
                switch control {
                case .checkOnly: return ResponseAPDU(status: .conditionsNotSatisfied)
                case .enforceUserPresence where !takeTouch(ask):
                    return ResponseAPDU(status: .conditionsNotSatisfied)
                case .enforceUserPresence:
                    return try authenticate(
                        credential, challenge: challenge, application: application,
                        userPresence: 1)
                case .doNotEnforceUserPresence:
                    return try authenticate(
                        credential, challenge: challenge, application: application,
                        userPresence: 0)
                }
            }
        } catch {
            return ResponseAPDU(status: .memoryFailure)
        }
    }

    private static func status(of error: MalformedMessage) -> StatusWord {
        switch error {
        case .unsupportedInstruction(0, _): .instructionNotSupported
        case .unsupportedInstruction: .classNotSupported
        case .invalidParameter: .wrongData
        default: .wrongLength
        }
    }

    /// Whether there is a touch to use up. The first request asks for it; later ones see whether it came.
    private mutating func takeTouch(_ ask: () -> Duration?) -> Bool {
        if let touch = session.touch, now >= touch.forgottenAt { session.touch = nil }
        let touch: PendingTouch
        if let pending = session.touch {
            touch = pending
        } else {
            let dueAt = ask()
            touch = PendingTouch(
                dueAt: dueAt,
                forgottenAt: dueAt.map { $0 + Self.touchLifetime }
                    ?? now + configuration.userActionTimeout)
        }
        guard let dueAt = touch.dueAt, now >= dueAt else {
            session.touch = touch
            return false
        }
        session.touch = nil
        return true
    }

    private mutating func register(
        challenge: [UInt8], application: [UInt8]
    ) throws(CryptographyError) -> ResponseAPDU {
        let key = try random.privateKey()
        let credential = try CredentialWrapping(deviceSecret: state.deviceSecret).wrap(
            privateKey: key.rawRepresentation, protection: .optional, hasHMACSecret: false,
            rpIDHash: application, random: random)
        guard let point = key.publicKey.p256Point else { throw .invalidPublicKey }
        let batch = state.attestation.batch
        let signature = try P256PrivateKey(rawRepresentation: batch.privateKey).signature(
            for: U2FRegistration.signedMessage(
                application: application, challenge: challenge, keyHandle: credential.id,
                publicKey: point))
        do throws(MalformedMessage) {
            let registration = try U2FRegistration(
                publicKey: point, keyHandle: credential.id, certificate: batch.certificate,
                signature: signature)
            return ResponseAPDU(data: registration.encoded(), status: .success)
        } catch {
            return ResponseAPDU(status: .memoryFailure)
        }
    }

    private mutating func authenticate(
        _ credential: KeyCredential, challenge: [UInt8], application: [UInt8],
        userPresence: UInt8
    ) throws(CryptographyError) -> ResponseAPDU {
        let counter = countSignature(of: credential.id)
        let signature = try P256PrivateKey(rawRepresentation: credential.privateKey).signature(
            for: U2FAuthentication.signedMessage(
                application: application, userPresence: userPresence, counter: counter,
                challenge: challenge))
        return ResponseAPDU(
            data: U2FAuthentication(
                userPresence: userPresence, counter: counter, signature: signature
            ).encoded(),
            status: .success)
    }
}
