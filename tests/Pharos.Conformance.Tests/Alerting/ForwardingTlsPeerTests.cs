using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pharos.Conformance.Tests.Peers;
using Pharos.Server.Tests.Security;

namespace Pharos.Conformance.Tests.Alerting;

/// <summary>Alerts of the rules go to real Alertmanagers that want TLS, a client's certificate and a password, and that a file names
/// which changes.</summary>
public sealed class ForwardingTlsPeerTests : IAsyncDisposable
{
    private const string Alertmanager = "/usr/bin/prometheus-alertmanager";
    private const string Password = "test";

    /// <summary>Of the password, from the documentation of Prometheus' web configuration.</summary>
    private const string PasswordHash = "$2b$12$hNf2lSsxfm0.i4a.1kVpSOVyBCfIB51VRjgBUyv6kdnyTlgWj81Ay";

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-forwarding-tls").FullName;
    private readonly WebhookSink _sink = new();
    private readonly TestAuthority _authority = new();

    public async ValueTask DisposeAsync()
    {
        await _sink.DisposeAsync();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Alerts_go_over_tls_to_whom_the_file_names_now()
    {
        PeerProcess.Need(Alertmanager, PeerProcess.Pharos);
        WriteCertificates();
        Uri[] peersAt = [At("https"), At("https")];
        var (oursAt, end) = (At("http"), DateTimeOffset.UtcNow.AddSeconds(22));
        await using var first = await StartAsync("first", peersAt[0]);
        await using var second = await StartAsync("second", peersAt[1]);
        Write("rules.yml", $"groups: [{{name: g, interval: 200ms, rules: [{{alert: Late, expr: 'vector(time()) < {end.ToUnixTimeSeconds()}'}}]}}]\n");
        Write("prometheus.yml", $$"""
            rule_files: [rules.yml]
            alerting:
              alertmanagers:
                - scheme: https
                  basic_auth: {username: pharos, password: {{Password}} }
                  tls_config: {ca_file: ca.pem, cert_file: client.pem, key_file: client.key}
                  file_sd_configs: [{files: ['{{_folder}}/targets.json']}]
                # Nobody says whom to trust there.
                - scheme: https
                  static_configs: [{targets: ['localhost:{{peersAt[0].Port}}']}]
            """);
        await using var ours = await PeerProcess.ServeAsync(PeerProcess.Pharos, new Uri(oursAt, "/-/ready"), "serve", $"--config.file={_folder}/prometheus.yml",
            $"--data={_folder}/data", $"--web.listen-address={oursAt.Authority}", "--rules.alert.resend-delay=1s", "--log.level=debug");
        using var client = new HttpClient { BaseAddress = oursAt };

        Name(peersAt[0]);
        await UntilAsync(() => Task.FromResult(Told("/first") == "firing"), ours);
        Assert.Equal("", Told("/second"));
        Name(peersAt[1]);
        await UntilAsync(() => Task.FromResult(Told("/second") == "firing"), ours);
        var known = await client.GetStringAsync("/api/v1/alertmanagers", TestContext.Current.CancellationToken);
        Assert.Contains($"{peersAt[1]}api/v2/alerts", known, StringComparison.Ordinal);
        Assert.DoesNotContain($"{peersAt[0]}api/v2/alerts", known, StringComparison.Ordinal);
        // The last word goes to the one that is named then.
        await UntilAsync(() => Task.FromResult(Told("/second") == "firing resolved"), ours);
        var resolved = _sink.Taken.Last(static taken => taken.Path == "/second").Message["alerts"]![0]!;
        Assert.InRange(DateTimeOffset.Parse((string)resolved["endsAt"]!), end.AddSeconds(-1), end.AddSeconds(3));

        var metrics = (await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken)).Split('\n');
        double Of(string name, string alertmanager) => metrics.Where(line => line.StartsWith($"prometheus_notifications_{name}_total{{", StringComparison.Ordinal)
            && line.Contains(alertmanager, StringComparison.Ordinal)).Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..]));
        Assert.True(Of("errors", "https://localhost:") > 0, string.Join('\n', metrics.Where(line => line.Contains("prometheus_notifications", StringComparison.Ordinal))));
        Assert.Equal(0, Of("errors", peersAt[1].Authority));
        // Once a second it is told again, also between the two questions.
        Assert.InRange((await PeerCountAsync(peersAt[1])).Sum(), Of("sent", peersAt[1].Authority), Of("sent", peersAt[1].Authority) + 10);
        Assert.DoesNotContain(ours.Lines, static line => line.Contains("PRIVATE KEY", StringComparison.Ordinal)
            || line.Contains(Convert.ToBase64String(Encoding.UTF8.GetBytes($"pharos:{Password}")), StringComparison.Ordinal));
    }

    private static Uri At(string scheme) => new($"{scheme}://127.0.0.1:{PeerProcess.FreePort()}");

    /// <summary>What the webhook took at a path: the states in their order.</summary>
    private string Told(string path) => string.Join(' ', _sink.Taken.Where(taken => taken.Path == path).Select(taken => (string?)taken.Message["status"]));

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    /// <summary>Replaced as a whole, as tools do.</summary>
    private void Name(Uri peer)
    {
        Write("targets.new", $"[{{\"targets\": [\"{peer.Authority}\"]}}]");
        File.Move(Path.Combine(_folder, "targets.new"), Path.Combine(_folder, "targets.json"), overwrite: true);
    }

    private void WriteCertificates()
    {
        Write("ca.pem", _authority.Pem);
        foreach (var name in (string[])["server", "client"])
        {
            var (certificate, key) = _authority.Issue(name, IPAddress.Loopback);
            Write($"{name}.pem", certificate);
            Write($"{name}.key", key);
        }
        Write("web.yml", $$"""
            tls_server_config: {cert_file: server.pem, key_file: server.key, client_ca_file: ca.pem, client_auth_type: RequireAndVerifyClientCert}
            basic_auth_users: {pharos: '{{PasswordHash}}'}
            """);
    }

    private async Task<PeerProcess> StartAsync(string name, Uri at)
    {
        Write($"{name}.yml", $"route: {{receiver: hook, group_wait: 0s, group_interval: 1s}}\n" +
            $"receivers: [{{name: hook, webhook_configs: [{{url: 'http://{_sink.Authority}/{name}'}}]}}]\n");
        using var asking = Asking();
        return await PeerProcess.ServeAsync(asking, Alertmanager, new Uri(at, "/-/ready"), $"--config.file={_folder}/{name}.yml",
            $"--storage.path={_folder}/{name}", $"--web.listen-address={at.Authority}", "--cluster.listen-address=", $"--web.config.file={_folder}/web.yml");
    }

    /// <summary>How many alerts an Alertmanager has received, by status.</summary>
    private async Task<double[]> PeerCountAsync(Uri at)
    {
        using var asking = Asking();
        return [.. (await asking.GetStringAsync(new Uri(at, "/metrics"), TestContext.Current.CancellationToken)).Split('\n')
            .Where(static line => line.StartsWith("alertmanager_alerts_received_total{", StringComparison.Ordinal) && line.Contains("v2", StringComparison.Ordinal))
            .Select(static line => double.Parse(line[(line.LastIndexOf(' ') + 1)..]))];
    }

    private HttpClient Asking()
    {
        using var pem = X509Certificate2.CreateFromPemFile(Path.Combine(_folder, "client.pem"), Path.Combine(_folder, "client.key"));
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.ImportFromPem(_authority.Pem);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = trust;
        handler.SslOptions.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null)];
        var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(5) };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"pharos:{Password}")));
        return client;
    }

    private async Task UntilAsync(Func<Task<bool>> condition, PeerProcess ours)
    {
        var limit = DateTimeOffset.UtcNow.AddSeconds(40);
        while (!await condition())
        {
            Assert.True(DateTimeOffset.UtcNow < limit, $"first: {Told("/first")}; second: {Told("/second")}\n{string.Join('\n', ours.Lines)}");
            await Task.Delay(50);
        }
    }
}
