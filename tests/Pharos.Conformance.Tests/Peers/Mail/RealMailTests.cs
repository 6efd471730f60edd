using System.Globalization;
using System.Net.Http.Json;
using MimeKit;

namespace Pharos.Conformance.Tests.Peers.Mail;

/// <summary>Mail through a real server with TLS and credentials, from the real executable and from a real Alertmanager.</summary>
public sealed class RealMailTests
{
    private const string Alertmanager = "/usr/bin/prometheus-alertmanager";
    private static readonly string[] Mechanisms = ["plain", "login", "cram-md5"];

    [Fact]
    public async Task Both_send_the_same_mail_by_every_mechanism()
    {
        PeerProcess.Need(Alertmanager, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-mail").FullName;
        try
        {
            await using var server = await MailServer.StartAsync(folder);
            var (peerAt, oursAt) = (Address(), Address());
            await using var peer = await PeerProcess.ServeAsync(
                Alertmanager, new Uri(peerAt, "/-/ready"), $"--config.file={await ConfigAsync(folder, "peer", server)}", $"--storage.path={folder}/am",
                $"--web.listen-address={peerAt.Authority}", "--cluster.listen-address=", "--web.external-url=http://monitoring.example/", "--web.route-prefix=/");
            await using var ours = await ServeAsync(oursAt, await ConfigAsync(folder, "ours", server), folder);
            foreach (var address in (Uri[])[peerAt, oursAt])
            {
                await PostAsync(address, "npa", "mca");
            }
            foreach (var mechanism in Mechanisms)
            {
                var own = (await server.WaitAsync(1, mail => mail.Server == mechanism && mail.To.Contains("ours@example.org")))[0];
                // Alertmanager knows two words by which a server may ask for LOGIN's parts, and this server uses others.
                var compared = mechanism == "login" ? "plain" : mechanism;
                var theirs = (await server.WaitAsync(1, mail => mail.Server == compared && mail.To.Contains("peer@example.org")))[0];
                Assert.Equal(Describe(theirs with { Mechanism = own.Mechanism }, "peer"), Describe(own, "ours"));
                Assert.True(own.Tls);
                Assert.Equal(mechanism.ToUpperInvariant(), own.Mechanism);
            }
            Assert.DoesNotContain(ours.Lines, static line => line.Contains(MailServer.Password, StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Implicit_TLS_threads_and_the_default_mail_arrive()
    {
        PeerProcess.Need(PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-mail").FullName;
        try
        {
            await using var server = await MailServer.StartAsync(folder);
            var config = await WriteAsync(folder, "implicit", $$$"""
                - smarthost: 'localhost:{{{server.PortOf("implicit")}}}'
                  force_implicit_tls: true
                  from: 'Wächter <alerts@example.org>'
                  to: 'Änne <a@example.org>, b@example.org'
                  auth_username: '{{{MailServer.User}}}'
                  auth_password: '{{{MailServer.Password}}}'
                  tls_config: {ca_file: '{{{server.Certificate}}}'}
                  threading: {enabled: true, thread_by_date: none}
                  text: '{{ range .Alerts }}{{ .Annotations.summary }} ü {{ end }}'
                """);
            var at = Address();
            await using var ours = await ServeAsync(at, config, folder);
            await PostAsync(at, "npa");
            var mail = (await server.WaitAsync(1, static mail => mail.Server == "implicit"))[0];
            Assert.True(mail.Tls);
            Assert.Equal(["a@example.org", "b@example.org"], mail.To);
            var message = mail.Read();
            Assert.Equal("Wächter", message.From.Mailboxes.Single().Name);
            Assert.Equal("[FIRING:1] AgentDown (npa critical)", message.Subject);
            Assert.Matches("^<alert-[0-9a-f]{16}-@alertmanager>$", message.Headers["References"]);
            Assert.Equal(message.Headers["References"], message.Headers["In-Reply-To"]);
            Assert.Equal(["text/plain", "text/html"], ((Multipart)message.Body!).Select(static part => part.ContentType.MimeType));
            Assert.Contains("Agent <npa> is down ü", message.TextBody, StringComparison.Ordinal);
            Assert.Contains("Agent &lt;npa&gt; is down", message.HtmlBody, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("an unknown certificate", "", MailServer.Password, "certificate")]
    [InlineData("another name", "trusted", MailServer.Password, "certificate", "server_name: mail.example.org, ")]
    [InlineData("a wrong password", "trusted", "wr0ng-p4ssw0rd", "refused the credentials")]
    public async Task A_refusal_is_told_without_the_password(string what, string trust, string password, string reason, string tls = "")
    {
        PeerProcess.Need(PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-mail").FullName;
        try
        {
            await using var server = await MailServer.StartAsync(folder);
            var ca = trust.Length > 0 ? $"ca_file: '{server.Certificate}'" : "";
            var config = await WriteAsync(folder, "refused", $$"""
                - smarthost: 'localhost:{{server.PortOf("plain")}}'
                  from: alerts@example.org
                  to: a@example.org
                  auth_username: '{{MailServer.User}}'
                  auth_password: '{{password}}'
                  tls_config: { {{tls}}{{ca}} }
                """);
            var at = Address();
            await using var ours = await ServeAsync(at, config, folder, "--log.level=debug");
            await PostAsync(at, "npa");
            for (var attempt = 0; attempt < 400 && !ours.Lines.Any(line => line.Contains(reason, StringComparison.Ordinal)); attempt++)
            {
                await Task.Delay(25);
            }
            Assert.Contains(ours.Lines, line => line.Contains(reason, StringComparison.Ordinal));
            Assert.DoesNotContain(ours.Lines, line => line.Contains(password, StringComparison.Ordinal));
            Assert.True(server.Mails.Count == 0, what);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<PeerProcess> ServeAsync(Uri at, string config, string folder, params string[] more) => PeerProcess.ServeAsync(
        PeerProcess.Pharos, new Uri(at, "/-/ready"), ["serve", $"--alertmanager.config.file={config}", $"--data={folder}/data",
            $"--web.listen-address={at.Authority}", "--web.external-url=http://monitoring.example/", "--web.route-prefix=/", .. more]);

    private static async Task PostAsync(Uri address, params string[] agents)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var answer = await client.PostAsJsonAsync("/api/v2/alerts", agents.Select(static agent => new
        {
            labels = new { alertname = "AgentDown", severity = "critical", agent },
            annotations = new { summary = $"Agent <{agent}> is down" },
            generatorURL = "http://prometheus.example/graph?g0.expr=up",
        }));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Everything of a mail that both are bound to make alike.</summary>
    private static string Describe(ReceivedMail mail, string name)
    {
        var message = mail.Read();
        var headers = message.Headers.Where(static header => header.Field is not ("Message-Id" or "Date" or "Content-Type" or "X-Peer"))
            .Select(static header => $"{header.Field}: {header.Value}").Order(StringComparer.Ordinal);
        var parts = ((Multipart)message.Body!).OfType<TextPart>().Select(static part =>
            $"{part.ContentType.MimeType} {part.ContentType.Charset?.ToUpperInvariant()} {part.ContentTransferEncoding}\n{part.Text.ReplaceLineEndings("\n")}");
        Assert.Matches("^<?[^<>@]+@[^<>@]+>?$", message.Headers["Message-Id"]);
        Assert.True(DateTimeOffset.TryParseExact(message.Headers["Date"], "ddd, dd MMM yyyy HH:mm:ss zzz",
            CultureInfo.InvariantCulture, DateTimeStyles.None, out _), message.Headers["Date"]);
        return $"{mail.Hello} {mail.Tls} {mail.Mechanism} {mail.From} {string.Join(',', mail.To)} {message.Body!.ContentType.MimeType}\n"
            .Replace(name, "NAME", StringComparison.Ordinal)
            + string.Join('\n', headers).Replace(name, "NAME", StringComparison.Ordinal) + "\n" + string.Join('\n', parts);
    }

    private static Task<string> ConfigAsync(string folder, string name, MailServer server) => WriteAsync(folder, name, string.Concat(
        Mechanisms.Select(mechanism => $$$"""

            - smarthost: 'localhost:{{{server.PortOf(mechanism)}}}'
              hello: pharos.example
              from: alerts@example.org
              to: '{{{name}}}@example.org, second@example.org'
              auth_username: '{{{MailServer.User}}}'
              {{{(mechanism == "cram-md5" ? "auth_secret" : "auth_password")}}}: '{{{MailServer.Password}}}'
              tls_config: {ca_file: '{{{server.Certificate}}}'}
              headers:
                Subject: 'Ärger: {{ .GroupLabels.alertname }} {{ .Status }}'
                x-team: platform
              text: "{{ range .Alerts }}{{ .Labels.agent }}: {{ .Annotations.summary }} größer\n.{{ end }}\n.\nend = {{ len .Alerts }}"
              html: '<p title="{{ .CommonLabels.severity }}">{{ range .Alerts }}<b>{{ .Annotations.summary }}</b> größer<br>{{ end }}</p>'
            """)));

    private static async Task<string> WriteAsync(string folder, string name, string emails)
    {
        var file = Path.Combine(folder, $"{name}.yml");
        await File.WriteAllTextAsync(file, $"""
            route: {"{"}receiver: mail, group_by: [alertname], group_wait: 300ms, group_interval: 5m{"}"}
            receivers:
            - name: mail
              email_configs:
              {emails.Trim('\n').Replace("\n", "\n  ", StringComparison.Ordinal)}
            """);
        return file;
    }

    private static Uri Address() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");
}
