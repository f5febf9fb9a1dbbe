public import Catalog
public import DeviceModels

/// Loads the advisories that are shipped with the program.
public enum FirmwareNotesFolder {
    /// The folder of the notes, wherever the program is.
    public static let resource = ResourceFolder(
        name: "Notes", bundle: "countersign_FirmwareNotes.resources")

    /// The advisories in the folder at `path`, or in the one shipped with this program: one file
    /// `<id>.md` each. The first file that is refused is the error.
    public static func load(
        from path: String? = nil
    ) throws(ResourceFolderError) -> [Advisory] {
        let folder = if let path { path } else { try resource.path() }
        var advisories: [Advisory] = []
        for file in try ResourceFolder.files(at: folder, suffix: ".md") {
            do {
                advisories.append(try Advisory(markdown: file.bytes, file: file.name))
            } catch {
                throw .invalid(error)
            }
        }
        return advisories
    }
}
