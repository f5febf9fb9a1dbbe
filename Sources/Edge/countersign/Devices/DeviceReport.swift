import Authenticators
import DeviceModels
import Encoding
import WebAuthn

/// What `devices info` shows: what the key says of itself, and what the catalogue and the advisories say of its model.
struct DeviceReport {
    let description: AuthenticatorDescription
    let model: DeviceModel?
    let firmware: FirmwareVersion?
    let findings: [Finding]

    init(description: AuthenticatorDescription, catalogue: Catalogue) {
        self.description = description
        let model = description.aaguid.flatMap(catalogue.model(for:))
        self.model = model
        let firmware = description.firmware?.reported.flatMap { model?.firmware(reported: $0) }
        self.firmware = firmware
        findings =
            model.map {
                catalogue.advisories(for: $0, aaguid: description.aaguid, firmware: firmware)
            } ?? []
    }

    /// Label and value of each line, in order.
    private var rows: [(String, String)] {
        var rows = [("path", description.path)]
        func add(_ label: String, _ value: String?) {
            if let value, !value.isEmpty { rows.append((label, value)) }
        }
        add(
            "connector",
            [description.manufacturer, description.product].compactMap(\.self)
                .joined(separator: " "))
        add("AAGUID", description.aaguid?.description)
        add(
            "model",
            model.map(Self.name) ?? "not in the catalogue")
        add("firmware", firmware?.description ?? description.firmware?.reported.map { "\($0)" })
        add("versions", description.versions.joined(separator: ", "))
        add("transports", description.transports.map(\.rawValue).joined(separator: ", "))
        add("algorithms", description.algorithms.map(\.name).joined(separator: ", "))
        add("extensions", description.extensions.joined(separator: ", "))
        add(
            "options",
            description.options.sorted { $0.key < $1.key }
                .map { $0.value ? $0.key : "no \($0.key)" }.joined(separator: ", "))
        add("PIN", description.pin.text)
        add("fingerprint", description.builtInVerification.text)
        add("credentials", description.remainingCredentials.map { "room for \($0) more" })
        for finding in findings {
            add(
                "advisory",
                "\(finding.advisory.id) (\(finding.status.rawValue)): \(finding.advisory.title)")
            for reason in finding.reasons { add("", reason.description) }
        }
        return rows
    }

    private static func name(of model: DeviceModel) -> String {
        let name =
            model.name.hasPrefix(model.vendor) ? model.name : "\(model.vendor) \(model.name)"
        return model.isSoftware ? "\(name) (software)" : name
    }

    var text: String {
        rows.map { label, value in
            label + String(repeating: " ", count: max(0, 13 - label.count)) + value
        }.joined(separator: "\n")
    }

    var json: JSON {
        var members: [String: JSON] = [
            "path": .string(description.path),
            "versions": .array(description.versions.map(JSON.string)),
            "extensions": .array(description.extensions.map(JSON.string)),
            "transports": .array(description.transports.map { .string($0.rawValue) }),
            "algorithms": .array(description.algorithms.map { .integer($0.rawValue) }),
            "options": .object(description.options.mapValues(JSON.bool)),
            "pin": .string(description.pin.text),
            "fingerprint": .string(description.builtInVerification.text),
            "advisories": .array(findings.map(Self.json)),
        ]
        members["aaguid"] = description.aaguid.map { .string($0.description) }
        members["model"] = model.map { .string($0.id.description) }
        members["firmware"] = firmware.map { .string($0.description) }
        return .object(members)
    }

    private static func json(_ finding: Finding) -> JSON {
        [
            "id": .string(finding.advisory.id.description),
            "status": .string(finding.status.rawValue),
            "severity": .string(finding.advisory.severity.rawValue),
            "reasons": .array(finding.reasons.map { .string($0.description) }),
        ]
    }
}

extension AuthenticatorDescription.PINState {
    var text: String {
        switch self {
        case .unsupported: "not supported"
        case .notSet: "not set"
        case .set(let left): "set" + (left.map { ", \($0) tries left" } ?? "")
        }
    }
}

extension AuthenticatorDescription.BuiltInVerification {
    var text: String {
        switch self {
        case .unsupported: "not supported"
        case .notEnrolled: "none enrolled"
        case .ready(let left): "enrolled" + (left.map { ", \($0) tries left" } ?? "")
        }
    }
}
