using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Loki;

/// <summary>Reads <c>common</c>.</summary>
internal static class CommonSection
{
    private const string Local = "data lie on this machine's disk; Pharos has no object storage";

    /// <returns>The folder of the rules; empty for none.</returns>
    public static string Read(YamlMappingReader section)
    {
        var rules = "";
        if (section.Mapping("storage") is { } storage)
        {
            if (storage.Mapping("filesystem") is { } files)
            {
                rules = files.Text("rules_directory");
                files.Ignore("entries lie in the folder logs of the server's data folder, see --data", "chunks_directory");
                files.Done();
            }
            storage.Ignore(Local, "s3", "gcs", "azure", "alibabacloud", "bos", "swift", "cos", "congestion_control", "hedging", "object_store");
            storage.Done();
        }
        section.Ignore("entries lie in the folder logs of the server's data folder, see --data", "path_prefix");
        section.Ignore(
            "one process has no ring and no copies", "replication_factor", "ring", "instance_interface_names", "instance_addr",
            "instance_enable_ipv6", "persist_tokens");
        section.Ignore("there is no other process to call", "compactor_address", "compactor_grpc_address");
        section.Done();
        return rules;
    }
}
