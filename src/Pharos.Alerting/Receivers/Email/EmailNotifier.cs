using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers.Email;

/// <summary>Sends mail over SMTP: STARTTLS unless it is turned off, TLS from the first byte on port 465.</summary>
public sealed class EmailNotifier : INotifier
{
    private const int ImplicitTlsPort = 465;

    private readonly EmailOptions _options;
    private readonly EmailComposer _composer;
    private readonly ReceiverSetup _setup;

    /// <param name="setup">Its HTTP client is not used.</param>
    public EmailNotifier(EmailOptions options, ReceiverSetup setup)
    {
        _options = options;
        _setup = setup;
        _composer = new EmailComposer(options, setup.Time);
    }

    public string Integration => "email";

    public bool SendResolved => _options.SendResolved;

    private bool UsesImplicitTls => _options.ForceImplicitTls ?? _options.SmarthostPort == ImplicitTlsPort;

    public async ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation)
    {
        var renderer = new NotificationRenderer(_setup.Templates, notification, Integration, _setup.Logger);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (_options.Timeout > TimeSpan.Zero)
        {
            limited.CancelAfter(_options.Timeout);
        }
        try
        {
            using var mail = _composer.Compose(renderer);
            await SendAsync(mail, limited.Token);
            return NotifyResult.Sent with { TemplateProblem = renderer.Problem };
        }
        catch (OperationCanceledException)
        {
            return new NotifyResult(NotifyOutcome.Retry, cancellation.IsCancellationRequested ? "cancelled" : "no answer in time");
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            return Judge(problem);
        }
    }

    /// <summary>What the server says goes into the reason; what we say to it (passwords) never does.</summary>
    private NotifyResult Judge(Exception problem)
    {
        var host = $"{_options.SmarthostHost}:{_options.SmarthostPort}";
        return problem switch
        {
            EmailAddressException => new NotifyResult(NotifyOutcome.Failed, problem.Message),
            SmtpCommandException refused => new NotifyResult(
                (int)refused.StatusCode >= 500 && refused.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.SenderNotAccepted
                    ? NotifyOutcome.Failed : NotifyOutcome.Retry,
                $"{host} answered {(int)refused.StatusCode}: {Redact(refused.Message)}"),
            AuthenticationException or SaslException => new NotifyResult(NotifyOutcome.Retry, $"{host} refused the credentials"),
            NotSupportedException when problem.Message.Contains("STARTTLS", StringComparison.Ordinal) => new NotifyResult(
                NotifyOutcome.Retry, $"'require_tls' is true (default) but {host} does not advertise the STARTTLS extension"),
            NotSupportedException => new NotifyResult(NotifyOutcome.Retry, $"{host} has no authentication mechanism that we can use"),
            SslHandshakeException => new NotifyResult(NotifyOutcome.Retry, $"TLS with {host} failed: certificate or protocol"),
            SocketException or ProtocolException or ServiceNotConnectedException => new NotifyResult(
                NotifyOutcome.Retry, $"{host}: {problem.GetType().Name}"),
            IOException when _options.AuthPassword?.File is { } file && problem.Message.Contains(file, StringComparison.Ordinal) =>
                new NotifyResult(NotifyOutcome.Retry, "the password's file cannot be read: " + file),
            _ => new NotifyResult(NotifyOutcome.Retry, $"{host}: {problem.GetType().Name}"),
        };
    }

    private string Redact(string text)
    {
        foreach (var secret in new[] { _options.AuthPassword, _options.AuthSecret })
        {
            if (secret is { File: null } && secret.Reveal() is { Length: > 0 } value)
            {
                text = text.Replace(value, "<secret>", StringComparison.Ordinal);
            }
        }
        return MessageText.Truncate(text, 300);
    }

    private async Task SendAsync(ComposedEmail mail, CancellationToken cancellation)
    {
        using var client = new SmtpClient { LocalDomain = _options.Hello, CheckCertificateRevocation = false };
        SmtpTls.Apply(_options, client);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(_options.SmarthostHost, _options.SmarthostPort, cancellation);
        var security = UsesImplicitTls ? SecureSocketOptions.SslOnConnect
            : _options.RequireTls ? SecureSocketOptions.StartTls : SecureSocketOptions.None;
        var name = _options.Tls.ServerName.Length > 0 ? _options.Tls.ServerName : _options.SmarthostHost;
        await client.ConnectAsync(socket, name, _options.SmarthostPort, security, cancellation);
        if (_options.AuthUsername.Length > 0 && client.Capabilities.HasFlag(SmtpCapabilities.Authentication))
        {
            await AuthenticateAsync(client, cancellation);
        }
        await client.SendAsync(mail.Message, mail.Sender, mail.Recipients, cancellation);
        await client.DisconnectAsync(quit: true, cancellation);
    }

    /// <summary>The first mechanism that we have the means for: CRAM-MD5 with the secret, PLAIN and LOGIN with the
    /// password.</summary>
    private async Task AuthenticateAsync(SmtpClient client, CancellationToken cancellation)
    {
        var secret = _options.AuthSecret?.Reveal() ?? "";
        var password = _options.AuthPassword?.Reveal() ?? "";
        SaslMechanism? mechanism = secret.Length > 0 && client.AuthenticationMechanisms.Contains("CRAM-MD5")
            ? new SaslMechanismCramMd5(_options.AuthUsername, secret)
            : password.Length > 0 && client.AuthenticationMechanisms.Contains("PLAIN")
            ? Plain(password)
            : password.Length > 0 && client.AuthenticationMechanisms.Contains("LOGIN")
            ? new SaslMechanismLogin(_options.AuthUsername, password) : null;
        await client.AuthenticateAsync(mechanism ?? throw new NotSupportedException("no usable mechanism"), cancellation);
    }

    private SaslMechanismPlain Plain(string password)
    {
        var plain = new SaslMechanismPlain(_options.AuthUsername, password);
        if (_options.AuthIdentity.Length > 0)
        {
            plain.AuthorizationId = _options.AuthIdentity;
        }
        return plain;
    }
}
