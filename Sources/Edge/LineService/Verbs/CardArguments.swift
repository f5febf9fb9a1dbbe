import Ceremonies
import Cryptography
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
            let credentialID: CredentialID
            if let identifier {
                credentialID = try Self.keyIdentifier(identifier)
            } else {
                let bytes = try Self.cardBytes(certificate ?? "", or: .malformedCertificate)
                credentialID = try Self.keyIdentifier(ofCertificate: bytes)
            }
            return CardAnswer(
                credentialID: credentialID, algorithm: named,
                signature: try Self.cardBytes(signature, or: .malformedMessage),
                message: try message.map { (text) throws(CardFailure) in
                    try Self.cardBytes(text, or: .malformedMessage)
                })
        }
    }

    /// `sig= alg= slot= att=|cert= [chain=] [msg=] [disc=]`.
    func cardRegistration() throws(ArgumentError) -> Result<CardRegistrationResponse, CardFailure> {
        let signature = try required("sig")
        guard let algorithm = try algorithm() else { throw .badValue("alg") }
        guard let slot = PIVSlot(try required("slot")) else { throw .badValue("slot") }
        let attestation = self["att"]
        if attestation == nil { _ = try required("cert") } else { try refuse(["cert", "disc"]) }
        let (certificate, chain) = (self["cert"] ?? "", self["chain"] ?? "")
        let (message, discovery) = (self["msg"], self["disc"])
        return Result { () throws(CardFailure) in
            var intermediates: [[UInt8]] = []
            for text in chain.split(separator: ",", omittingEmptySubsequences: false)
            where !chain.isEmpty {
                intermediates.append(
                    try Self.cardBytes(String(text), or: .malformedCertificate))
            }
            let evidence: CardEvidence
            if let attestation {
                evidence = .attested(
                    attestation: try Self.cardBytes(attestation, or: .malformedAttestation),
                    intermediates: intermediates)
            } else {
                evidence = .issued(
                    certificate: try Self.cardBytes(certificate, or: .malformedCertificate),
                    intermediates: intermediates,
                    discovery: try discovery.map { (text) throws(CardFailure) in
                        try Self.cardBytes(text, or: .malformedDiscovery)
                    })
            }
            return CardRegistrationResponse(
                slot: slot, algorithm: algorithm,
                signature: try Self.cardBytes(signature, or: .malformedMessage),
                message: try message.map { (text) throws(CardFailure) in
                    try Self.cardBytes(text, or: .malformedMessage)
                }, evidence: evidence)
        }
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

    private static func keyIdentifier(
        ofCertificate der: [UInt8]
    ) throws(CardFailure) -> CredentialID {
        guard
            let key = (try? Certificate(derRepresentation: der))?.publicKey,
            let identifier = try? CredentialID(
                bytes: CardKey(subjectPublicKeyInfo: key.subjectPublicKeyInfo).identifier)
        else { throw .malformedCertificate }
        return identifier
    }
}
