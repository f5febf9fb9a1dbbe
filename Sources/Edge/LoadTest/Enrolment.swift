import Cryptography
import Emulators
import Encoding
import LineProtocol
import WebAuthn

/// Adds the users of a load test and enrols an emulated credential for each; deletes them again.
struct Enrolment: Sendable {
    let plan: LoadPlan
    let roster: Roster

    /// Enrols all credentials over one pipelined connection.
    ///
    /// - Returns: them, in the order of their users.
    func enrol(
        over control: Control, counter: ReplyCounter
    ) async throws(LoadTestError) -> [SoftwareCredential] {
        let all = Array(0..<plan.credentials)
        let enrolled = try await inParallel(all, lanes: Control.concurrency) {
            (index) async throws(LoadTestError) -> SoftwareCredential in
            let credential = try await enrol(index, over: control)
            counter.add(1)
            return credential
        }
        return enrolled
    }

    /// Deletes the users that were added.
    ///
    /// - Returns: how many could not be deleted.
    func cleanUp(over control: Control, counter: ReplyCounter) async -> Int {
        // What went wrong shows in how many are left.
        _ = try? await inParallel(roster.all, lanes: Control.concurrency) {
            (index) async throws(LoadTestError) -> Void in
            let reply = try await control.ask("USER DEL", [plan.userName(index)])
            if reply.isSuccess || reply.word == .no { roster.remove(index) }
            counter.add(1)
        }
        return roster.all.count
    }

    private func enrol(
        _ index: Int, over control: Control
    ) async throws(LoadTestError) -> SoftwareCredential {
        let name = plan.userName(index)
        roster.add(index)
        let added = try await control.ask("USER ADD", [name])
        guard added.isSuccess else {
            if added.word == .conflict { roster.remove(index) }
            throw .refused(request: "USER ADD", added)
        }
        let begun = try await control.demand(
            "ENROLL BEGIN", [name],
            ["kind": "webauthn", "rp": plan.relyingPartyID.text, "uv": "required"])
        guard let transaction = begun["txn"] else {
            throw .unexpectedReply(request: "ENROLL BEGIN", missing: "txn")
        }
        let options = try Self.options(in: begun)
        let (credential, response) = try register(options)
        _ = try await control.demand(
            "ENROLL FINISH", [transaction], ["json": Base64URL.encode(response.encoded().utf8)])
        return credential
    }

    private func register(
        _ options: CreationOptions
    ) throws(LoadTestError) -> (SoftwareCredential, RegistrationResponse) {
        let clientData = ClientData(
            type: .create, challenge: options.challenge, origin: plan.origin
        ).encoded()
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

/// Does the same with every element, so many at a time; the first error stops the others.
///
/// - Returns: the results, in the order of the elements.
func inParallel<Element: Sendable, Value: Sendable>(
    _ elements: [Element], lanes: Int,
    _ body: @escaping @Sendable (Element) async throws(LoadTestError) -> Value
) async throws(LoadTestError) -> [Value] {
    typealias Share = Result<[(index: Int, value: Value)], LoadTestError>
    let width = min(lanes, elements.count)
    var values: [Value?] = Array(repeating: nil, count: elements.count)
    var failure: LoadTestError?
    await withTaskGroup(of: Share.self) { group in
        for lane in 0..<width {
            group.addTask {
                var share: [(index: Int, value: Value)] = []
                do throws(LoadTestError) {
                    for index in stride(from: lane, to: elements.count, by: width) {
                        if Task.isCancelled { throw .cancelled }
                        share.append((index, try await body(elements[index])))
                    }
                    return .success(share)
                } catch {
                    return .failure(error)
                }
            }
        }
        for await share in group {
            switch share {
            case .success(let share): for (index, value) in share { values[index] = value }
            case .failure(let error):
                if failure == nil { failure = error }
                group.cancelAll()
            }
        }
    }
    if let failure { throw failure }
    return values.compactMap { $0 }
}
