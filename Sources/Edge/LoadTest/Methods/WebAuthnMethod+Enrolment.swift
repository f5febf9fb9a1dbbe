import Cryptography
import Emulators
import Encoding
import LineProtocol
import WebAuthn

extension WebAuthnMethod {
    func enrol(
        _ user: String, over control: Control
    ) async throws(LoadTestError) -> SoftwareCredential {
        let begun = try await control.demand(
            "ENROLL BEGIN", [user],
            ["kind": "webauthn", "rp": relyingPartyID.text, "uv": "required"])
        guard let transaction = begun["txn"] else {
            throw .unexpectedReply(request: "ENROLL BEGIN", missing: "txn")
        }
        let (credential, response) = try register(try Self.options(in: begun))
        _ = try await control.demand(
            "ENROLL FINISH", [transaction], ["json": Base64URL.encode(response.encoded().utf8)])
        return credential
    }

    private func register(
        _ options: CreationOptions
    ) throws(LoadTestError) -> (SoftwareCredential, RegistrationResponse) {
        let clientData = ClientData(type: .create, challenge: options.challenge, origin: origin)
            .encoded()
        do throws(EmulatorError) {
            let credential = try SoftwareCredential(
                relyingPartyID: options.relyingPartyID, userHandle: options.userHandle)
            let object = try credential.attestationObject(
                options.attestation == .none ? .none : .packedSelf,
                clientDataHash: SHA256.hash(clientData))
            let response = RegistrationResponse(
                credentialID: credential.id, clientDataJSON: clientData,
                attestationObject: object.encoded(), transports: [])
            return (credential, response)
        } catch {
            throw .emulator(error)
        }
    }

    private static func options(in reply: Reply) throws(LoadTestError) -> CreationOptions {
        do {
            return try CreationOptions(decoding: Base64URL.decode(reply["options"] ?? ""))
        } catch {
            throw .unexpectedReply(request: "ENROLL BEGIN", missing: "options")
        }
    }
}
