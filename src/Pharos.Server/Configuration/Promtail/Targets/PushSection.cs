using Pharos.Collection.Shipping.Targets;
using Pharos.Server.Configuration.Yaml;
using Pharos.Server.Outbound;

namespace Pharos.Server.Configuration.Promtail.Targets;

/// <summary>Reads <c>loki_push_api</c>.</summary>
internal static class PushSection
{
    /// <summary>Where Promtail listens that is not told.</summary>
    private const int DefaultPort = 80;

    private const string NoClientCertificate = "NoClientCert";

    private const string NeedsClientCertificate = "RequireAndVerifyClientCert";

    public static SourceOptions Read(YamlMappingReader map)
    {
        var options = new PushSourceOptions
        {
            Port = DefaultPort,
            UsesIncomingTime = map.Flag("use_incoming_timestamp"),
            Labels = PromtailValues.Labels(map, "labels"),
        };
        return map.Mapping("server") is { } server ? ReadServer(server, options) : options;
    }

    private static PushSourceOptions ReadServer(YamlMappingReader server, PushSourceOptions options)
    {
        var port = server.Count("http_listen_port", DefaultPort);
        server.ErrorUnless(port <= System.Net.IPEndPoint.MaxPort, "http_listen_port", $"{port} is no port: 0 to {System.Net.IPEndPoint.MaxPort}");
        var tls = server.Mapping("http_tls_config") is { } section ? ReadTls(section) : null;
        var read = options with
        {
            Host = server.Text("http_listen_address"),
            Port = port,
            MaxConnections = server.Count("http_listen_conn_limit"),
            ReadTimeout = PromtailValues.Period(server, "http_server_read_timeout", options.ReadTimeout),
            IdleTimeout = PromtailValues.Period(server, "http_server_idle_timeout", options.IdleTimeout),
            Tls = tls is null ? null : () => ListenSections.ServerTls(tls),
        };
        ServerKeys.AcceptOthers(server, "a push target has an HTTP address, a limit of connections, timeouts and TLS only");
        return read;
    }

    private static TlsConfig? ReadTls(YamlMappingReader section)
    {
        var (cert, key) = (section.SecretOrFile("cert", "cert_file"), section.SecretOrFile("key", "key_file"));
        var authority = section.SecretOrFile("client_ca", "client_ca_file");
        var clients = section.Text("client_auth_type", NoClientCertificate);
        section.ErrorUnless(cert is not null || key is null, "key_file", "a key needs its certificate: cert_file");
        section.ErrorUnless(key is not null || cert is null, "cert_file", "a certificate needs its key: key_file");
        section.ErrorUnless(clients is NoClientCertificate or NeedsClientCertificate, "client_auth_type",
            $"{YamlValue.Echo(clients)} is neither {NoClientCertificate} nor {NeedsClientCertificate}");
        section.ErrorUnless(authority is not null == (clients == NeedsClientCertificate), "client_auth_type",
            $"client_ca_file and {NeedsClientCertificate} need each other");
        section.Done();
        return cert is null || key is null ? null : new TlsConfig { Cert = cert, Key = key, Ca = authority };
    }
}
