import Accounts
import Ceremonies
import CredentialStore
import DeviceModels
import Encoding
import LineProtocol
import PIV
import WebAuthn

extension CoreServices {
    /// `ASSERT txn json=… | cred=… cdj=… ad=… sig=… [uh=…] | sig=… cred=…|cert=… [alg=…] [msg=…] | resp=…`: finishes a
    /// sign-in, with a security key, with a card, or with a token's answer. `+OK` means authenticated and on disk; everything else does not.
    var assertVerb: Verb {
        let syntax = VerbSyntax(
            "ASSERT", summary: "Verify the answer to a challenge", positionals: ["txn"],
            options: [
                "json", "cred", "cdj", "ad", "sig", "uh", "cert", "alg", "msg", "resp", "svc",
                "rip",
            ] + Request.circumstanceOptions,
            size: .large)
        let (authentication, access) = (authentication, access)
        return Verb(syntax, requires: .verify) { invocation, promise in
            do throws(ArgumentError) {
                let request = invocation.request
                let step = StepTransaction(request.positionals[0])
                var answer = AnswerRequest(
                    transaction: step.challenge, answer: try Self.answer(in: request),
                    client: invocation.client.name, service: try request.service(),
                    address: try request.address(), attempt: try request.attempt())
                if let signIn = step.signIn {
                    try request.refuse(["svc", "rip"] + Request.circumstanceOptions)
                    guard let state = access.open(signIn, client: invocation.client.name) else {
                        return promise.fulfil(.unknownTransaction)
                    }
                    answer.attempt = .step(state)
                    (answer.service, answer.address) = (state.service, state.address)
                }
                authentication.finish(answer) { verdict in
                    promise.fulfil(Self.reply(to: verdict, for: invocation))
                }
            } catch {
                promise.fulfil(error.reply)
            }
        }
    }

    /// A card's answer has a signature and neither JSON nor client data. A token's is one word: digits, or the HMAC in
    /// hexadecimal, which is 40 digits or 64.
    private static func answer(in request: Request) throws(ArgumentError) -> AnswerRequest.Answer {
        if let response = request["resp"] {
            try request.refuse(["json", "cred", "cdj", "ad", "sig", "uh", "cert", "alg", "msg"])
            if let bytes = try? Hex.decode(response), bytes.count >= 20 {
                return .token(.response(bytes))
            }
            return .token(.code(response))
        }
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
}
