using System.Security.Cryptography;
using Pharos.Alerting.Receivers.Email;
using Pharos.Server.Configuration.Http;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Alertmanager;

/// <summary>Reads one entry of <c>email_configs</c>.</summary>
internal static class EmailSection
{
    public static IntegrationConfig Read(YamlMappingReader map, AlertmanagerGlobal global, HttpClientConfig http)
    {
        var to = map.Text("to");
        var from = map.Text("from", global.SmtpFrom);
        var smarthost = map.Find("smarthost") is { } own ? HostAndPort.Read(own) : global.SmtpSmarthost;
        map.ErrorUnless(to.Length > 0, "to", "missing to address in email config");
        map.ErrorUnless(from.Length > 0, "from", "no global SMTP from set");
        map.ErrorUnless(smarthost is not null || map.Has("smarthost"), "smarthost", "no global SMTP smarthost set");
        var headers = ReadHeaders(map);
        var options = new EmailOptions
        {
            SendResolved = map.Flag("send_resolved"),
            To = to,
            From = from,
            Hello = map.Text("hello", global.SmtpHello),
            SmarthostHost = smarthost?.Host ?? "",
            SmarthostPort = smarthost?.Port ?? 0,
            AuthUsername = map.Text("auth_username", global.SmtpAuthUsername),
            AuthPassword = map.SecretOrFile("auth_password", "auth_password_file") ?? global.SmtpAuthPassword,
            AuthSecret = map.SecretOrFile("auth_secret", "auth_secret_file") ?? global.SmtpAuthSecret,
            AuthIdentity = map.Text("auth_identity", global.SmtpAuthIdentity),
            Headers = headers,
            Html = map.Text("html", EmailOptions.DefaultHtml),
            Text = map.Text("text"),
            Subject = ReadExtension(map, "subject", "write headers: {Subject: ...} for both"),
            Body = ReadExtension(map, "body", "write text: ... (or html: ...) for both"),
            RequireTls = map.Flag("require_tls", global.SmtpRequireTls),
            ForceImplicitTls = map.OptionalFlag("force_implicit_tls") ?? global.SmtpForceImplicitTls,
            Tls = ReadTls(map, global),
            Threading = map.Mapping("threading") is { } threading ? ReadThreading(threading, headers) : new EmailThreadingOptions(),
        };
        return new IntegrationConfig(options, http, setup => new EmailNotifier(options, setup));
    }

    private static string? ReadExtension(YamlMappingReader map, string key, string portable)
    {
        if (map.Find(key) is not { } value)
        {
            return null;
        }
        map.KeyOf(key)!.Extension($"Alertmanager rejects the key {key} in email_configs; it is honoured here; {portable}");
        return value.AsText();
    }

    private static Dictionary<string, string> ReadHeaders(YamlMappingReader map)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in map.Entries("headers"))
        {
            if (value.AsText() is { } text && !headers.TryAdd(name, text))
            {
                value.Error($"duplicate header {YamlValue.Echo(name)} in email config");
            }
        }
        return headers;
    }

    private static SmtpTlsOptions ReadTls(YamlMappingReader map, AlertmanagerGlobal global)
    {
        var section = map.Mapping("tls_config");
        var tls = section is null ? global.SmtpTls : TlsSection.Read(section);
        try
        {
            return new SmtpTlsOptions
            {
                InsecureSkipVerify = tls.InsecureSkipVerify,
                ServerName = tls.ServerName,
                Protocols = tls.Protocols,
                Roots = tls.Ca is { } ca ? TlsHandshake.ReadCertificates(ca.Reveal()) : null,
                ClientCertificates = tls is { Cert: { } cert, Key: { } key } ? TlsHandshake.ReadKeyPair(cert, key) : null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            // The exception of a malformed key could repeat a part of it.
            (section?.Owner ?? map.Owner).Error("a certificate or key of the mail server's tls_config cannot be read");
            return new SmtpTlsOptions();
        }
    }

    private static EmailThreadingOptions ReadThreading(YamlMappingReader section, IReadOnlyDictionary<string, string> headers)
    {
        var enabled = section.Flag("enabled");
        var byDate = section.Text("thread_by_date");
        section.ErrorUnless(!enabled || byDate is "daily" or "none", "thread_by_date", "threading.thread_by_date must be either 'none' or 'daily'");
        foreach (var header in (ReadOnlySpan<string>)["References", "In-Reply-To"])
        {
            section.ErrorUnless(!enabled || !headers.ContainsKey(header), "enabled",
                $"conflicting configuration: threading.enabled conflicts with custom {header} header");
        }
        section.Done();
        return new EmailThreadingOptions(enabled, byDate != "none");
    }
}
