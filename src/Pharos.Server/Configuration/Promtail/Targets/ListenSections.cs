using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Pharos.Collection.Shipping.Targets;
using Pharos.Server.Configuration.Alertmanager;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Promtail.Targets;

/// <summary>Reads <c>gelf</c> and <c>journal</c>, and what they share with others.</summary>
internal static class ListenSections
{
    public static SourceOptions? ReadGelf(YamlMappingReader map)
    {
        var address = Address(map, "listen_address", new HostAndPort("0.0.0.0", 12201));
        return address is null ? null : new GelfSourceOptions
        {
            Host = address.Host,
            Port = address.Port,
            UsesIncomingTime = map.Flag("use_incoming_timestamp"),
            Labels = PromtailValues.Labels(map, "labels"),
        };
    }

    public static SourceOptions ReadJournal(YamlMappingReader map) => new JournalSourceOptions
    {
        MaxAge = PromtailValues.Period(map, "max_age", TimeSpan.FromHours(7)),
        AsJson = map.Flag("json"),
        Path = map.Text("path"),
        Matches = map.Text("matches"),
        Labels = PromtailValues.Labels(map, "labels"),
        UsesIncomingTime = true,
    };

    /// <summary>Null where the address is wrong or missing without a default, which is then reported.</summary>
    public static HostAndPort? Address(YamlMappingReader map, string key, HostAndPort? otherwise)
    {
        if (map.Find(key) is { } value)
        {
            return HostAndPort.Read(value);
        }
        if (otherwise is null)
        {
            map.Owner.Error($"{key} is missing");
        }
        return otherwise;
    }

    /// <summary>The server's side of TLS; files are read at each connection, so that renewed certificates hold.</summary>
    public static SslServerAuthenticationOptions ServerTls(TlsConfig tls)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificate = X509Certificate2.CreateFromPem(tls.Cert!.Reveal(), tls.Key!.Reveal()),
            EnabledSslProtocols = tls.Protocols,
            ClientCertificateRequired = tls.Ca is not null,
        };
        if (tls.Ca is { } authority)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPem(authority.Reveal());
            options.CertificateChainPolicy = policy;
        }
        return options;
    }
}
