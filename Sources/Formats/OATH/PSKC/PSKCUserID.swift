extension PSKCKeyPackage.Facts {
    /// The name that someone signs in with, of what a container calls a user: a name, or a distinguished name (RFC 4514)
    /// that has a `UID`.
    public static func userName(_ identifier: String) -> String? {
        guard identifier.contains("=") else { return identifier.isEmpty ? nil : identifier }
        for part in identifier.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pair.count == 2, let type = pair.first, let value = pair.last else { return nil }
            guard type.drop(while: { $0 == " " }).lowercased() == "uid" else { continue }
            // A name with escapes or several values is more than a name.
            guard !value.isEmpty, !value.contains(where: { "\\+\"#;<>=".contains($0) }) else {
                return nil
            }
            return String(value)
        }
        return nil
    }
}
