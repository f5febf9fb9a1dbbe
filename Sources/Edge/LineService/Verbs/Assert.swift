import Ceremonies
import CredentialStore
import DeviceModels
import Encoding
import LineProtocol
import PIV
import WebAuthn

extension CoreServices {
    /// `ASSERT txn json=… | cred=… cdj=… ad=… sig=… [uh=…] | sig=… cred=…|cert=… [alg=…] [msg=…]`: finishes a sign-in, with
    /// a security key or with a card. `+OK` means authenticated and on disk; everything else does not.
    var assertVerb: Verb {
        let syntax = VerbSyntax(
            "ASSERT", summary: "Verify the answer to a challenge", positionals: ["txn"],
            options: ["json", "cred", "cdj", "ad", "sig", "uh", "cert", "alg", "msg"], size: .large)
        let authentication = authentication
        return Verb(syntax, requires: .verify) { invocation, promise in
            do throws(ArgumentError) {
                let answer = AnswerRequest(
                    transaction: invocation.request.positionals[0],
                    answer: try Self.answer(in: invocation.request),
                    client: invocation.client.name)
                authentication.finish(answer) { verdict in
                    promise.fulfil(Self.reply(to: verdict, for: invocation))
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }

    /// A card's answer has a signature and neither JSON nor client data.
    private static func answer(in request: Request) throws(ArgumentError) -> AnswerRequest.Answer {
        guard request["json"] == nil, request["cdj"] == nil, request["ad"] == nil else {
            try request.refuse(["cert", "alg", "msg"])
            return .assertion(try response(in: request))
        }
        try request.refuse(["uh"])
        return .card(try request.cardAnswer())
    }

    /// The client's response. That an option is missing is the front end's fault; what the options hold is the
    /// client's, and an answer that cannot be read is a wrong answer.
    private static func response(
        in request: Request
    ) throws(ArgumentError) -> Result<AuthenticationResponse, MalformedWebAuthn> {
        if let json = request["json"] {
            try request.refuse(["cred", "cdj", "ad", "sig", "uh"])
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
            return .ok(options: signIn.options)
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
    /// What a yes says.
    fileprivate var options: [Option] {
        var options = [
            Option("user", user.text),
            Option("method", method.rawValue),
            Option("amr", methodReferences.joined(separator: ",")),
            Option("aal", String(assuranceLevel)),
            Option("cred", credentialID.text),
            Option("label", label),
        ]
        switch means {
        case .webauthn(let counter, let verificationMeans):
            options.append(Option("count", String(counter)))
            options.append(Option("uv", isUserVerified ? "yes" : "no"))
            if isUserVerified, !verificationMeans.isEmpty {
                let means = verificationMeans.map(\.rawValue).sorted()
                options.append(Option("uvm", means.joined(separator: ",")))
            }
        case .card(let slot, let serialNumber, let means):
            options.append(Option("slot", slot.description))
            if let serialNumber { options.append(Option("serial", String(serialNumber))) }
            options.append(Option("uv", isUserVerified ? "yes" : "no"))
            if isUserVerified, !means.isEmpty {
                let words = means.map(\.rawValue).sorted()
                options.append(Option("uvm", words.joined(separator: ",")))
            }
        }
        return options
    }

    private var method: SignInMethod {
        switch means {
        case .webauthn: .webauthn
        case .card: .piv
        }
    }

    /// The authentication method references of RFC 8176. A key counts as one in hardware only where that is attested.
    private var methodReferences: [String] {
        let key = isHardwareBound ? "hwk" : "swk"
        switch means {
        case .webauthn: return [key, "user"] + (isUserVerified ? ["mfa"] : [])
        case .card(_, _, let means):
            guard isUserVerified else { return [key, "sc"] }
            return [key, "sc"] + (means == [.pin] ? ["pin"] : []) + ["mfa"]
        }
    }

    /// The authenticator assurance level of NIST SP 800-63B: 3 takes hardware and a verified person, 2 a verified
    /// person.
    private var assuranceLevel: Int {
        guard isUserVerified else { return 1 }
        return isHardwareBound ? 3 : 2
    }
}
