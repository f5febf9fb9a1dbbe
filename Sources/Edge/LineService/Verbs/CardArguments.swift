import Ceremonies
import Encoding
import LineProtocol
import PIV
import VerificationCore
import WebAuthn

/// What cards answer, as arguments carry it.
///
/// That an option is missing, or names what does not exist, is the front end's fault; bytes that cannot be read are the
/// client's, and an answer that cannot be read is a wrong answer.
extension Request {
    /// The options of ENROLL FINISH that only a card's enrolment takes.
    static let cardRegistrationOptions = [
        "sig", "alg", "slot", "att", "cert", "chain", "msg", "disc", "atr", "mgmkey",
    ]

    /// `sig= cred=|cert= [alg=] [msg=]`.
    func cardAnswer() throws(ArgumentError) -> Result<CardAnswer, CardFailure> {
        let signature = try required("sig")
        let named = try algorithm()
        if self["cred"] == nil { _ = try required("cert") } else { try refuse(["cert"]) }
        let (identifier, certificate, message) = (self["cred"], self["cert"], self["msg"])
        return Result { () throws(CardFailure) in
            let key: CardAnswer.KeyName =
                if let identifier {
                    .identifier(try Self.keyIdentifier(identifier))
                } else {
                    .certificate(
                        try Self.cardBytes(certificate ?? "", or: .malformedCertificate))
                }
            return CardAnswer(
                key: key, algorithm: named,
                signature: try Self.cardBytes(signature, or: .malformedMessage),
                message: try message.map { (text) throws(CardFailure) in
                    try Self.cardBytes(text, or: .malformedMessage)
                })
        }
    }

    /// `sig= alg= slot= att=|cert=|both [chain=] [msg=] [disc=]`.
    func cardRegistration() throws(ArgumentError) -> Result<CardRegistrationResponse, CardFailure> {
        let signature = try required("sig")
        guard let algorithm = try algorithm() else { throw .badValue("alg") }
        guard let slot = PIVSlot(try required("slot")) else { throw .badValue("slot") }
        if self["cert"] == nil {
            _ = try required("att")
            try refuse(["disc"])
        }
        return Result { () throws(CardFailure) in
            CardRegistrationResponse(
                slot: slot, algorithm: algorithm,
                signature: try Self.cardBytes(signature, or: .malformedMessage),
                message: try optionalBytes("msg", or: .malformedMessage),
                evidence: try cardEvidence())
        }
    }

    private func cardEvidence() throws(CardFailure) -> CardEvidence {
        var intermediates: [[UInt8]] = []
        if let chain = self["chain"], !chain.isEmpty {
            for text in chain.split(separator: ",", omittingEmptySubsequences: false) {
                intermediates.append(
                    try Self.cardBytes(String(text), or: .malformedCertificate))
            }
        }
        let attestation = try optionalBytes("att", or: .malformedAttestation)
        if let certificate = try optionalBytes("cert", or: .malformedCertificate) {
            return .issued(
                certificate: certificate, attestation: attestation, intermediates: intermediates,
                discovery: try optionalBytes("disc", or: .malformedDiscovery))
        }
        return .attested(attestation: attestation ?? [], intermediates: intermediates)
    }

    private func optionalBytes(
        _ key: String, or failure: CardFailure
    ) throws(CardFailure) -> [UInt8]? {
        guard let text = self[key] else { return nil }
        return try Self.cardBytes(text, or: failure)
    }

    /// `[atr=] [mgmkey=default|own]`.
    func cardClaims() throws(ArgumentError) -> CardClaims {
        let answerToReset = self["atr"] == nil ? [] : try bytes("atr")
        guard answerToReset.count <= 33 else { throw .badValue("atr") }
        switch self["mgmkey"] {
        case nil: return CardClaims(answerToReset: answerToReset)
        case "default":
            return CardClaims(answerToReset: answerToReset, isManagementKeyDefault: true)
        case "own": return CardClaims(answerToReset: answerToReset, isManagementKeyDefault: false)
        default: throw .badValue("mgmkey")
        }
    }

    private func algorithm() throws(ArgumentError) -> COSEAlgorithm? {
        guard let name = self["alg"] else { return nil }
        guard let algorithm = COSEAlgorithm(name: name) else { throw .badValue("alg") }
        return algorithm
    }

    private static func cardBytes(
        _ text: String, or failure: CardFailure
    ) throws(CardFailure) -> [UInt8] {
        do throws(MalformedEncoding) {
            return try Base64URL.decode(text)
        } catch {
            throw failure
        }
    }

    private static func keyIdentifier(_ text: String) throws(CardFailure) -> CredentialID {
        do throws(MalformedWebAuthn) {
            return try CredentialID(text: text)
        } catch {
            throw .malformedMessage
        }
    }
}
