public import DeviceModels

/// Loads the device models that are shipped with the program.
public enum CatalogFolder {
    /// The folder of the models, wherever the program is.
    public static let resource = ResourceFolder(
        name: "Models", bundle: "countersign_Catalog.resources")

    /// The models in the folder at `path`, or in the one shipped with this program: one file
    /// `<id>.yaml` each. The first file that is refused is the error.
    public static func load(
        from path: String? = nil
    ) throws(ResourceFolderError) -> [DeviceModel] {
        let folder = if let path { path } else { try resource.path() }
        var models: [DeviceModel] = []
        for file in try ResourceFolder.files(at: folder, suffix: ".yaml") {
            do {
                models.append(try DeviceModel(yaml: file.bytes, file: file.name))
            } catch {
                throw .invalid(error)
            }
        }
        return models
    }
}
