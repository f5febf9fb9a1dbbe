import Ceremonies
import CredentialStore
import DeviceModels
import Encoding
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

    /// The client's response. That an option is missing is the front end's fault; what the options hold is the
    /// client's, and an answer that cannot be read is a wrong answer.
    private static func response(
        in request: Request
    ) throws(ArgumentError) -> Result<AuthenticationResponse, MalformedWebAuthn> {
        if let json = request["json"] {
            guard ["cred", "cdj", "ad", "sig", "uh"].allSatisfy({ request[$0] == nil }) else {
                throw .badValue("json")
            }
            return Result { () throws(MalformedWebAuthn) in
                try AuthenticationResponse(
                    decoding: json.hasPrefix("{") ? Array(json.utf8) : bytes(json, "json"))
            }
        }
        let (identifier, clientData) = (try request.required("cred"), try request.required("cdj"))
        let (data, signature) = (try request.required("ad"), try request.required("sig"))
        let userHandle = request["uh"] ?? ""
        return Result { () throws(MalformedWebAuthn) in
            AuthenticationResponse(
                credentialID: try CredentialID(bytes: bytes(identifier, "id")),
                clientDataJSON: try bytes(clientData, "clientDataJSON"),
                authenticatorData: try bytes(data, "authenticatorData"),
                signature: try bytes(signature, "signature"),
                userHandle: userHandle.isEmpty
                    ? nil : try UserHandle(bytes: bytes(userHandle, "userHandle")))
        }
    }

    private static func bytes(
        _ text: String, _ member: String
    ) throws(MalformedWebAuthn) -> [UInt8] {
        do throws(MalformedEncoding) {
            return try Base64URL.decode(text)
        } catch {
            throw .messageMember(member)
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
