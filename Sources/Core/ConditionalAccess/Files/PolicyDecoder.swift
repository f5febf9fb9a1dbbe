import Accounts
import StrictYAML

/// Reads files of policies and goes on behind what is wrong, so that all of it is told at once.
struct PolicyDecoder {
    private(set) var draft = PolicyDraft.empty
    private(set) var problems: [PolicyProblem] = []

    private static let sections = ["schema", "policies", "strengths", "methods", "break-glass"]

    /// Reads a file.
    mutating func read(_ file: PolicyFile) {
        let root = attempt("") { _ throws(YAMLError) in
            let text = try YAMLText.decode(
                file.bytes, file: file.name, limit: PolicyFile.byteLimit)
            return try YAMLText.parse(text, file: file.name)
        }
        guard let root else { return }
        check { () throws(YAMLError) in
            try root.allow(only: Self.sections)
            _ = try root.require("schema").decoded("1, the schema that this version reads") {
                $0 == "1" ? 1 : nil
            }
        }
        for element in elements(of: root["policies"]) {
            if let policy = policy(element) { draft.policies.append(policy) }
        }
        for element in elements(of: root["strengths"]) {
            if let strength = strength(element) { draft.strengths.append(strength) }
        }
        if let value = root["methods"] { readMethods(value) }
        if let value = root["break-glass"] { readBreakGlass(value) }
    }

    private mutating func elements(of value: YAMLValue?) -> [YAMLValue] {
        guard let value else { return [] }
        return attempt("") { _ throws(YAMLError) in try value.list() } ?? []
    }

    private mutating func readMethods(_ value: YAMLValue) {
        guard let entry = attempt("", { _ throws(YAMLError) in try value.mapping() }) else {
            return
        }
        let words = MethodRule.methods.map(\.rawValue).sorted()
        check { () throws(YAMLError) in try entry.allow(only: words) }
        for word in words {
            guard let value = entry[word], let method = SignInMethod(rawValue: word) else {
                continue
            }
            let users = attempt("methods") { mentions throws(YAMLError) in
                try UserAssignment(value, &mentions)
            }
            guard let users else { continue }
            draft.methods.append(
                MethodRule(method: method, users: users, position: value.location))
        }
    }

    private mutating func readBreakGlass(_ value: YAMLValue) {
        let list = attempt("break-glass") { mentions throws(YAMLError) in
            let entry = try value.mapping()
            try entry.allow(only: ["users", "reason"])
            return BreakGlass(
                users: try mentions.users(entry.require("users")),
                reason: try entry.require("reason").decoded("a reason of 1 to 200 bytes") {
                    $0.utf8.count <= 200 ? $0 : nil
                }, position: value.location)
        }
        if let first = draft.breakGlass?.position {
            problems.append(.repeatedBreakGlass(value.location, first: first))
        } else if let list {
            draft.breakGlass = list
        }
    }

    /// What `body` reads; nothing, and a problem more, where it refuses. What it mentions is by `name`.
    mutating func attempt<Value>(
        _ name: String, _ body: (inout MentionList) throws(YAMLError) -> Value
    ) -> Value? {
        var mentions = MentionList(by: name)
        do {
            let value = try body(&mentions)
            draft.mentions += mentions.mentions
            return value
        } catch {
            problems.append(.yaml(error))
            return nil
        }
    }

    /// Whether `body` refuses nothing.
    @discardableResult
    mutating func check(_ body: () throws(YAMLError) -> Void) -> Bool {
        attempt("") { _ throws(YAMLError) in try body() } != nil
    }
}

extension PolicyDraft {
    /// Reads files, in order. Unknown keys, repeated keys and values of another kind than is meant are refused.
    ///
    /// - Throws: all that is wrong with the form of the files.
    public init(_ files: [PolicyFile]) throws(PolicyRefusal) {
        var decoder = PolicyDecoder()
        for file in files { decoder.read(file) }
        if let refusal = PolicyRefusal(decoder.problems) { throw refusal }
        self = decoder.draft
    }
}
