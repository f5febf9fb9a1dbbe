import Accounts
import StrictYAML

extension UserAssignment {
    /// Reads `all`, `none`, or a mapping of `include` and `exclude`.
    init(_ value: YAMLValue, _ mentions: inout MentionList) throws(YAMLError) {
        guard value.isMapping else {
            self.init(include: try Inclusion(value, &mentions))
            return
        }
        let entry = try value.mapping()
        try entry.allow(only: ["include", "exclude"])
        let include = try Inclusion(entry.require("include"), &mentions)
        var exclude = UserSelection()
        if let value = entry["exclude"] { exclude = try UserSelection(value, &mentions) }
        self.init(include: include, exclude: exclude)
    }
}

extension UserAssignment.Inclusion {
    fileprivate init(_ value: YAMLValue, _ mentions: inout MentionList) throws(YAMLError) {
        if value.isMapping {
            self = .selected(try UserSelection(value, &mentions))
            return
        }
        guard !value.isList else {
            throw .wrongType(
                value.location, field: value.field,
                expected: "all, none, or a mapping of users, groups and roles")
        }
        self = try value.decoded("all, none, or a mapping of users, groups and roles") { text in
            switch text {
            case "all": .all
            case "none": UserAssignment.Inclusion.none
            default: nil
            }
        }
    }
}

extension UserSelection {
    fileprivate init(_ value: YAMLValue, _ mentions: inout MentionList) throws(YAMLError) {
        self.init()
        let entry = try value.mapping()
        try entry.allow(only: ["users", "groups", "roles"])
        if let value = entry["users"] { users = try mentions.users(value) }
        if let value = entry["groups"] { groups = try mentions.names(value, .group) }
        if let value = entry["roles"] { roles = try value.words() }
        guard !isEmpty else {
            throw .wrongType(
                value.location, field: value.field,
                expected: "a mapping of users, groups and roles that is not empty")
        }
    }
}

extension ApplicationAssignment {
    /// Reads `all`, a list of names, or a mapping of `include` and `exclude`.
    init(_ value: YAMLValue, _ mentions: inout MentionList) throws(YAMLError) {
        guard value.isMapping else {
            self.init(include: try Self.inclusion(value, &mentions))
            return
        }
        let entry = try value.mapping()
        try entry.allow(only: ["include", "exclude"])
        let include = try Self.inclusion(entry.require("include"), &mentions)
        var exclude: Set<DirectoryName> = []
        if let value = entry["exclude"] { exclude = try mentions.names(value, .application) }
        self.init(include: include, exclude: exclude)
    }

    private static func inclusion(
        _ value: YAMLValue, _ mentions: inout MentionList
    ) throws(YAMLError) -> Set<DirectoryName>? {
        if value.isWord("all") { return nil }
        guard value.isList else {
            throw .wrongType(
                value.location, field: value.field, expected: "all, or a list of applications")
        }
        return try mentions.names(value, .application)
    }
}
