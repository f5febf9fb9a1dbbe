import Ceremonies
import CredentialStore
import DeviceModels
import LineProtocol
import WebAuthn

extension CoreServices {
    /// `ASSERT txn json=… | cred=… cdj=… ad=… sig=… [uh=…]`: finishes a sign-in. `+OK` means authenticated and on
    /// disk; everything else does not.
    var assertVerb: Verb {
        let syntax = VerbSyntax(
            "ASSERT", summary: "Verify the answer to a challenge", positionals: ["txn"],
            options: ["json", "cred", "cdj", "ad", "sig", "uh"], size: .large)
        let authentication = authentication
        return Verb(syntax, requires: .verify) { invocation, promise in
            do throws(ArgumentError) {
                let answer = AssertionRequest(
                    transaction: invocation.request.positionals[0],
                    response: try Self.response(in: invocation.request),
                    client: invocation.client.name)
                authentication.finish(answer) { verdict in
                    promise.fulfil(Self.reply(to: verdict, for: invocation))
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }

    private static func response(
        in request: Request
    ) throws(ArgumentError) -> AuthenticationResponse {
        if request["json"] != nil {
            guard ["cred", "cdj", "ad", "sig", "uh"].allSatisfy({ request[$0] == nil }) else {
                throw .badValue("json")
            }
            let json = try request.json()
            do throws(MalformedWebAuthn) {
                return try AuthenticationResponse(decoding: json)
            } catch {
                throw .badValue("json")
            }
        }
        let (identifier, handle) = (try request.bytes("cred"), request["uh"] ?? "")
        let userHandle = handle.isEmpty ? nil : try request.bytes("uh")
        let (clientData, data, signature) = (
            try request.bytes("cdj"), try request.bytes("ad"), try request.bytes("sig")
        )
        do throws(MalformedWebAuthn) {
            return AuthenticationResponse(
                credentialID: try CredentialID(bytes: identifier), clientDataJSON: clientData,
                authenticatorData: data, signature: signature,
                userHandle: try userHandle.map { (bytes) throws(MalformedWebAuthn) in
                    try UserHandle(bytes: bytes)
                })
        } catch {
            throw .badValue("cred")
        }
    }

    private static func reply(
        to verdict: AuthenticationVerdict, for invocation: Invocation
    ) -> Reply {
        switch verdict {
        case .accepted(let signIn):
            var options = [
                Option("user", signIn.user.text),
                Option("method", "webauthn"),
                Option("amr", signIn.methodReferences.joined(separator: ",")),
                Option("aal", String(signIn.assuranceLevel)),
                Option("cred", signIn.credentialID.text),
                Option("label", signIn.label),
                Option("count", String(signIn.signatureCounter)),
                Option("uv", signIn.isUserVerified ? "yes" : "no"),
            ]
            if signIn.isUserVerified, !signIn.verificationMeans.isEmpty {
                let means = signIn.verificationMeans.map(\.rawValue).sorted()
                options.append(Option("uvm", means.joined(separator: ",")))
            }
            return .ok(options: options)
        case .refused(let user?, let code):
            return invocation.no(["user": user.text], reason: code)
        case .refused(nil, _):
            return .refusal(.noTransaction, text: "no such transaction")
        case .unavailable:
            return .unavailable
        }
    }
}

extension AcceptedSignIn {
    /// The authentication method references of RFC 8176. A key counts as one in hardware only where that is attested.
    fileprivate var methodReferences: [String] {
        [isHardwareBound ? "hwk" : "swk", "user"] + (isUserVerified ? ["mfa"] : [])
    }

    /// The authenticator assurance level of NIST SP 800-63B: 3 takes hardware and a verified person, 2 a verified
    /// person.
    fileprivate var assuranceLevel: Int {
        guard isUserVerified else { return 1 }
        return isHardwareBound ? 3 : 2
    }
}
