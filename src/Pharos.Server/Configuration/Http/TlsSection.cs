using System.Security.Authentication;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Http;

/// <summary>Reads <c>tls_config</c>.</summary>
internal static class TlsSection
{
    // TLS 1.0 and 1.1 are what an old target may ask for; the user chose them by name.
#pragma warning disable CA5397, CS0618, SYSLIB0039
    private static readonly (string Name, SslProtocols Protocol)[] Versions =
    [
        ("TLS10", SslProtocols.Tls), ("TLS11", SslProtocols.Tls11), ("TLS12", SslProtocols.Tls12), ("TLS13", SslProtocols.Tls13),
    ];
#pragma warning restore CA5397, CS0618, SYSLIB0039

    public static TlsConfig Read(YamlMappingReader section)
    {
        var config = new TlsConfig
        {
            Ca = section.SecretOrFile("ca", "ca_file"),
            Cert = section.SecretOrFile("cert", "cert_file"),
            Key = section.SecretOrFile("key", "key_file"),
            ServerName = section.Text("server_name"),
            InsecureSkipVerify = section.Flag("insecure_skip_verify"),
            Protocols = ReadProtocols(section),
        };
        section.NotHonoured("ca_ref", "there is no secret store to take it from");
        section.NotHonoured("cert_ref", "there is no secret store to take it from");
        section.NotHonoured("key_ref", "there is no secret store to take it from");
        section.ErrorUnless(config.Cert is null || config.Key is not null, "cert",
            "exactly one of key or key_file must be configured when a client certificate is configured");
        section.ErrorUnless(config.Key is null || config.Cert is not null, "key",
            "exactly one of cert or cert_file must be configured when a client key is configured");
        section.Done();
        return config;
    }

    private static SslProtocols ReadProtocols(YamlMappingReader section)
    {
        var min = ReadVersion(section, "min_version");
        var max = ReadVersion(section, "max_version");
        if (min is null && max is null)
        {
            return SslProtocols.None;
        }
        if (min > max)
        {
            section.ErrorAt("max_version", "tls_config.max_version must be greater than or equal to tls_config.min_version if both are specified");
        }
        var protocols = SslProtocols.None;
        for (var i = min ?? 2; i <= (max ?? Versions.Length - 1); i++)
        {
            protocols |= Versions[i].Protocol;
        }
        return protocols;
    }

    private static int? ReadVersion(YamlMappingReader section, string key) =>
        section.Find(key)?.Parsed("a TLS version: TLS10, TLS11, TLS12 or TLS13", static text =>
            Array.FindIndex(Versions, v => v.Name == text) is var at && at >= 0 ? at : (int?)null);
}
