using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using Pharos.Alerting.Notifications;
using Pharos.Storage.Text;

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

    private string Host => $"{_options.SmarthostHost}:{_options.SmarthostPort}";

    private bool UsesImplicitTls => _options.ForceImplicitTls ?? _options.SmarthostPort == ImplicitTlsPort;

    public async ValueTask<NotifyResult> NotifyAsync(Notification notification, CancellationToken cancellation)
    {
        var renderer = new NotificationRenderer(_setup.Templates, notification, Integration, _setup.Logger);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (_options.Timeout > TimeSpan.Zero)
        {
            limited.CancelAfter(_options.Timeout);
        }
        SmtpCredentials credentials;
        try
        {
            credentials = SmtpCredentials.Read(_options);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return NotifyResult.Again(NotifyFailure.Other, problem.Message);
        }
        NotifyExchange? exchange = null;
        try
        {
            using var mail = _composer.Compose(renderer);
            exchange = ExchangeText.Of(mail.Message.ToString(), credentials.Mask);
            if (!_setup.IsRehearsal)
            {
                var answer = await SendAsync(mail, credentials, limited.Token);
                exchange = exchange with { Answer = ExchangeText.Answer(answer, credentials.Mask) };
            }
            return NotifyResult.Sent with { TemplateProblem = renderer.Problem, Exchange = exchange };
        }
        catch (OperationCanceledException)
        {
            var result = cancellation.IsCancellationRequested ? NotifyResult.Again(NotifyFailure.ContextCanceled, "cancelled")
                : NotifyResult.Again(NotifyFailure.ContextDeadlineExceeded, "no answer in time");
            return result with { Exchange = exchange };
        }
        catch (Exception problem) when (problem is not OutOfMemoryException)
        {
            return Judge(problem, credentials) with { Exchange = exchange };
        }
    }

    /// <summary>What the server says goes into the reason; what we say to it (passwords) never does.</summary>
    private NotifyResult Judge(Exception problem, SmtpCredentials credentials) => problem switch
    {
        EmailAddressException => NotifyResult.Never(NotifyFailure.Other, problem.Message),
        SmtpCommandException refused => Judge(refused, credentials),
        AuthenticationException or SaslException => NotifyResult.Again(NotifyFailure.AuthError, $"{Host} refused the credentials"),
        SmtpAuthUnusableException => NotifyResult.Again(NotifyFailure.Other, "find auth mechanism: " + problem.Message),
        NotSupportedException => NotifyResult.Again(NotifyFailure.Other,
            $"'require_tls' is true (default) but {GoQuote.Quote(Host)} does not advertise the STARTTLS extension"),
        SslHandshakeException => NotifyResult.Again(NotifyFailure.Other, $"TLS with {Host} failed: certificate or protocol"),
        SocketException refused => NotifyResult.Again(
            NotifyFailure.Other, $"establish connection to server {Host}: {refused.SocketErrorCode}"),
        SmtpProtocolException => NotifyResult.Again(NotifyFailure.Other, $"{Host} ended the connection or speaks no SMTP"),
        IOException => NotifyResult.Again(NotifyFailure.Other, $"the connection with {Host} was lost"),
        _ => NotifyResult.Again(NotifyFailure.Other, $"{Host}: {problem.GetType().Name}"),
    };

    /// <summary>Alertmanager repeats every refusal. A 5xx about the sender, a recipient or the message is final here: the same
    /// message meets the same answer until the next flush.</summary>
    private NotifyResult Judge(SmtpCommandException refused, SmtpCredentials credentials)
    {
        var status = (int)refused.StatusCode;
        var command = CommandOf(refused);
        var reason = $"{command ?? Host}: {status} {credentials.Redact(refused.Message)}";
        return status < 500 ? NotifyResult.Again(NotifyFailure.ServerError, reason)
            : command is null ? NotifyResult.Again(NotifyFailure.ClientError, reason) : NotifyResult.Never(NotifyFailure.ClientError, reason);
    }

    private static string? CommandOf(SmtpCommandException refused) => refused.ErrorCode switch
    {
        SmtpErrorCode.SenderNotAccepted => "send MAIL command",
        SmtpErrorCode.RecipientNotAccepted => "send RCPT command",
        SmtpErrorCode.MessageNotAccepted => "delivery failure",
        _ => null,
    };

    /// <returns>The server's answer to the message.</returns>
    private async Task<string> SendAsync(ComposedEmail mail, SmtpCredentials credentials, CancellationToken cancellation)
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
            var mayShowPassword = client.IsSecure || IsThisMachine(_options.SmarthostHost);
            await client.AuthenticateAsync(credentials.Choose(client.AuthenticationMechanisms, mayShowPassword), cancellation);
        }
        var answer = await client.SendAsync(mail.Message, mail.Sender, mail.Recipients, cancellation);
        await LeaveAsync(client, cancellation);
        return answer ?? "";
    }

    /// <summary>The mail is taken: what happens to the farewell changes nothing.</summary>
    private async Task LeaveAsync(SmtpClient client, CancellationToken cancellation)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellation);
        }
        catch (Exception problem) when (problem is IOException or ProtocolException or SocketException or OperationCanceledException)
        {
            _setup.Logger.LogDebug("{Host} took the mail and did not say goodbye: {Problem}", Host, problem.GetType().Name);
        }
    }

    private static bool IsThisMachine(string host) => host is "localhost" or "127.0.0.1" or "::1";
}
