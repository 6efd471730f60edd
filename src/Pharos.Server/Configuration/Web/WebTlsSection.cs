using System.Net.Security;
using System.Security.Authentication;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Web;

/// <summary>Reads <c>tls_server_config</c>.</summary>
internal static class WebTlsSection
{
    // TLS 1.0 and 1.1 are what an old client may need; the user chose them by name.
#pragma warning disable CA5397, CS0618, SYSLIB0039
    private static readonly (string Name, SslProtocols Protocol)[] Versions =
    [
        ("TLS10", SslProtocols.Tls), ("TLS11", SslProtocols.Tls11), ("TLS12", SslProtocols.Tls12), ("TLS13", SslProtocols.Tls13),
    ];
#pragma warning restore CA5397, CS0618, SYSLIB0039

    private const int Tls12 = 2;

    private static readonly string[] Curves = ["CurveP256", "CurveP384", "CurveP521", "X25519", "X25519MLKEM768"];

    /// <returns>Null where the section asks for nothing, as one of empty values does.</returns>
    public static WebTlsConfig? Read(YamlMappingReader section)
    {
        var certificate = ReadPem(section, "cert", secret: false);
        var key = ReadPem(section, "key", secret: true);
        var clientCa = ReadPem(section, "client_ca", secret: false);
        var clientAuth = ReadClientAuth(section);
        var config = new WebTlsConfig
        {
            Certificate = certificate ?? Secret.Inline(""),
            Key = key ?? Secret.Inline(""),
            ClientCa = clientCa,
            ClientAuth = clientAuth,
            ClientAllowedSans = section.Texts("client_allowed_sans"),
            Protocols = ReadProtocols(section),
            CipherSuites = ReadSuites(section),
        };
        ReadCurves(section);
        section.OptionalFlag("prefer_server_cipher_suites");
        section.KeyOf("prefer_server_cipher_suites")?.Report(ConfigSeverity.Information, ConfigProblemKind.NotHonoured,
            "the TLS library orders the suites by itself, as Go's does");
        section.Done();
        if (certificate is null && key is null && clientCa is null && clientAuth == ClientAuthType.NoClientCert)
        {
            return null;
        }
        section.ErrorUnless(certificate is not null, "cert_file", "missing one of cert or cert_file");
        section.ErrorUnless(key is not null, "key_file", "missing one of key or key_file");
        section.ErrorUnless(clientCa is null || clientAuth != ClientAuthType.NoClientCert, "client_ca_file",
            "Client CA's have been configured without a Client Auth Policy");
        return config;
    }

    private static Secret? ReadPem(YamlMappingReader section, string key, bool secret)
    {
        var inline = section.Find(key, secret)?.AsText() is { Length: > 0 } text ? Secret.Inline(text) : null;
        var fileKey = $"{key}_file";
        var file = section.Text(fileKey);
        section.ErrorUnless(inline is null || file.Length == 0, fileKey, $"only one of {key} or {fileKey} can be specified");
        if (inline is not null || file.Length == 0)
        {
            return inline;
        }
        var path = section.Reading.Resolve(file);
        section.ErrorUnless(File.Exists(path), fileKey, $"open {path}: no such file or directory");
        return Secret.FromFile(path);
    }

    private static ClientAuthType ReadClientAuth(YamlMappingReader section)
    {
        if (section.Find("client_auth_type") is not { } value || value.AsText() is not { Length: > 0 } name)
        {
            return ClientAuthType.NoClientCert;
        }
        // The toolkit's older name for it.
        name = name == "RequireClientCert" ? nameof(ClientAuthType.RequireAnyClientCert) : name;
        if (Enum.TryParse<ClientAuthType>(name, out var type) && Enum.GetNames<ClientAuthType>().Contains(name))
        {
            return type;
        }
        value.Error($"Invalid ClientAuth: {name}");
        return ClientAuthType.NoClientCert;
    }

    private static SslProtocols ReadProtocols(YamlMappingReader section)
    {
        var min = ReadVersion(section, "min_version") ?? Tls12;
        var max = ReadVersion(section, "max_version") ?? Versions.Length - 1;
        section.ErrorUnless(min <= max, "max_version", "max_version is lower than min_version");
        var protocols = SslProtocols.None;
        for (var i = min; i <= max; i++)
        {
            protocols |= Versions[i].Protocol;
        }
        return protocols;
    }

    private static int? ReadVersion(YamlMappingReader section, string key) => section.Find(key)?.Parsed("a TLS version",
        static text => Array.FindIndex(Versions, version => version.Name == text) is var at && at >= 0 ? at : (int?)null,
        static text => $"unknown TLS version: {text}");

    private static List<TlsCipherSuite> ReadSuites(YamlMappingReader section)
    {
        var suites = new List<TlsCipherSuite>();
        foreach (var item in section.List("cipher_suites"))
        {
            if (item.AsText() is not { } name)
            {
                continue;
            }
            // Go's older names leave out the hash of the ChaCha20 suites.
            var standard = name.EndsWith("CHACHA20_POLY1305", StringComparison.Ordinal) ? $"{name}_SHA256" : name;
            if (Enum.TryParse<TlsCipherSuite>(standard, out var suite) && Enum.IsDefined(suite) && !char.IsAsciiDigit(name.FirstOrDefault()))
            {
                suites.Add(suite);
            }
            else
            {
                item.Error($"unknown cipher: {name}");
            }
        }
        if (suites.Count > 0 && !OperatingSystem.IsLinux())
        {
            section.KeyOf("cipher_suites")!.NotHonoured("this system chooses the cipher suites by itself");
        }
        return suites;
    }

    private static void ReadCurves(YamlMappingReader section)
    {
        foreach (var item in section.List("curve_preferences"))
        {
            if (item.AsText() is { } name && !Curves.Contains(name, StringComparer.Ordinal))
            {
                item.Error($"unknown curve: {name}");
            }
        }
        section.KeyOf("curve_preferences")?.NotHonoured("the TLS library chooses the curve by itself");
    }
}
