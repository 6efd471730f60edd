using System.Net.Sockets;
using System.Text;
using MimeKit;
using Pharos.Alerting.Notifications;
using Pharos.Alerting.Receivers.Email;
using Pharos.Alerting.Tests.Templates;
using Pharos.Storage.Model;

namespace Pharos.Alerting.Tests.Receivers;

public sealed class EmailNotifierTests
{
    private const string Password = "p4ssw0rd-x";

    [Fact]
    public async Task A_mail_carries_headers_and_html()
    {
        await using var server = new FakeSmtpServer("AUTH PLAIN LOGIN");
        var result = await Send(server, Options(server) with { AuthUsername = "me", AuthPassword = Secret.Inline(Password), Hello = "pharos.example" });
        Assert.Equal(NotifyResult.Sent, result with { Exchange = null });
        Assert.Equal("EHLO pharos.example", server.Commands[0]);
        Assert.Contains("AUTH PLAIN " + Convert.ToBase64String(Encoding.UTF8.GetBytes("\0me\0" + Password)), server.Commands);
        Assert.Contains(server.Commands, static c => c.StartsWith("MAIL FROM:<alerts@example.org>", StringComparison.Ordinal));
        Assert.Equal(["RCPT TO:<a@example.org>", "RCPT TO:<b@example.org>"], server.Commands.Where(static c => c.StartsWith("RCPT", StringComparison.Ordinal)));
        var mail = Read(server.Data);
        Assert.Equal("[FIRING:2] HighLoad (api critical)", mail.Subject);
        Assert.Equal("multipart/alternative", mail.Body!.ContentType.MimeType);
        Assert.Null(mail.TextBody);
        Assert.Contains("über &lt;b&gt;90%", mail.HtmlBody, StringComparison.Ordinal);
        Assert.NotEmpty(mail.MessageId!);
        Assert.Contains("Content-Transfer-Encoding: quoted-printable", server.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subject_and_body_keys_make_a_plain_mail()
    {
        await using var server = new FakeSmtpServer();
        await Send(server, Options(server) with
        {
            Subject = "🚨 [{{ .Status | toUpper }}] {{ .GroupLabels.alertname }}",
            Body = "{{ range .Alerts }}\nAlert: {{ .Annotations.summary }} ü\n{{ end }}\n",
            Headers = new Dictionary<string, string> { ["priority"] = "high" },
        });
        var mail = Read(server.Data);
        Assert.Equal("🚨 [FIRING] HighLoad", mail.Subject);
        Assert.Equal("high", mail.Headers["Priority"]);
        Assert.Null(mail.HtmlBody);
        Assert.Equal("\nAlert: Load is high ü\n\nAlert: Load is high ü\n\nAlert: Load is high ü\n\n", mail.TextBody!.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Headers_win_over_the_standard_ones_and_a_line_end_makes_no_header()
    {
        await using var server = new FakeSmtpServer();
        await Send(server, Options(server) with
        {
            Subject = "not this",
            Text = "plain {{ .Status }}",
            Headers = new Dictionary<string, string>
            {
                ["subject"] = "mine {{ .Status }}",
                ["To"] = "Team <list@example.org>",
                ["X-Evil"] = "{{ \"a\\r\\nBcc: x@example.org\" }}",
            },
            Threading = new EmailThreadingOptions(Enabled: true),
        });
        var mail = Read(server.Data);
        Assert.Equal("mine firing", mail.Subject);
        Assert.Equal("list@example.org", mail.To.Mailboxes.Single().Address);
        Assert.Equal("a Bcc: x@example.org", mail.Headers["X-Evil"]);
        Assert.Empty(mail.Bcc);
        Assert.Matches("^<alert-[0-9a-f]{16}-2026-03-01@alertmanager>$", mail.Headers["References"]);
        Assert.Equal("plain firing", mail.TextBody!.Trim());
        Assert.NotNull(mail.HtmlBody);
        Assert.Contains("RCPT TO:<a@example.org>", server.Commands);
        Assert.StartsWith("Sun, 01 Mar 2026 12:00:00 +0000", mail.Headers["Date"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_starttls_is_refused_by_default()
    {
        await using var server = new FakeSmtpServer();
        var result = await Send(server, Options(server) with { RequireTls = true });
        Assert.Equal(NotifyOutcome.Retry, result.Outcome);
        Assert.Contains("does not advertise the STARTTLS extension", result.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Commands, static c => c.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusals_are_judged_and_name_no_password()
    {
        var credentials = static (FakeSmtpServer server) => Options(server) with { AuthUsername = "me", AuthPassword = Secret.Inline(Password) };
        await using var denying = new FakeSmtpServer("AUTH PLAIN");
        denying.Answers["AUTH"] = "535 no such user " + Password;
        var denied = await Send(denying, credentials(denying));
        Assert.Equal(NotifyOutcome.Retry, denied.Outcome);
        Assert.DoesNotContain(Password, denied.Reason, StringComparison.Ordinal);

        await using var busy = new FakeSmtpServer();
        busy.Answers["MAIL"] = "451 later " + Password;
        var later = await Send(busy, credentials(busy));
        Assert.Equal(NotifyOutcome.Retry, later.Outcome);
        Assert.Contains("451", later.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, later.Reason, StringComparison.Ordinal);

        await using var strict = new FakeSmtpServer();
        strict.Answers["RCPT"] = "550 nobody here";
        Assert.Equal(NotifyOutcome.Failed, (await Send(strict, Options(strict))).Outcome);

        await using var any = new FakeSmtpServer();
        Assert.Equal(NotifyOutcome.Failed, (await Send(any, Options(any) with { To = "{{ .Status }}" })).Outcome);
    }

    [Theory]
    [InlineData("AUTH CRAM-MD5 PLAIN", "AUTH PLAIN", true, false)]
    [InlineData("AUTH LOGIN PLAIN", "AUTH LOGIN", true, false)]
    [InlineData("AUTH PLAIN LOGIN", "AUTH PLAIN", true, true)]
    public async Task The_servers_first_mechanism_that_is_possible_is_taken(string offered, string taken, bool password, bool secret)
    {
        await using var server = new FakeSmtpServer(offered);
        server.Answers["AUTH LOGIN"] = "535 no";
        await Send(server, Options(server) with
        {
            AuthUsername = "me",
            AuthPassword = password ? Secret.Inline(Password) : null,
            AuthSecret = secret ? Secret.Inline(Password) : null,
        });
        Assert.Contains(server.Commands, command => command.StartsWith(taken, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mechanism_that_nothing_is_given_for_is_named()
    {
        await using var server = new FakeSmtpServer("AUTH CRAM-MD5 GSSAPI");
        var result = await Send(server, Options(server) with { AuthUsername = "me", AuthPassword = Secret.Inline(Password) });
        Assert.Equal(NotifyOutcome.Retry, result.Outcome);
        Assert.Contains("missing secret for CRAM-MD5 auth mechanism", result.Reason, StringComparison.Ordinal);
        Assert.Contains("unknown auth mechanism: GSSAPI", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Credentials_whose_file_is_missing_are_named_before_anyone_is_called()
    {
        await using var server = new FakeSmtpServer("AUTH PLAIN");
        var result = await Send(server, Options(server) with { AuthUsername = "me", AuthPassword = Secret.FromFile("/nonexistent/password") });
        Assert.Equal(NotifyOutcome.Retry, result.Outcome);
        Assert.Contains("/nonexistent/password", result.Reason, StringComparison.Ordinal);
        Assert.Empty(server.Commands);
    }

    [Theory]
    [InlineData("421 4.3.2 later", NotifyOutcome.Retry)]
    [InlineData("452 4.2.2 full", NotifyOutcome.Retry)]
    [InlineData("552 5.3.4 too large", NotifyOutcome.Failed)]
    [InlineData("554 5.7.1 spam", NotifyOutcome.Failed)]
    [InlineData("what?", NotifyOutcome.Retry)]
    public async Task The_verdict_on_the_mail_counts(string verdict, NotifyOutcome expected)
    {
        await using var server = new FakeSmtpServer { Verdict = verdict };
        Assert.Equal(expected, (await Send(server, Options(server))).Outcome);
    }

    [Theory]
    [InlineData("", "220 fake ESMTP")]
    [InlineData("EHLO", "220 fake ESMTP")]
    [InlineData("MAIL", "220 fake ESMTP")]
    [InlineData("DATA", "220 fake ESMTP")]
    [InlineData(null, "554 go away")]
    [InlineData(null, "HTTP/1.1 400 Bad Request")]
    public async Task A_server_that_falls_silent_or_speaks_otherwise_is_asked_again(string? silentAt, string greeting)
    {
        await using var server = new FakeSmtpServer { FallsSilentAt = silentAt, Greeting = greeting };
        var result = await Send(server, Options(server) with { Timeout = TimeSpan.FromMilliseconds(400) });
        Assert.Equal(NotifyOutcome.Retry, result.Outcome);
    }

    [Theory]
    [InlineData("EHLO", NotifyOutcome.Retry)]
    [InlineData("MAIL", NotifyOutcome.Retry)]
    [InlineData("RCPT", NotifyOutcome.Retry)]
    [InlineData("DATA", NotifyOutcome.Retry)]
    [InlineData("QUIT", NotifyOutcome.Sent)]
    public async Task A_cut_connection_loses_the_mail_only_before_it_is_taken(string cutsAt, NotifyOutcome expected)
    {
        await using var server = new FakeSmtpServer { CutsAt = cutsAt };
        Assert.Equal(expected, (await Send(server, Options(server))).Outcome);
    }

    [Fact]
    public async Task A_cancelled_attempt_and_a_dead_server_may_be_repeated()
    {
        await using var server = new FakeSmtpServer();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        Assert.Equal(NotifyOutcome.Retry, (await Notifier(Options(server)).NotifyAsync(Some.Notification, cancelled.Token)).Outcome);

        using var closed = new TcpListener(System.Net.IPAddress.Loopback, 0);
        closed.Start();
        var port = ((System.Net.IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        Assert.Equal(NotifyOutcome.Retry, (await Notifier(Options(server) with { SmarthostPort = port }).NotifyAsync(Some.Notification, CancellationToken.None)).Outcome);
    }

    [Fact]
    public async Task A_broken_template_sends_plain_text()
    {
        await using var server = new FakeSmtpServer();
        var result = await Send(server, Options(server) with { Html = "{{ .Nope }}", Subject = "{{ nofunc }}" });
        Assert.Equal(NotifyOutcome.Sent, result.Outcome);
        Assert.StartsWith("subject: ", result.TemplateProblem, StringComparison.Ordinal);
        var mail = Read(server.Data);
        Assert.Equal("[FIRING:2] HighLoad", mail.Subject);
        Assert.Contains("Load is high", mail.TextBody, StringComparison.Ordinal);
    }

    private static EmailOptions Options(FakeSmtpServer server) => new()
    {
        To = "a@example.org, Bé <b@example.org>",
        From = "alerts@example.org",
        SmarthostHost = "127.0.0.1",
        SmarthostPort = server.Port,
        RequireTls = false,
    };

    private static EmailNotifier Notifier(EmailOptions options) =>
        new(options, Make.Setup(new HttpClient(), time: new StoppedClock()));

    private static async Task<NotifyResult> Send(FakeSmtpServer server, EmailOptions options)
    {
        _ = server;
        return await Notifier(options).NotifyAsync(Some.Notification, CancellationToken.None);
    }

    private static MimeMessage Read(string data) => MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(data)));

    private sealed class StoppedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => Some.Now;
    }
}
