using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MimeKit;

namespace Pharos.Cli.Demo;

/// <summary>A mail server that accepts everything and delivers nothing: RFC 5321 as far as a sending client goes.</summary>
internal sealed class MailSink : IAsyncDisposable
{
    /// <summary>A longer mail is refused with 552.</summary>
    private const int MaxMessageBytes = 10 << 20;

    private readonly TcpListener _listener;
    private readonly SinkMessages _messages;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private MailSink(TcpListener listener, SinkMessages messages)
    {
        _listener = listener;
        _messages = messages;
        _accepting = AcceptAsync();
    }

    public static MailSink Start(int port, SinkMessages messages)
    {
        var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        return new MailSink(listener, messages);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                _ = ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The sink stops.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.Latin1);
                await using var writer = new StreamWriter(stream, Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
                await ConverseAsync(reader, writer);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or FormatException)
            {
                // The client is gone, or sent what is no mail.
            }
        }
    }

    private async Task ConverseAsync(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("220 pharos demo mail sink");
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            var verb = line.Split(' ')[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    await writer.WriteLineAsync($"250-localhost\r\n250-SIZE {MaxMessageBytes}\r\n250-8BITMIME\r\n250 AUTH PLAIN");
                    break;
                case "AUTH":
                    await writer.WriteLineAsync("235 accepted");
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on, end with a dot");
                    await writer.WriteLineAsync(await ReceiveAsync(reader) ? "250 delivered to nobody" : "552 too long");
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 bye");
                    return;
                case "HELO" or "MAIL" or "RCPT" or "RSET" or "NOOP":
                    await writer.WriteLineAsync("250 ok");
                    break;
                default:
                    await writer.WriteLineAsync("502 not known");
                    break;
            }
        }
    }

    private async Task<bool> ReceiveAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_stop.Token) is { } line && line != ".")
        {
            if (text.Length <= MaxMessageBytes)
            {
                // A line that begins with a dot carries a second one.
                text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            }
        }
        if (text.Length > MaxMessageBytes)
        {
            return false;
        }
        using var bytes = new MemoryStream(Encoding.Latin1.GetBytes(text.ToString()));
        Keep(await MimeMessage.LoadAsync(bytes, _stop.Token));
        return true;
    }

    private void Keep(MimeMessage mail)
    {
        var headers = new JsonObject();
        foreach (var header in mail.Headers)
        {
            headers[header.Field] = header.Value;
        }
        var subject = mail.Subject ?? "";
        var resolved = subject.Contains("RESOLVED", StringComparison.OrdinalIgnoreCase);
        _messages.Add(
            "email", subject, mail.TextBody?.Trim() ?? "", resolved ? "resolved" : "firing", mail.To.ToString(),
            new JsonObject { ["headers"] = headers, ["text"] = mail.TextBody, ["html"] = mail.HtmlBody });
    }
}
