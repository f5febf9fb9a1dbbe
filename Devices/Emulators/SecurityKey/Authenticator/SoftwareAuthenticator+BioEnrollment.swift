import CTAP

extension SoftwareAuthenticator {
    /// An enrolment that has not all its samples.
    struct Enrolment: Sendable {
        let template: [UInt8]
        var finger: Finger?
        var remainingSamples = Limits.samplesPerEnrolment
    }

    /// authenticatorBioEnrollment (CTAP 2.1 §6.7).
    mutating func bioEnrollment(_ request: BioEnrollmentRequest) throws(CTAPStatus) -> Step {
        var response = BioEnrollmentResponse()
        switch request.operation {
        case .getModality:
            response.modality = Int(BioEnrollmentRequest.fingerprint)
            return .reply(.success(response.cbor))
        case .getSensorProperties:
            response.modality = Int(BioEnrollmentRequest.fingerprint)
            response.fingerprintKind = 1
            response.samplesRequired = Limits.samplesPerEnrolment
            response.maximumFriendlyNameLength = Limits.friendlyNameLength
            return .reply(.success(response.cbor))
        case .cancelEnrollment:
            session.enrolment = nil
            return .reply(.success)
        case .enrollBegin(let timeout):
            try authorize(request)
            guard state.fingerprints.count < Limits.fingerprints else {
                throw .fingerprintDatabaseFull
            }
            session.enrolment = Enrolment(template: random.bytes(4))
            return askForSample(timeout, isFirst: true)
        case .enrollCaptureNext(let template, let timeout):
            try authorize(request)
            guard session.enrolment?.template == template else { throw .invalidParameter }
            return askForSample(timeout, isFirst: false)
        case .enumerate:
            try authorize(request)
            guard !state.fingerprints.isEmpty else { throw .invalidOption }
            response.templates = state.fingerprints.map {
                BioEnrollmentResponse.Template(id: $0.id, friendlyName: $0.friendlyName)
            }
            return .reply(.success(response.cbor))
        case .setFriendlyName(let template, let name):
            try authorize(request)
            guard name.utf8.count <= Limits.friendlyNameLength else { throw .invalidLength }
            let index = try index(of: template)
            state.fingerprints[index].friendlyName = name
            return .reply(.success)
        case .remove(let template):
            try authorize(request)
            let index = try index(of: template)
            state.fingerprints.remove(at: index)
            return .reply(.success)
        }
    }

    private mutating func authorize(_ request: BioEnrollmentRequest) throws(CTAPStatus) {
        _ = try checkToken(
            request.authorization, message: request.authenticatedMessage,
            permission: .bioEnrollment)
    }

    private func index(of template: [UInt8]) throws(CTAPStatus) -> Int {
        guard let index = state.fingerprints.firstIndex(where: { $0.id == template }) else {
            throw .invalidOption
        }
        return index
    }

    /// Waits for one sample; the client's time limit counts where it is the shorter one.
    private func askForSample(_ timeout: Int?, isFirst: Bool) -> Step {
        var limit = configuration.userActionTimeout
        if let timeout, timeout >= 0 { limit = min(limit, .milliseconds(timeout)) }
        return .ask(.fingerprintSample, timeout: limit) {
            (authenticator, answer) throws(CTAPStatus) in
            switch answer {
            case .declined:
                authenticator.session.enrolment = nil
                throw .operationDenied
            case .timedOut:
                return try authenticator.sampleResponse(.noUserActivity, isFirst)
            case .touched(let finger):
                let status = authenticator.take(sample: finger)
                return try authenticator.sampleResponse(status, isFirst)
            }
        }
    }

    /// Adds a sample to the enrolment under way. All samples must be of one finger, and of one not yet enrolled.
    private mutating func take(sample finger: Finger?) -> FingerprintSampleStatus {
        guard let finger, var enrolment = session.enrolment else { return .poorQuality }
        guard !isEnrolled(finger) else { return .exists }
        guard enrolment.finger == nil || enrolment.finger == finger else { return .mergeFailure }
        enrolment.finger = finger
        enrolment.remainingSamples -= 1
        session.enrolment = enrolment
        if enrolment.remainingSamples == 0 {
            state.fingerprints.append(
                FingerprintTemplate(
                    id: enrolment.template, finger: finger, friendlyName: nil))
        }
        return .good
    }

    private mutating func sampleResponse(
        _ status: FingerprintSampleStatus, _ isFirst: Bool
    ) throws(CTAPStatus) -> Step {
        guard let enrolment = session.enrolment else { throw .notAllowed }
        var response = BioEnrollmentResponse()
        response.template = isFirst ? enrolment.template : nil
        response.sampleStatus = status
        response.remainingSamples = enrolment.remainingSamples
        if enrolment.remainingSamples == 0 { session.enrolment = nil }
        return .reply(.success(response.cbor))
    }
}
