using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>Reads <c>tracing</c> for its faults: Prometheus and Alertmanager send spans about themselves, Pharos does not yet.</summary>
internal static class TracingSection
{
    public static void Check(YamlMappingReader section)
    {
        section.ErrorUnless(section.Text("endpoint").Length > 0, "endpoint", "tracing endpoint must be set");
        if (section.Find("client_type") is { } type && type.AsText() is { } client && client is not ("grpc" or "http"))
        {
            type.Error("expected tracing client type to be one of grpc, http");
        }
        if (section.Find("compression") is { } compression && compression.AsText() is { Length: > 0 } name && name != "gzip")
        {
            compression.Error($"invalid compression type {name} provided, valid options: gzip");
        }
        section.Number("sampling_fraction");
        section.Flag("insecure");
        section.Duration("timeout");
        RemoteHeaders.Read(section, "authorization header configuration is not yet supported");
        if (section.Mapping("tls_config") is { } tls)
        {
            TlsSection.Read(tls);
        }
        section.Done();
    }
}
